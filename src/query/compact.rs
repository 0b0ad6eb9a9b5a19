//! Values as AWS writes them once it has taken them apart: compact, whatever spacing they came with.

use std::sync::Arc;

use crate::model::Json;

/// Jackson refuses deeper JSON. It also bounds our own recursion: a workflow that wraps its input again and again
/// meets this limit, not the end of the stack.
const MAX_DEPTH: usize = 1000;

/// `value` without the spacing that it, or anything in it, was read with.
pub(super) fn compact(value: &Json) -> Result<Json, String> {
    compact_within(value, MAX_DEPTH)
}

fn compact_within(value: &Json, depth: usize) -> Result<Json, String> {
    match value {
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_) | Json::String(_) => {
            Ok(value.clone())
        }
        Json::Array(_) | Json::Object(_) if depth == 0 => {
            let found = MAX_DEPTH + 1;
            Err(format!("Document nesting depth ({found}) exceeds the maximum allowed ({MAX_DEPTH})"))
        }
        Json::Array(_) => compact_items(value, depth),
        Json::Object(_) => compact_members(value, depth),
    }
}

fn compact_items(array: &Json, depth: usize) -> Result<Json, String> {
    let items = array.as_array().unwrap_or_default();
    let mut compacted = Vec::with_capacity(items.len());
    for item in items {
        compacted.push(compact_within(item, depth - 1)?);
    }
    Ok(Json::array(compacted))
}

fn compact_members(object: &Json, depth: usize) -> Result<Json, String> {
    let mut compacted = Vec::new();
    for (key, member) in object.as_object().into_iter().flatten() {
        compacted.push((Arc::clone(key), compact_within(member, depth - 1)?));
    }
    Ok(Json::from_members(compacted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spacing_goes_at_every_depth() {
        let kept = Json::parse("[1, 2]").unwrap();
        let value = Json::from_members([("a", Json::array(vec![kept]))]);
        assert_eq!(value.to_text(), r#"{"a":[[1, 2]]}"#);
        assert_eq!(compact(&value).unwrap().to_text(), r#"{"a":[[1,2]]}"#);
    }

    #[test]
    fn a_thousand_levels_are_compacted_and_one_more_is_refused() {
        let deep = Json::parse(&format!("{}{}", "[".repeat(1000), "]".repeat(1000))).unwrap();
        assert!(compact(&deep).is_ok());
        assert_eq!(
            compact(&Json::array(vec![deep])).unwrap_err(),
            "Document nesting depth (1001) exceeds the maximum allowed (1000)"
        );
    }
}
