//! What is remembered of the device that a session began on.

use std::net::IpAddr;

/// The address and the name of a client, cleaned for lists and logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The client's address; one mapped into IPv6 is the IPv4 address that it stands for.
    pub ip: IpAddr,
    /// What the client calls itself: at most 256 characters, no control characters. `None` if it says nothing.
    pub user_agent: Option<String>,
}

const MAX_CHARACTERS: usize = 256;

impl Device {
    /// Cleans what the client sent. Bytes that are no UTF-8 become U+FFFD: a name that is not quite text is still a name.
    #[must_use]
    pub fn new(ip: IpAddr, user_agent: Option<&[u8]>) -> Self {
        let text = user_agent.map(String::from_utf8_lossy);
        let user_agent = text.map(|text| cleaned(&text));
        let user_agent = user_agent.filter(|text| !text.is_empty());
        Self {
            ip: ip.to_canonical(),
            user_agent,
        }
    }
}

/// Control characters forge log lines, and the invisible ones that turn the direction of writing forge lists.
fn cleaned(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_control() && !is_invisible(*character))
        .take(MAX_CHARACTERS)
        .collect::<String>()
        .trim()
        .to_owned()
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn user_agents_are_cleaned_and_bounded() {
        let sent = |bytes: &[u8]| Device::new(Ipv4Addr::LOCALHOST.into(), Some(bytes)).user_agent;
        let name = |text: &str| sent(text.as_bytes());
        assert_eq!(
            name("curl/8\r\n\u{1b}[31m{}"),
            Some("curl/8[31m{}".to_owned())
        );
        assert_eq!(name("abc\u{202e}fed"), Some("abcfed".to_owned()));
        assert_eq!(name(" \t "), None);
        assert_eq!(sent(b"caf\xe9/1"), Some("caf\u{fffd}/1".to_owned()));
        assert_eq!(name(&"ä".repeat(5000)).unwrap().chars().count(), 256);
        assert_eq!(
            Device::new(Ipv4Addr::LOCALHOST.into(), None).user_agent,
            None
        );
    }

    #[test]
    fn a_mapped_address_is_the_ipv4_address() {
        let mapped = Ipv4Addr::new(192, 0, 2, 1).to_ipv6_mapped();
        assert_eq!(Device::new(mapped.into(), None).ip.to_string(), "192.0.2.1");
    }
}
