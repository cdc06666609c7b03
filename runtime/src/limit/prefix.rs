//! What of an address is counted.

use std::net::{IpAddr, Ipv6Addr};

/// Bits of an IPv6 address that name a customer rather than a machine: who has one such network has 2^72 addresses in it.
const CUSTOMER: u32 = 56;

/// An IPv4 address as it is, an IPv6 address by its first 56 bits. An IPv4 address in IPv6 clothes is the IPv4 address.
pub(crate) fn prefix(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let mask = u128::MAX << (128 - CUSTOMER);
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_56_bits_is_one_client_and_a_mapped_address_is_the_ipv4() {
        for (address, counted) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("::ffff:c000:207", "192.0.2.7"),
            ("2001:db8:1:200::1", "2001:db8:1:200::"),
            ("2001:db8:1:2ff:ffff:ffff:ffff:ffff", "2001:db8:1:200::"),
            ("2001:db8:1:300::1", "2001:db8:1:300::"),
            ("::1", "::"),
        ] {
            let counted: IpAddr = counted.parse().unwrap();
            assert_eq!(prefix(address.parse().unwrap()), counted, "{address}");
        }
    }
}
