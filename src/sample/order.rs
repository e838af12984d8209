//! What is ordered of a sample.

/// What is ordered. The same order makes the same bytes, on every machine.
#[derive(Clone, Copy, Debug)]
pub struct SampleOrder {
    /// How many exhibitors; at least 1.
    pub exhibitors: u32,
    /// How many invitations they send.
    pub invitations: u32,
    /// How many buyers register.
    pub buyers: u32,
    /// The seed of all that is drawn by lot.
    pub seed: u64,
    /// The format of the tables.
    pub format: SampleFormat,
}

/// The format of tables.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SampleFormat {
    /// Comma-separated UTF-8.
    Csv,
    /// Excel workbooks.
    Xlsx,
}

impl SampleFormat {
    pub(super) fn ending(self) -> &'static str {
        match self {
            SampleFormat::Csv => "csv",
            SampleFormat::Xlsx => "xlsx",
        }
    }
}
