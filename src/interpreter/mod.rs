//! Row 4: runs a definition: (state, resume) to history events and commands. Pure, synchronous, clockless.

pub(crate) mod command;
pub(crate) mod interpret;
