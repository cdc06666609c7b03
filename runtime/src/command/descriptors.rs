//! How many files the process may open.

/// The limit, where the operating system tells it in `/proc`; elsewhere nothing is known.
pub(super) fn limit() -> Option<usize> {
    parse(&std::fs::read_to_string("/proc/self/limits").ok()?)
}

/// The soft limit in a line such as `Max open files            1024                 524288               files`.
fn parse(limits: &str) -> Option<usize> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_soft_limit_counts() {
        let limits = "Limit  Soft Limit  Hard Limit  Units\nMax open files  1024  524288  files\n";
        assert_eq!(parse(limits), Some(1024));
        assert_eq!(parse("Max open files  unlimited  unlimited  files"), None);
        assert_eq!(parse(""), None);
    }
}
