//! The command `sfn-testkit`.

fn main() {}
