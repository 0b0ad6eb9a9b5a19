//! Recorded histories are read, become task mocks, and are run again. AWS's recordings stay outside the repository:
//! without them there is nothing to run.

mod judged;
mod oracle;
mod reading;
mod replaying;
mod tasks;
