//! The policies that the engine knows, each with its choices.

use std::borrow::Borrow;
use std::collections::BTreeMap;

/// Declares the policies: for each its name and its choices, and the enum that stands for them.
macro_rules! policies {
    ($($(#[$doc:meta])* $field:ident: $Type:ident = $name:literal {
        $($(#[$choice_doc:meta])* $Choice:ident = $choice:literal),+ $(,)?
    })+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
            pub enum $Type { $($(#[$choice_doc])* $Choice),+ }
        )+

        /// A policy.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum PolicyId { $($(#[$doc])* $Type),+ }

        impl PolicyId {
            /// All policies.
            pub const ALL: &[PolicyId] = &[$(PolicyId::$Type),+];

            /// Its name in rulebooks and results.
            pub fn name(self) -> &'static str {
                match self { $(PolicyId::$Type => $name),+ }
            }

            /// The names of its choices.
            pub fn choices(self) -> &'static [&'static str] {
                match self { $(PolicyId::$Type => &[$($choice),+]),+ }
            }
        }

        /// The names of all policies, each with its choices.
        pub const POLICIES: &[(&str, &[&str])] = &[$(($name, &[$($choice),+])),+];

        /// What is chosen for every policy.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct Choices {
            $($(#[$doc])* pub $field: $Type,)+
            declared: BTreeMap<PolicyId, &'static str>,
        }

        impl Choices {
            /// The first choice of every policy; none of them declared.
            pub fn new() -> Choices {
                Choices { $($field: policies!(@first $Type $($Choice)+),)+ declared: BTreeMap::new() }
            }

            /// Chooses. False where there is no such policy or choice.
            pub fn choose(&mut self, policy: &str, choice: &str) -> bool {
                match policy {
                    $($name => match choice {
                        $($choice => {
                            self.$field = $Type::$Choice;
                            self.declared.insert(PolicyId::$Type, $choice);
                        })+
                        _ => return false,
                    },)+
                    _ => return false,
                }
                true
            }
        }
    };
    (@first $Type:ident $First:ident $($rest:ident)*) => { $Type::$First };
}

policies! {
    /// What counts as one invitation.
    invitation_unit: InvitationUnit = "invitation-unit" {
        /// Every row.
        Row = "row",
        /// Every recipient: an e-mail key, else company key and buyer name.
        DistinctRecipients = "distinct-recipients",
    }
    /// When a buyer is new.
    new_or_regular: NewOrRegular = "new-or-regular" {
        /// The on-site rows decide, else the online rows; new when all of them say first time.
        DecidingRows = "deciding-rows",
        /// New when any row says first time.
        AnyNew = "any-new",
        /// Regular when any row does not say first time.
        AnyRegular = "any-regular",
    }
    /// Whether an invitation must have been sent before the buyer came.
    invited_before_arrival: InvitedBeforeArrival = "invited-before-arrival" {
        /// It need not.
        NotRequired = "not-required",
        /// It must, where both days are known.
        Required = "required",
    }
    /// Where the condition of the two latest fairs applies.
    two_latest_fairs: TwoLatestFairs = "two-latest-fairs" {
        /// The award is withheld.
        Award = "award",
        /// The exhibitor is not ranked.
        Pool = "pool",
    }
    /// How equal counts are ranked.
    ties: Ties = "ties" {
        /// All get the best rank: 1, 2, 2, 4.
        Competition = "competition",
        /// All get the worst rank: 1, 3, 3, 4.
        Max = "max",
        /// All get the mean: 1, 2.5, 2.5, 4.
        Average = "average",
    }
    /// How the percent of a rank is made whole.
    rounding: Rounding = "rounding" {
        /// A half goes up.
        HalfUp = "half-up",
        /// A half goes to the even number.
        HalfEven = "half-even",
        /// It is not made whole.
        None = "none",
    }
    /// The band of a percent that is made 0.
    zero_percent: ZeroPercent = "zero-percent" {
        /// The first.
        FirstBand = "first-band",
        /// None: no points.
        NoBand = "no-band",
    }
    /// The band of a count of zero.
    zero_count: ZeroCount = "zero-count" {
        /// That of its rank.
        AsRanked = "as-ranked",
        /// The lowest.
        LowestBand = "lowest-band",
    }
    /// What happens to the others when a winner is struck off during the notice.
    struck_off: StruckOff = "struck-off" {
        /// Ranked again, but nobody else falls below the award already published.
        HoldHarmless = "hold-harmless",
        /// Nothing.
        Freeze = "freeze",
        /// Ranked again.
        Rerank = "rerank",
    }
    /// Whether the first day of the notice counts.
    notice_first_day: NoticeFirstDay = "notice-first-day" {
        /// It does, if it is a working day.
        Counts = "counts",
        /// The day after it is day 1.
        NextDay = "next-day",
    }
}

impl Default for Choices {
    fn default() -> Choices {
        Choices::new()
    }
}

impl Choices {
    /// The policies that the rulebook declares, with what is chosen, by name.
    pub fn declared(&self) -> impl Iterator<Item = (PolicyId, &'static str)> {
        self.declared.iter().map(|(&policy, &choice)| (policy, choice))
    }
}

impl PolicyId {
    /// The policy of a name.
    pub fn find(name: &str) -> Option<PolicyId> {
        PolicyId::ALL.iter().copied().find(|policy| policy.name() == name)
    }
}

/// Policies are listed by name, and found by it.
impl Ord for PolicyId {
    fn cmp(&self, other: &PolicyId) -> std::cmp::Ordering {
        self.name().cmp(other.name())
    }
}

impl PartialOrd for PolicyId {
    fn partial_cmp(&self, other: &PolicyId) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Borrow<str> for PolicyId {
    fn borrow(&self) -> &str {
        self.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_can_be_chosen_and_no_other() {
        for (policy, known) in POLICIES {
            for choice in *known {
                let mut choices = Choices::new();
                assert!(choices.choose(policy, choice));
                let declared: Vec<_> =
                    choices.declared().map(|(policy, choice)| (policy.name(), choice)).collect();
                assert_eq!(declared, [(*policy, *choice)]);
            }
            assert!(!Choices::new().choose(policy, "dense"));
        }
        assert!(!Choices::new().choose("dense", "row"));
    }
}
