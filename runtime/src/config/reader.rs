//! Reads single settings out of the layers and notes what is wrong with each.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use figment::value::Value;
use ipnet::{IpNet, Ipv4Net};
use url::Url;

use super::sources::{Layers, Sources};
use super::{ConfiguredLimits, Environment, Purpose, Refusal, made};
use crate::http::ConnectionLimits;
use crate::limit::{Quota, TierSetting};
use crate::log::Format;
use crate::secret::Secret;
use crate::service::Definition;

/// More connections than one process should be asked to hold.
const MOST_CONNECTIONS: usize = 65_536;
/// The longest that a connection may be left without progress, in seconds.
const LONGEST_TIMEOUT: u64 = 600;

/// All layers, and what reading them has found.
pub(super) struct Reader {
    pub(super) layers: Layers,
    root: PathBuf,
    /// Whether what is missing may be made.
    makes: bool,
}

impl Reader {
    /// Reads all layers. An inspection reads them as production does, and makes nothing.
    pub(super) fn open(sources: &Sources, purpose: Purpose) -> Self {
        let forced = (purpose == Purpose::Inspect).then_some(Environment::Production);
        let layers = Layers::read(sources, forced);
        let makes = layers.environment == Environment::Development && purpose == Purpose::Run;
        Self {
            layers,
            root: sources.root.clone(),
            makes,
        }
    }

    fn refuse(&mut self, key: &'static str, problem: &str) {
        let sentence = format!("`{key}` ({}) {problem}", self.layers.origin(key));
        self.layers.refusals.push(Refusal {
            check: key,
            sentence,
        });
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        match self.layers.figment.find_value(key).ok()? {
            Value::String(_, text) => Some(text),
            _ => {
                self.refuse(key, "must be text");
                None
            }
        }
    }

    /// A list in a file, comma-separated text in a variable.
    fn list(&mut self, key: &'static str) -> Option<Vec<String>> {
        let entries: Option<Vec<String>> = match self.layers.figment.find_value(key).ok()? {
            Value::String(_, text) => text
                .split(',')
                .map(|entry| Some(entry.to_owned()))
                .collect(),
            Value::Array(_, values) => values.into_iter().map(Value::into_string).collect(),
            _ => None,
        };
        if entries.is_none() {
            self.refuse(key, "must be a list of texts");
        }
        let trimmed = entries?.into_iter().map(|entry| entry.trim().to_owned());
        Some(trimmed.filter(|entry| !entry.is_empty()).collect())
    }

