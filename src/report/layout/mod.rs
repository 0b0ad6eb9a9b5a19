//! Where everything of a picture is: a layered drawing from top to bottom, with branches and processors inside the
//! boxes of their states. Nothing overlaps, and equal graphs give equal drawings.
//!
//! Each scope is drawn by itself, the innermost first: `ranks` turns loops round and says how far down each state is,
//! `sheet` puts labels and bends between, `ordering` lessens crossings, `columns` and `rows` give coordinates,
//! `routes` draws the ways, and `nest` puts the drawings of scopes into the boxes of their states.

mod columns;
mod geometry;
#[cfg(test)]
mod geometry_tests;
mod measure;
mod nest;
mod ordering;
mod ports;
mod ranks;
mod routes;
mod rows;
mod scope;
mod sheet;
mod text;

pub(crate) use geometry::{Edge, Heading, Layout, Marker, MarkerKind, Panel, Point, Rect, Step};
pub(crate) use measure::{ICON_GAP, ICON_SIZE, PADDING, TITLE_LINE};
pub(crate) use text::{Font, width_of};
