//! Results that cannot be meant.

use super::super::grant::{Decision, Results, stage};
use super::finding::FindingKind;
use super::rejudge::Rejudge;
use crate::fair::ExhibitorId;
use crate::rulebook::{AwardId, Exact, Gate, GateId, Requirement, ScaleKind, Stage, round_half_up};

/// Fewer numbers than this may be slips of the hand.
const MANY_SHARED: usize = 5;

impl Rejudge<'_> {
    /// Results that cannot be meant.
    pub(super) fn results(&self, results: &Results) -> Vec<FindingKind> {
        let mut found = Vec::new();
        if self.facts.exhibitors.is_empty() {
            return found;
        }
        for award in AwardId::all(&self.rulebook.awards) {
            let earned: Vec<&Decision> =
                results.decisions.iter().filter(|decision| decision.earned == Some(award)).collect();
            if earned.is_empty() || results.received(award) > 0 {
                continue;
            }
            let withholds = |gate: &GateId| {
                stage(self.rulebook, self.choices, *gate) == Stage::Award
                    && earned.iter().all(|decision| decision.failed.contains(gate))
            };
            if let Some(gate) = GateId::all(&self.rulebook.gates).find(withholds) {
                found.push(FindingKind::AllWithheld { award, gate, withheld: earned.len() });
            }
        }
        let received = AwardId::all(&self.rulebook.awards).any(|award| results.received(award) > 0);
        if !received && found.is_empty() {
            found.push(FindingKind::NoAward);
        }
        let asks = |gate: &Gate| matches!(gate.require.value, Requirement::TookPart(_));
        if self.rulebook.gates.iter().any(asks) {
            let fairs = |exhibitor: ExhibitorId| &self.facts.exhibitors[exhibitor].fairs;
            let all = ExhibitorId::all(&self.facts.exhibitors);
            let unknown: Vec<ExhibitorId> =
                all.clone().filter(|&exhibitor| fairs(exhibitor).is_empty()).collect();
            let lacks = |fairs: &[u32]| !fairs.is_empty() && !fairs.contains(&self.facts.fair);
            let lacking: Vec<ExhibitorId> = all.filter(|&exhibitor| lacks(fairs(exhibitor))).collect();
            let is_withheld = |exhibitor: &&ExhibitorId| {
                let decision = &results.decisions[**exhibitor];
                decision.earned.is_some() && decision.award.is_none()
            };
            if let Some(&first) = unknown.first() {
                let withheld = unknown.iter().filter(is_withheld).count();
                found.push(FindingKind::FairsUnknown { exhibitors: unknown.len(), withheld, first });
            }
            if let Some(&first) = lacking.first() {
                let withheld = lacking.iter().filter(is_withheld).count();
                found.push(FindingKind::FairsLackThis { exhibitors: lacking.len(), withheld, first });
            }
        }
        let shared = &self.facts.attendance.shared_numbers;
        let several = shared.iter().filter(|shared| shared.names > 1 && shared.emails > 1);
        let rows: Vec<u32> = several.map(|shared| shared.row).collect();
        let buyers = self.facts.attendance.buyers;
        if let Some(&row) =
            rows.iter().min().filter(|_| rows.len() >= MANY_SHARED && rows.len() * 10 > buyers as usize)
        {
            found.push(FindingKind::SharedNumbers { shared: rows.len(), buyers, row });
        }
        if let Some(needed) = self.smallest_pool().filter(|needed| (1..*needed).contains(&results.pool)) {
            found.push(FindingKind::SmallPool { pool: results.pool, needed });
        }
        found
    }

    /// The smallest pool in which the first rank reaches the first band of every scale that ranks.
    fn smallest_pool(&self) -> Option<usize> {
        let until = self.rulebook.indicators.iter().filter_map(|indicator| {
            match &self.rulebook.scale(indicator).points.value {
                ScaleKind::ByRank(scale) => Some(scale.bands.first()?.value.until),
                ScaleKind::ByValue(_) | ScaleKind::AsIs { .. } => None,
            }
        });
        let until = i128::from(until.min()?);
        let percent = |pool: &usize| {
            let pool = i128::try_from(*pool).expect("a small number");
            round_half_up(&Exact::new(100, pool))
        };
        (1..=100usize).find(|pool| percent(pool) <= until)
    }
}
