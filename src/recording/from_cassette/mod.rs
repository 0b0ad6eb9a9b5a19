//! Mocks that are made from cassettes: what a client was answered once, for tests that ask for something else.

mod build;
mod facts;
mod ran;
#[cfg(test)]
mod tests;
