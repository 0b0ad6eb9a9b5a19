//! Pictures of definitions and executions, and what tests took of them: strings made of strings, no file, environment or clock.

pub(crate) mod coverage;
mod diagram;
#[cfg(test)]
mod diagram_tests;
mod dot;
pub(crate) mod graph;
pub(crate) mod layout;
mod marked;
mod mermaid;
mod outline;
pub(crate) mod page;
pub(crate) mod svg;
pub(crate) mod taken;
#[cfg(test)]
mod taken_tests;

pub use diagram::Diagram;
pub use graph::NoGraph;
