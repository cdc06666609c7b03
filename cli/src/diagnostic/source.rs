//! The files that diagnostics point into.

/// One file as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the user would write it.
    pub path: String,
    /// The content.
    pub text: String,
    /// The byte at which each line begins, so that a place is found without counting from the top.
    lines: Vec<usize>,
}

impl Source {
    fn new(path: String, text: String) -> Self {
        let after_newlines = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(after_newlines).collect();
        Self { path, text, lines }
    }

    /// Line and column of a byte, both from 1, the column in Unicode scalar values.
    #[must_use]
    pub fn position(&self, byte: usize) -> Position {
        let byte = self.text.floor_char_boundary(byte);
        let line = self.lines.partition_point(|&start| start <= byte);
        let start = self
            .lines
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or_default();
        let column = self
            .text
            .get(start..byte)
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        Position { line, column }
    }

    /// The line with this number, from 1, without its end.
    #[must_use]
    pub fn line(&self, number: usize) -> &str {
        let start = self
            .lines
            .get(number.saturating_sub(1))
            .copied()
            .unwrap_or(self.text.len());
        let rest = self.text.get(start..).unwrap_or_default();
        rest.split('\n')
            .next()
            .unwrap_or_default()
            .trim_end_matches('\r')
    }
}

/// A place in a file as people count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1, in Unicode scalar values.
    pub column: usize,
}

/// Which of the [`Sources`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(usize);

/// A range of bytes in one file, the end excluded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// Every file of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// No file yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> SourceId {
        self.0.push(Source::new(path.into(), text.into()));
        SourceId(self.0.len() - 1)
    }

    /// The file of this number.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.0.get(id.0)
    }

    /// The file that was read first: the spec.
    #[must_use]
    pub fn first(&self) -> Option<&Source> {
        self.0.first()
    }

    /// The file of this path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<SourceId> {
        self.0
            .iter()
            .position(|source| source.path == path)
            .map(SourceId)
    }
}
