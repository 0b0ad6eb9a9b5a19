//! UUID.

use super::arguments::Arguments;
use crate::model::{Json, SeededRandom};

/// Version 4, from the execution's seed.
pub(super) fn uuid(_: &Arguments<'_>, random: &mut SeededRandom) -> Result<Json, String> {
    Ok(Json::from(random.next_uuid()))
}

#[cfg(test)]
mod tests {
    use crate::query::intrinsic::check::evaluate;

    #[test]
    fn each_call_gives_another_uuid_and_each_run_the_same_ones() {
        let run = || evaluate("{}", "States.Array(States.UUID(), States.UUID())").unwrap();
        let drawn = run();
        let uuids = drawn.as_array().unwrap();
        assert_eq!(uuids[0].as_str().unwrap().len(), 36);
        assert_ne!(uuids[0], uuids[1]);
        assert_eq!(drawn, run());
    }
}
