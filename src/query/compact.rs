//! Values as AWS writes them once it has taken them apart: compact, whatever spacing they came with.

use std::sync::Arc;

use super::Effort;
use crate::model::Json;
use crate::model::json::Map;

/// Jackson refuses deeper JSON. It also bounds our own recursion: a workflow that wraps its input again and again
/// meets this limit, not the end of the stack.
const MAX_DEPTH: usize = 1000;

/// `value` without the spacing that it, or anything in it, was read with. What is compact already is shared, not
/// copied: a payload that a template mentions a thousand times is in memory once.
pub(super) fn compact(value: &Json, effort: &Effort) -> Result<Json, String> {
    Ok(changed(value, MAX_DEPTH, effort)?.unwrap_or_else(|| value.clone()))
}

/// The compact value, or `None` if the value is compact as it is.
fn changed(value: &Json, depth: usize, effort: &Effort) -> Result<Option<Json>, String> {
    effort.spend(1 + value.as_str().map_or(0, str::len))?;
    let below = match value {
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_) | Json::String(_) => {
            return Ok(None);
        }
        Json::Array(_) | Json::Object(_) if depth == 0 => {
            let found = MAX_DEPTH + 1;
            return Err(format!(
                "Document nesting depth ({found}) exceeds the maximum allowed ({MAX_DEPTH})"
            ));
        }
        Json::Array(_) => changed_items(value.as_array().unwrap_or_default(), depth, effort)?,
        Json::Object(_) => match value.as_object() {
            Some(members) => changed_members(members, depth, effort)?,
            None => None,
        },
    };
    Ok(below.or_else(|| value.remembers_text().then(|| value.compacted())))
}

fn changed_items(items: &[Json], depth: usize, effort: &Effort) -> Result<Option<Json>, String> {
    let mut copy: Option<Vec<Json>> = None;
    for (position, item) in items.iter().enumerate() {
        if let Some(compact) = changed(item, depth - 1, effort)?
            && let Some(slot) = copy.get_or_insert_with(|| items.to_vec()).get_mut(position)
        {
            *slot = compact;
        }
    }
    Ok(copy.map(Json::array))
}

fn changed_members(members: &Map, depth: usize, effort: &Effort) -> Result<Option<Json>, String> {
    let mut copy: Option<Map> = None;
    for (key, member) in members {
        if let Some(compact) = changed(member, depth - 1, effort)? {
            copy.get_or_insert_with(|| members.clone()).insert(Arc::clone(key), compact);
        }
    }
    Ok(copy.map(Json::object))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spacing_goes_at_every_depth() {
        let kept = Json::parse("[1, 2]").unwrap();
        let value = Json::from_members([("a", Json::array(vec![kept]))]);
        assert_eq!(value.to_text(), r#"{"a":[[1, 2]]}"#);
        assert_eq!(compact(&value, &Effort::default()).unwrap().to_text(), r#"{"a":[[1,2]]}"#);
    }

    #[test]
    fn a_thousand_levels_are_compacted_and_one_more_is_refused() {
        let deep = Json::parse(&format!("{}{}", "[".repeat(1000), "]".repeat(1000))).unwrap();
        assert!(compact(&deep, &Effort::default()).is_ok());
        assert_eq!(
            compact(&Json::array(vec![deep]), &Effort::default()).unwrap_err(),
            "Document nesting depth (1001) exceeds the maximum allowed (1000)"
        );
    }
}
