//! Ranks, percents, bands and points of one indicator in one pool.

use crate::rulebook::{
    Choices, Exact, Order, RankScale, Rounding, ScaleKind, Ties, ZeroCount, ZeroPercent, round_half_even,
    round_half_up,
};

/// What one indicator gives to one subject.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scored {
    /// The value that was measured.
    pub count: Exact,
    /// The rank in the pool, where the scale ranks.
    pub rank: Option<Exact>,
    /// The percent of the rank, where the scale ranks.
    pub percent: Option<Exact>,
    /// The number of the band or threshold that gave the points.
    pub band: Option<usize>,
    /// Whether the band is that of a count of zero and not that of the rank.
    pub as_zero: bool,
    /// The points.
    pub points: Exact,
}

/// Scores the values of a pool on a scale, in their order.
pub(super) fn score_indicator(scale: &ScaleKind, values: &[Exact], choices: &Choices) -> Vec<Scored> {
    let field = Field::new(scale, values.to_vec());
    let mut distinct = values.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let scored: Vec<Scored> =
        distinct.iter().map(|&value| field.score(scale, value, Some(value), choices)).collect();
    let place = |value| distinct.binary_search(value).expect("every value is among the distinct ones");
    values.iter().map(|value| scored[place(value)].clone()).collect()
}

/// The values of a pool on one indicator, the first in the ranking first.
pub(super) struct Field {
    sorted: Vec<Exact>,
    order: Order,
}

/// How a value stands among those of its pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Among {
    ahead: usize,
    /// Itself included.
    ahead_or_equal: usize,
    pool: usize,
}

impl Field {
    /// The field of the values of a pool. On a scale that does not rank, their order is of no importance.
    pub(super) fn new(scale: &ScaleKind, mut values: Vec<Exact>) -> Field {
        let order = match scale {
            ScaleKind::ByRank(rank) => rank.order,
            ScaleKind::ByValue(_) | ScaleKind::AsIs { .. } => Order::HighToLow,
        };
        values.sort_unstable();
        if order == Order::HighToLow {
            values.reverse();
        }
        Field { sorted: values, order }
    }

    /// What a value earns in place of `own`, a value of this field; beside all of them, where there is none.
    pub(super) fn score(
        &self,
        scale: &ScaleKind,
        value: Exact,
        own: Option<Exact>,
        choices: &Choices,
    ) -> Scored {
        match scale {
            ScaleKind::ByRank(rank) => by_rank(rank, value, self.among(value, own), choices),
            ScaleKind::ByValue(thresholds) => {
                let band = thresholds.iter().position(|threshold| value >= threshold.value.at_least.0);
                let points = band.map_or(whole(0), |band| thresholds[band].value.points.0);
                Scored { count: value, rank: None, percent: None, band, as_zero: false, points }
            }
            ScaleKind::AsIs { min, max } => {
                let points = value.clamp(min.0, max.0);
                Scored { count: value, rank: None, percent: None, band: None, as_zero: false, points }
            }
        }
    }

    fn among(&self, value: Exact, own: Option<Exact>) -> Among {
        let precedes = |one: &Exact, other: &Exact| match self.order {
            Order::HighToLow => one > other,
            Order::LowToHigh => one < other,
        };
        let ahead = self.sorted.partition_point(|other| precedes(other, &value));
        let ahead_or_equal = self.sorted.partition_point(|other| !precedes(&value, other));
        let own_is_ahead = own.is_some_and(|own| precedes(&own, &value));
        let own_is_ahead_or_equal = own.is_some_and(|own| !precedes(&value, &own));
        Among {
            ahead: ahead - usize::from(own_is_ahead),
            ahead_or_equal: ahead_or_equal - usize::from(own_is_ahead_or_equal) + 1,
            pool: self.sorted.len() + 1 - usize::from(own.is_some()),
        }
    }
}

fn by_rank(scale: &RankScale, count: Exact, among: Among, choices: &Choices) -> Scored {
    let best = whole(among.ahead + 1);
    let worst = whole(among.ahead_or_equal);
    let rank = match choices.ties {
        Ties::Competition => best,
        Ties::Max => worst,
        Ties::Average => (best + worst) / whole(2),
    };
    let exact = rank * whole(100) / whole(among.pool);
    // 排名（四舍五入后取整）
    let percent = match choices.rounding {
        Rounding::HalfUp => Exact::from_integer(round_half_up(&exact)),
        Rounding::HalfEven => Exact::from_integer(round_half_even(&exact)),
        Rounding::None => exact,
    };
    let as_zero = count == whole(0) && choices.zero_count == ZeroCount::LowestBand;
    let band = match as_zero {
        true => Some(scale.bands.len() - 1),
        false => band_of(scale, percent, choices),
    };
    let points = band.map_or(whole(0), |band| scale.bands[band].value.points.0);
    Scored { count, rank: Some(rank), percent: Some(percent), band, as_zero, points }
}

fn band_of(scale: &RankScale, percent: Exact, choices: &Choices) -> Option<usize> {
    if percent == whole(0) {
        return match choices.zero_percent {
            ZeroPercent::FirstBand => Some(0),
            ZeroPercent::NoBand => None,
        };
    }
    // Bands follow one another without a gap; where percents are exact, a band reaches from above the end
    // of the one before it.
    scale.bands.iter().position(|band| percent <= whole(usize::from(band.value.until)))
}

fn whole(number: usize) -> Exact {
    Exact::from_integer(i128::try_from(number).expect("a count fits i128"))
}
