//! A bounded run of the fuzz targets: the seeds, and a fixed number of mutations of them, the same in every run.

use secapi_tests::fuzz::{TARGETS, Target};
use std::panic::catch_unwind;

/// Longer inputs say nothing that shorter ones do not.
const LONGEST: usize = 4096;

/// What parsers trip over, put into inputs.
const PIECES: [&[u8]; 28] = [
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xa8",
    b"\"",
    b"\\",
    b"\\ud800",
    b"'",
    b"[",
    b"{",
    b"]",
    b"}",
    b"%",
    b"%00",
    b"&",
    b"=",
    b",",
    b":",
    b"-",
    b"&a *a",
    b"1e999999999",
    b"9223372036854775808",
    b"99999999999999999999999999999999999999",
    b"\r\n",
    b"\x1e",
    b"\xf0\x9f\x92\xa5",
];

/// SplitMix64 (Steele, Lea, Flood 2014): enough to choose mutations, and alike everywhere.
struct Choice(u64);

impl Choice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap()
    }

    /// A range in so many bytes, mostly short.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let most = if self.below(4) == 0 { length } else { 8 };
        start..length.min(start + self.below(most + 1))
    }
}

fn mutate(input: &mut Vec<u8>, other: &[u8], choice: &mut Choice) {
    let range = choice.range(input.len());
    match choice.below(6) {
        0 if !input.is_empty() => {
            let place = choice.below(input.len());
            input[place] ^= 1 << choice.below(8);
        }
        1 => {
            let piece = PIECES[choice.below(PIECES.len())];
            input.splice(range, piece.iter().copied());
        }
        2 => drop(input.drain(range)),
        3 => {
            let copied = input[range].to_vec();
            let place = choice.below(input.len() + 1);
            input.splice(place..place, copied);
        }
        4 => {
            let taken = choice.range(other.len());
            input.splice(range, other[taken].iter().copied());
        }
        _ => {
            let piece = PIECES[choice.below(PIECES.len())];
            let many = piece.repeat(choice.below(200));
            input.splice(range, many);
        }
    }
    input.truncate(LONGEST);
}

fn drive(name: &str) {
    let target: &Target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let try_with = |input: &[u8]| {
        let ended = catch_unwind(|| (target.run)(input));
        assert!(
            ended.is_ok(),
            "{name} breaks a promise for {}",
            input.escape_ascii()
        );
    };
    for seed in target.seeds {
        try_with(seed.as_bytes());
    }
    let mut choice = Choice(name.len() as u64);
    for _ in 0..target.tries {
        let mut input = target.seeds[choice.below(target.seeds.len())]
            .as_bytes()
            .to_vec();
        let other = target.seeds[choice.below(target.seeds.len())].as_bytes();
        for _ in 0..=choice.below(4) {
            mutate(&mut input, other, &mut choice);
        }
        try_with(&input);
    }
}

#[test]
fn spec() {
    drive("spec");
}

#[test]
fn json() {
    drive("json");
}

#[test]
fn list() {
    drive("list");
}

#[test]
fn cursor() {
    drive("cursor");
}

#[test]
fn token() {
    drive("token");
}

#[test]
fn proxies() {
    drive("proxies");
}

#[test]
fn configuration() {
    drive("configuration");
}

/// Each target is a program for libFuzzer as well, and none is forgotten.
#[test]
fn every_target_has_its_program() {
    let folder = crate::support::repository().join("tests/fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for target in TARGETS {
        let path = format!("fuzz_targets/{}.rs", target.name);
        assert!(manifest.contains(&format!("path = \"{path}\"")), "{path}");
        let program = std::fs::read_to_string(folder.join(&path)).unwrap();
        assert!(program.contains(&format!("fuzz::{}(bytes)", target.name)));
    }
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
}
