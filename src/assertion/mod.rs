//! Row 2: what an execution must show, said in words a person can read.
