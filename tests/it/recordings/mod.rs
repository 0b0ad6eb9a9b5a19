//! Cassettes as their users see them, and the recordings of this repository.

mod cases;
mod files;
mod processes;
mod tour;
mod tours;
mod upstream;
