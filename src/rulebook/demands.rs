//! What a rulebook asks of the tables: the fields by which its measures, gates and policies decide.

use super::{Choices, InvitationUnit, InvitedBeforeArrival, MeasureFrom, Requirement, Rulebook};
use crate::fair::Demands;

impl Rulebook {
    /// What it asks of the tables of a fair under these choices.
    pub fn demands(&self, choices: &Choices) -> Demands {
        let mut demands = Demands { placeholders: self.placeholders.clone(), ..Demands::default() };
        let mut add = |table, fields: &[&'static str]| {
            demands.deciding.extend(fields.iter().map(|field| (table, *field)));
        };
        for gate in &self.gates {
            if let Requirement::TookPart(_) = gate.require.value {
                add("exhibitors", &["fairs"]);
            }
        }
        for measure in &self.measures {
            match measure.from.value {
                MeasureFrom::Invitations(_)
                    if choices.invitation_unit == InvitationUnit::DistinctRecipients =>
                {
                    add("invitations", &["email", "company", "buyer_name"]);
                }
                MeasureFrom::OverseasBuyers(_) => {
                    add("invitations", &["code", "company", "email"]);
                    add("attendance", &["code", "company", "email"]);
                    add("attendance", &["buyer", "country", "channel", "first_time", "attended"]);
                    if choices.invited_before_arrival == InvitedBeforeArrival::Required {
                        add("invitations", &["sent_on"]);
                        add("attendance", &["seen_on"]);
                    }
                }
                _ => {}
            }
        }
        demands
    }
}
