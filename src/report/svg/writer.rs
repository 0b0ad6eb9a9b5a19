//! Elements and numbers of an SVG text.

use super::escape::escape;
use crate::report::layout::{Point, Rect, Step};

/// A tenth of a pixel is fine enough, and keeps the text short.
pub(super) fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// `class="a b"` of those that are not empty.
pub(super) fn class(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().copied().filter(|name| !name.is_empty()).collect();
    format!(r#"class="{}""#, escape(&names.join(" ")))
}

pub(super) fn rect(attributes: &str, rect: Rect, radius: f64) -> String {
    format!(
        r#"<rect {attributes} x="{}" y="{}" width="{}" height="{}" rx="{}"/>"#,
        number(rect.x),
        number(rect.y),
        number(rect.width),
        number(rect.height),
        number(radius)
    )
}

pub(super) fn text(attributes: &str, at: Point, content: &str) -> String {
    format!(r#"<text {attributes} x="{}" y="{}">{}</text>"#, number(at.x), number(at.y), escape(content))
}

pub(super) fn title(content: &str) -> String {
    if content.is_empty() { String::new() } else { format!("<title>{}</title>", escape(content)) }
}

/// The `d` of a path.
pub(super) fn path(start: Point, steps: &[Step]) -> String {
    let pieces = steps.iter().map(|step| match step {
        Step::Line(end) => format!("L{}", pair(*end)),
        Step::Curve(first, second, end) => format!("C{} {} {}", pair(*first), pair(*second), pair(*end)),
    });
    std::iter::once(format!("M{}", pair(start))).chain(pieces).collect()
}

fn pair(point: Point) -> String {
    format!("{} {}", number(point.x), number(point.y))
}
