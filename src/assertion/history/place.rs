//! The place of a visit in words that hold for other executions of the same definition as well.

use std::sync::Arc;

use super::visit::{Place, VisitId, Visits};
use crate::model::StatePlace;
use crate::model::state_place::{PlacePart, PlaceStep};

impl Visits {
    /// The branches and iterations around a visit.
    pub(crate) fn state_place(&self, id: VisitId) -> StatePlace {
        let mut steps: Vec<PlaceStep> =
            self.upwards(id).filter_map(|inside| self.place_step(inside)).collect();
        steps.reverse();
        StatePlace { steps }
    }

    fn place_step(&self, inside: VisitId) -> Option<PlaceStep> {
        let place = self.get(inside)?.place;
        let part = match place {
            Place::Top => return None,
            Place::Item { index, .. } => PlacePart::Item { index },
            Place::Branch { .. } => {
                // The branch is known by the first state that was entered in it.
                let first = self.iter().find(|visit| visit.place == place)?;
                PlacePart::Branch { first: Arc::clone(&first.name) }
            }
        };
        Some(PlaceStep { state: Arc::clone(&self.get(place.container()?)?.name), part })
    }
}
