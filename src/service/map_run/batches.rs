//! Items put together: what each child execution of a Map with an `ItemBatcher` is given.

use crate::interpreter::map_run::Batching;
use crate::model::failure::error_name;
use crate::model::json::Map;
use crate::model::{Failure, Json, quota};

/// The input of one child execution, and how many items are in it.
#[derive(Debug, Clone)]
pub(in crate::service) struct Batch {
    pub(in crate::service) input: Json,
    pub(in crate::service) items: usize,
}

/// Fills one batch after the other.
#[derive(Debug, Clone)]
pub(in crate::service) struct Batcher<'b> {
    batching: &'b Batching,
    most_items: usize,
    most_bytes: usize,
    /// What the input of a batch without items takes.
    empty_bytes: usize,
    open: Vec<Json>,
    open_bytes: usize,
    full: Vec<Batch>,
}

impl<'b> Batcher<'b> {
    pub(in crate::service) fn new(batching: &'b Batching) -> Self {
        let limit =
            |number: Option<u64>| number.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
        let empty_bytes = input(batching, &[]).to_text().len();
        Self {
            batching,
            most_items: limit(batching.max_items).max(1),
            most_bytes: limit(batching.max_bytes).min(quota::PAYLOAD_BYTES),
            empty_bytes,
            open: Vec::new(),
            open_bytes: empty_bytes,
            full: Vec::new(),
        }
    }

    /// Puts an item into the open batch, or into the next one if it does not fit.
    pub(in crate::service) fn add(&mut self, item: Json) -> Result<(), Failure> {
        let bytes = item.to_text().len();
        if self.empty_bytes + bytes > self.most_bytes {
            return Err(too_large(self.most_bytes));
        }
        // Behind the first one comes a comma.
        let with_comma = bytes + usize::from(!self.open.is_empty());
        if self.open.len() == self.most_items || self.open_bytes + with_comma > self.most_bytes {
            self.close();
        }
        self.open_bytes += bytes + usize::from(!self.open.is_empty());
        self.open.push(item);
        Ok(())
    }

    pub(in crate::service) fn finish(mut self) -> Vec<Batch> {
        if !self.open.is_empty() {
            self.close();
        }
        self.full
    }

    fn close(&mut self) {
        let items = std::mem::take(&mut self.open);
        self.full.push(Batch { items: items.len(), input: input(self.batching, &items) });
        self.open_bytes = self.empty_bytes;
    }
}

fn input(batching: &Batching, items: &[Json]) -> Json {
    let mut members = Map::new();
    if let Some(batch_input) = &batching.batch_input {
        members.insert("BatchInput".into(), batch_input.compacted());
    }
    members.insert("Items".into(), Json::array(items.iter().map(Json::compacted).collect()));
    Json::object(members)
}

fn too_large(most: usize) -> Failure {
    Failure::new(
        error_name::DATA_LIMIT_EXCEEDED,
        format!("A batch with a single item exceeds the maximum size of a batch, {most} bytes."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batches(max_items: Option<u64>, max_bytes: Option<u64>, batch_input: Option<&str>) -> Vec<String> {
        let batch_input = batch_input.map(|text| Json::parse(text).unwrap());
        let batching = Batching { max_items, max_bytes, batch_input };
        let mut batcher = Batcher::new(&batching);
        for item in 1..=5 {
            batcher.add(Json::Int(item)).unwrap();
        }
        batcher.finish().iter().map(|batch| batch.input.to_text()).collect()
    }

    #[test]
    fn a_batch_takes_so_many_items() {
        let two = [r#"{"Items":[1,2]}"#, r#"{"Items":[3,4]}"#, r#"{"Items":[5]}"#];
        assert_eq!(batches(Some(2), None, None), two);
        assert_eq!(batches(Some(9), None, None), [r#"{"Items":[1,2,3,4,5]}"#]);
    }

    #[test]
    fn a_batch_takes_so_many_bytes_with_what_all_batches_have() {
        let text = r#"{"BatchInput":{"a":0},"Items":[1,2]}"#;
        let bytes = u64::try_from(text.len()).unwrap();
        let found = batches(None, Some(bytes), Some(r#"{ "a": 0 }"#));
        assert_eq!((found.len(), found[0].as_str()), (3, text));
        assert_eq!(batches(None, Some(bytes - 1), Some(r#"{"a":0}"#)).len(), 5);
    }

    #[test]
    fn an_item_that_fits_into_no_batch_is_a_failure() {
        let batching = Batching { max_items: None, max_bytes: Some(12), batch_input: None };
        let failure = Batcher::new(&batching).add(Json::Int(100)).unwrap_err();
        assert_eq!(failure.error.as_deref(), Some("States.DataLimitExceeded"));
        assert_eq!(
            failure.cause.as_deref(),
            Some("A batch with a single item exceeds the maximum size of a batch, 12 bytes.")
        );
    }
}
