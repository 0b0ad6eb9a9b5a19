//! The items of a Map Run, in their order, wherever they come from.

use std::sync::Arc;

use crate::interpreter::map_run::MapItem;
use crate::model::Json;

/// The items and where they come from, as `$$.Map.Item.Source` says it.
#[derive(Debug, Clone)]
pub(in crate::service) struct ItemList {
    items: Json,
    source: Arc<str>,
}

impl ItemList {
    /// Of an array or an object.
    pub(in crate::service) fn new(items: Json, source: impl Into<Arc<str>>) -> Self {
        Self { items, source: source.into() }
    }

    /// Those of the state's input.
    pub(super) fn given(items: Json) -> Self {
        Self::new(items, "STATE_DATA")
    }

    pub(super) fn len(&self) -> usize {
        match (self.items.as_array(), self.items.as_object()) {
            (Some(items), _) => items.len(),
            (None, Some(members)) => members.len(),
            (None, None) => 0,
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<MapItem> {
        let (key, value) = match self.items.as_array() {
            Some(items) => (None, items.get(index)?),
            None => {
                let (key, value) = self.items.as_object()?.get_index(index)?;
                (Some(Arc::clone(key)), value)
            }
        };
        Some(MapItem { index, value: value.clone(), key, source: Some(Arc::clone(&self.source)) })
    }

    /// Without those after the first `most`; 0 is no limit.
    pub(in crate::service) fn limited(self, most: usize) -> Self {
        if most == 0 || self.len() <= most {
            return self;
        }
        let items = match (self.items.as_array(), self.items.as_object()) {
            (Some(items), _) => Json::array(items.iter().take(most).cloned().collect()),
            (None, Some(members)) => Json::object(
                members.iter().take(most).map(|(key, value)| (Arc::clone(key), value.clone())).collect(),
            ),
            (None, None) => return self,
        };
        Self { items, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> ItemList {
        ItemList::given(Json::parse(text).unwrap())
    }

    #[test]
    fn items_come_from_arrays_and_members_from_objects() {
        let item = list("[7,8]").get(1).unwrap();
        assert_eq!((item.index, item.value, item.key), (1, Json::Int(8), None));
        let item = list(r#"{"a":7,"b":8}"#).get(1).unwrap();
        assert_eq!((item.index, item.value, item.key.as_deref()), (1, Json::Int(8), Some("b")));
        assert_eq!(item.source.as_deref(), Some("STATE_DATA"));
        assert!(list("[7]").get(1).is_none() && list("7").get(0).is_none());
    }

    #[test]
    fn a_limit_cuts_off_the_last_ones() {
        assert_eq!(list("[1,2,3]").limited(2).len(), 2);
        assert_eq!(list(r#"{"a":1,"b":2}"#).limited(1).len(), 1);
        assert_eq!(list("[1,2,3]").limited(0).len(), 3);
    }
}
