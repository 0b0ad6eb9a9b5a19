//! The page of one execution: its data as JSON, and the HTML around it, which needs nothing from elsewhere.
//!
//! The script reads `#data`, whose members `data` names, and the picture in `#graph`.

mod data;
mod document;
mod event_data;
mod texts;
mod visit_data;

#[cfg(test)]
mod tests;

#[cfg(feature = "server")]
pub(crate) use document::CSS;
pub(crate) use document::html;
