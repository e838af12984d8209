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
    match scale {
        ScaleKind::ByRank(rank) => by_rank(rank, values, choices),
        ScaleKind::ByValue(thresholds) => values
            .iter()
            .map(|&count| {
                let band = thresholds.iter().position(|threshold| count >= threshold.value.at_least.0);
                let points = band.map_or(Exact::from_integer(0), |band| thresholds[band].value.points.0);
                Scored { count, rank: None, percent: None, band, as_zero: false, points }
            })
            .collect(),
        ScaleKind::AsIs { min, max } => values
            .iter()
            .map(|&count| {
                let points = count.clamp(min.0, max.0);
                Scored { count, rank: None, percent: None, band: None, as_zero: false, points }
            })
            .collect(),
    }
}

fn by_rank(scale: &RankScale, values: &[Exact], choices: &Choices) -> Vec<Scored> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    if scale.order == Order::HighToLow {
        sorted.reverse();
    }
    let precedes = |one: &Exact, other: &Exact| match scale.order {
        Order::HighToLow => one > other,
        Order::LowToHigh => one < other,
    };
    let pool = whole(values.len());
    values
        .iter()
        .map(|&count| {
            let ahead = sorted.partition_point(|other| precedes(other, &count));
            let ahead_or_equal = sorted.partition_point(|other| !precedes(&count, other));
            let best = whole(ahead + 1);
            let worst = whole(ahead_or_equal);
            let rank = match choices.ties {
                Ties::Competition => best,
                Ties::Max => worst,
                Ties::Average => (best + worst) / whole(2),
            };
            let exact = rank * whole(100) / pool;
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
        })
        .collect()
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
