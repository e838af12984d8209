//! Where pages went while the server runs: a page that was there earlier may have been renamed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use crate::site::{Permalink, renamed};

/// The places that were there since the server started and are not now, each with the one that it most likely became.
#[derive(Default)]
pub(super) struct Moves(Mutex<State>);

#[derive(Default)]
struct State {
    now: BTreeSet<Permalink>,
    gone: BTreeMap<Permalink, Option<Permalink>>,
}

impl Moves {
    /// Takes note of the places of a new edition. A file that is renamed may be gone in one edition and there in the next
    /// one.
    pub(super) fn note(&self, places: &BTreeSet<Permalink>) {
        let mut state = self.0.lock().expect("nothing panics with the lock");
        let State { now, gone } = &mut *state;
        let lost: Vec<Permalink> = now.difference(places).cloned().collect();
        gone.extend(lost.into_iter().map(|place| (place, None)));
        gone.retain(|place, _| !places.contains(place));
        let open: Vec<Permalink> =
            gone.iter().filter(|(_, to)| to.is_none()).map(|(place, _)| place.clone()).collect();
        // At first there is nothing with which to compare.
        let came: Vec<&Permalink> = places.difference(now).filter(|_| !now.is_empty()).collect();
        for place in &open {
            // A page stays in its language.
            let beside = |other: &&Permalink| tree(other) == tree(place);
            let olds: Vec<&str> = open.iter().filter(beside).map(Permalink::as_str).collect();
            let news: Vec<&str> = came.iter().copied().filter(beside).map(Permalink::as_str).collect();
            let to = renamed(place.as_str(), &olds, &news);
            let to = to.map(|to| Permalink::new(to).expect("it is a place of the site"));
            gone.insert(place.clone(), to);
        }
        now.clone_from(places);
    }

    /// What became of a place that was there earlier and is not now; `None` if it was not.
    pub(super) fn find(&self, place: &str) -> Option<Option<Permalink>> {
        let state = self.0.lock().expect("nothing panics with the lock");
        let mut to = state.gone.get(&Permalink::new(place).ok()?)?;
        // It may have been renamed more than once.
        for _ in 0..state.gone.len() {
            match to.as_ref().and_then(|to| state.gone.get(to)) {
                Some(next) => to = next,
                None => break,
            }
        }
        Some(to.clone())
    }
}

/// The tree of the site in which a place is: that of a language, or the root.
fn tree(place: &Permalink) -> Option<&str> {
    place.as_str().split_once('/').map(|(tree, _)| tree)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_renamed_in_two_steps_and_again_is_followed() {
        let moves = Moves::default();
        let place = |path: &str| Permalink::new(path).unwrap();
        let note = |paths: &[&str]| moves.note(&paths.iter().map(|path| place(path)).collect());
        note(&["zh/", "zh/tour/", "en/tour/"]);
        assert_eq!(moves.find("zh/other/"), None);
        note(&["zh/", "en/tour/"]);
        assert_eq!(moves.find("zh/tour/"), Some(None));
        note(&["zh/", "zh/night-tour/", "en/night-tour/"]);
        assert_eq!(moves.find("zh/tour/"), Some(Some(place("zh/night-tour/"))));
        assert_eq!(moves.find("en/tour/"), Some(Some(place("en/night-tour/"))));
        note(&["zh/", "zh/night-tours/", "en/tour/"]);
        assert_eq!(moves.find("zh/tour/"), Some(Some(place("zh/night-tours/"))));
        assert_eq!(moves.find("en/tour/"), None);
    }
}
