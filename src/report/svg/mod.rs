//! A layout as SVG, coloured by whoever knows what happened.

mod decoration;
mod draw;
mod escape;
mod icon;
mod writer;

pub(crate) use decoration::{Badge, Decoration, Mark, Plain};
pub(crate) use draw::{STYLE, document, svg};
pub(crate) use escape::escape;
