//! How large the boxes of states and the labels of transitions are.

use super::geometry::{Caption, length};
use super::text::{Font, shortened, width_of, wrap};
use crate::report::graph::State;

/// Between the border of a box and what is in it.
pub(crate) const PADDING: f64 = 12.0;
/// Of the sign that tells the type.
pub(crate) const ICON_SIZE: f64 = 16.0;
/// Between the sign and the text.
pub(crate) const ICON_GAP: f64 = 8.0;
/// Lines are not wider, whatever the text.
const WIDEST_TEXT: f64 = 176.0;
const NARROWEST_BOX: f64 = 112.0;
/// From one line of a name to the next.
pub(crate) const TITLE_LINE: f64 = 16.0;
const DETAIL_LINE: f64 = 15.0;
const MOST_TITLE_LINES: usize = 2;

const WIDEST_LABEL: f64 = 124.0;
const LABEL_LINE: f64 = 13.0;
const LABEL_PADDING: f64 = 4.0;
const MOST_LABEL_LINES: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Size {
    pub(super) width: f64,
    pub(super) height: f64,
}

pub(super) fn caption(state: &State) -> Caption {
    let kind = state.kind.as_str();
    let detail =
        if state.detail.is_empty() { kind.to_owned() } else { format!("{kind} · {}", state.detail) };
    Caption {
        lines: wrap(&state.name, Font::TITLE, WIDEST_TEXT, MOST_TITLE_LINES),
        detail: shortened(&detail.replace(char::is_control, " "), Font::SMALL, WIDEST_TEXT),
    }
}

/// The room that the texts of a state need, with the sign and all padding.
pub(super) fn caption_size(caption: &Caption) -> Size {
    let title = caption.lines.iter().map(|line| width_of(line, Font::TITLE)).fold(0.0, f64::max);
    let text = title.max(width_of(&caption.detail, Font::SMALL));
    Size {
        width: (PADDING + ICON_SIZE + ICON_GAP + text + PADDING).max(NARROWEST_BOX).ceil(),
        height: PADDING + length(caption.lines.len()) * TITLE_LINE + DETAIL_LINE + PADDING - 4.0,
    }
}

pub(super) fn label_lines(label: &str) -> Vec<String> {
    wrap(label, Font::SMALL, WIDEST_LABEL, MOST_LABEL_LINES)
}

pub(super) fn label_size(lines: &[String]) -> Size {
    let width = lines.iter().map(|line| width_of(line, Font::SMALL)).fold(0.0, f64::max);
    Size {
        width: (width + 2.0 * LABEL_PADDING).ceil(),
        height: length(lines.len()) * LABEL_LINE + LABEL_PADDING,
    }
}
