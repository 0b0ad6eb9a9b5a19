//! How the command ends.

/// It did what was asked.
pub(super) const DONE: u8 = 0;
/// It could not do what was asked, or found what it was asked to look for.
pub(super) const FAILED: u8 = 1;
/// It was asked the wrong way, or given what it cannot read.
pub(super) const MISUSED: u8 = 2;
/// Ctrl-C, as shells count it: 128 and the number of SIGINT.
pub(super) const INTERRUPTED: u8 = 130;