    pub(super) fn listen(&mut self) -> Option<SocketAddr> {
        match self.text("listen") {
            Some(text) => self.address("listen", &text),
            None => Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080)),
        }
    }

    /// Where operators are told what was counted; nowhere unless it is set.
    pub(super) fn ops_listen(&mut self) -> Option<SocketAddr> {
        let text = self.text("ops_listen").filter(|text| !text.is_empty())?;
        self.address("ops_listen", &text)
    }

    fn address(&mut self, key: &'static str, text: &str) -> Option<SocketAddr> {
        let address = text.parse().ok();
        if address.is_none() {
            self.refuse(
                key,
                "must be an IP address and a port, as in 127.0.0.1:8080",
            );
        }
        address
    }

    /// The text of the root secrets; development makes one.
    pub(super) fn secret(&mut self) -> Option<Secret<String>> {
        let given = self.text("secret");
        let made = || {
            self.makes
                .then(|| made::secret(&self.root.join("data/secret")))?
        };
        given.or_else(made).map(Secret::new)
    }

    /// The text of the encryption keys; development makes one where fields need it.
    pub(super) fn encryption_keys(&mut self, definition: &Definition) -> Option<Secret<String>> {
        let given = self.text("encryption_keys");
        let makes = self.makes && !definition.encrypted.is_empty();
        let made =
            || makes.then(|| made::encryption_keys(&self.root.join("data/encryption-keys")))?;
        given.or_else(made).map(Secret::new)
    }

    /// The folder of signing keys; development makes one with a key.
    pub(super) fn signing_keys(&mut self) -> PathBuf {
        let folder = self.folder("signing_keys", "data/keys");
        if self.makes {
            made::signing_key(&folder);
        }
        folder
    }

    pub(super) fn folder(&mut self, key: &'static str, default: &str) -> PathBuf {
        let given = self.text(key);
        self.root.join(given.as_deref().unwrap_or(default))
    }

    pub(super) fn database_url(&mut self, definition: &Definition) -> String {
        self.text("database_url")
            .unwrap_or_else(|| format!("sqlite://data/{}.sqlite", definition.name))
    }

    /// The URL that was given; in development the address that is listened on.
    pub(super) fn public_url(&mut self, listen: Option<SocketAddr>) -> Option<Url> {
        let Some(text) = self.text("public_url") else {
            return match self.layers.environment {
                Environment::Development => Url::parse(&format!("http://{}", listen?)).ok(),
                Environment::Production => {
                    self.refuse("public_url", "is missing; set SECAPI_PUBLIC_URL");
                    None
                }
            };
        };
        let url = Url::parse(&text).ok().filter(is_plain);
        if url.is_none() {
            self.refuse(
                "public_url",
                "must be an http(s) URL without credentials, query and fragment",
            );
        }
        url
    }

    /// How many connections, from whom, and for how long.
    pub(super) fn connections(&mut self) -> ConnectionLimits {
        let default = ConnectionLimits::default();
        ConnectionLimits {
            total: self.count("max_connections", default.total),
            per_network: self.count("max_connections_per_address", default.per_network),
            head: self.seconds("head_timeout", default.head),
            write: self.seconds("write_timeout", default.write),
        }
    }

    /// A number of connections.
    fn count(&mut self, key: &'static str, default: usize) -> usize {
        let Ok(value) = self.layers.figment.find_value(key) else {
            return default;
        };
        let given = match value {
            Value::String(_, text) => text.parse().ok(),
            Value::Num(_, number) => number.to_i128().and_then(|it| usize::try_from(it).ok()),
            _ => None,
        };
        given
            .filter(|given| (1..=MOST_CONNECTIONS).contains(given))
            .unwrap_or_else(|| {
                self.refuse(key, "must be a whole number from 1 to 65536");
                default
            })
    }

    /// A time such as `15s` or `2m`.
    fn seconds(&mut self, key: &'static str, default: Duration) -> Duration {
        let Some(text) = self.text(key) else {
            return default;
        };
        let parsed = text
            .strip_suffix('s')
            .map(|number| (number, 1))
            .or_else(|| text.strip_suffix('m').map(|number| (number, 60)))
            .and_then(|(number, unit)| number.parse::<u64>().ok()?.checked_mul(unit));
        parsed
            .filter(|seconds| (1..=LONGEST_TIMEOUT).contains(seconds))
            .map(Duration::from_secs)
            .unwrap_or_else(|| {
                self.refuse(key, "must be a time from 1s to 10m, as in 15s");
                default
            })
    }

    /// What the environment says replaces what the spec says.
    pub(super) fn cors_origins(&mut self, definition: &Definition) -> Vec<String> {
        let compiled_in = || {
            definition
                .settings
                .cors_origins
                .iter()
                .map(ToString::to_string)
                .collect()
        };
        self.list("cors_origins").unwrap_or_else(compiled_in)
    }

    pub(super) fn trusted_proxies(&mut self) -> Vec<IpNet> {
        let entries = self.list("trusted_proxies").unwrap_or_default();
        let networks: Option<Vec<IpNet>> = entries.iter().map(|entry| network(entry)).collect();
        if networks.is_none() {
            self.refuse(
                "trusted_proxies",
                "must be addresses or CIDRs, as in 10.0.0.0/8",
            );
        }
        networks.unwrap_or_default()
    }

    pub(super) fn rate_limits(&mut self) -> ConfiguredLimits {
        ConfiguredLimits {
            auth: self.rate_limit("rate_limits.auth"),
            write: self.rate_limit("rate_limits.write"),
            read: self.rate_limit("rate_limits.read"),
        }
    }

    fn rate_limit(&mut self, key: &'static str) -> TierSetting {
        let Some(text) = self.text(key) else {
            return TierSetting::AsSpecified;
        };
        match Quota::parse(&text) {
            _ if text == "off" => TierSetting::Off,
            Some(quota) => TierSetting::Quota(quota),
            None => {
                self.refuse(
                    key,
                    "must be a number of requests in a window of 1s to 1d, as in 5/15m, or `off`",
                );
                TierSetting::AsSpecified
            }
        }
    }

    pub(super) fn log_format(&mut self) -> Option<Format> {
        match self.text("log_format")?.as_str() {
            "json" => Some(Format::Json),
            "pretty" => Some(Format::Pretty),
            _ => {
                self.refuse("log_format", "must be `json` or `pretty`");
                None
            }
        }
    }
}

fn network(entry: &str) -> Option<IpNet> {
    let host = || entry.parse::<IpAddr>().ok().map(IpNet::from);
    entry.parse().ok().or_else(host).map(canonical)
}

/// A network of addresses that are mapped into IPv6 (RFC 4291, 2.5.5.2) is the IPv4 network that they stand for, as the addresses
/// of clients are.
fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(mapped) = network else {
        return network;
    };
    let length = mapped.prefix_len().checked_sub(96);
    let inner = mapped.addr().to_ipv4_mapped().zip(length);
    let inner = inner.and_then(|(address, length)| Ipv4Net::new(address, length).ok());
    inner.map_or(network, IpNet::V4)
}

fn is_plain(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
}
