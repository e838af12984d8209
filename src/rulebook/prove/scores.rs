//! What is proved of scores: scales without gaps, and weights that sum to 100.

use super::names::unknown_name;
use crate::rulebook::exact::{Exact, decimal};
use crate::rulebook::file::ScaleKind;
use crate::rulebook::proved::Rulebook;
use crate::source::{Report, code, say};

pub(super) fn prove_scales(report: &mut Report, rulebook: &Rulebook) {
    let zero = Exact::from_integer(0);
    for scale in &rulebook.scales {
        match &scale.points.value {
            ScaleKind::ByRank(rank) => {
                let mut next = 1;
                for band in &rank.bands {
                    if band.value.from != next || band.value.until < band.value.from {
                        report
                            .error(
                                code::BAND_GAP,
                                band.span,
                                say!("the next band must begin at {next} %", next),
                            )
                            .hint(say!("bands must cover 1 to 100 % without gaps or overlaps"));
                    }
                    next = band.value.until.saturating_add(1);
                }
                if next != 101 {
                    report
                        .error(
                            code::BAND_GAP,
                            scale.points.span,
                            say!("the bands end at {next} %", next = next - 1),
                        )
                        .hint(say!("bands must cover 1 to 100 %"));
                }
                for pair in rank.bands.windows(2) {
                    if pair[1].value.points >= pair[0].value.points {
                        report
                            .error(
                                code::BAND_ORDER,
                                pair[1].span,
                                say!("this band does not earn fewer points than the one before it"),
                            )
                            .hint(say!("a better rank must earn more points"));
                    }
                }
            }
            ScaleKind::ByValue(thresholds) => {
                for pair in thresholds.windows(2) {
                    if pair[1].value.at_least >= pair[0].value.at_least {
                        report
                            .error(
                                code::THRESHOLD_ORDER,
                                pair[1].span,
                                say!("this threshold is not lower than the one before it"),
                            )
                            .hint(say!("list thresholds from the highest down"));
                    }
                }
                if thresholds.last().is_none_or(|last| last.value.at_least.0 > zero) {
                    report
                        .error(
                            code::THRESHOLD_GAP,
                            scale.points.span,
                            say!("no points are defined for values below the last threshold"),
                        )
                        .hint(say!("make the last threshold `at_least: 0`"));
                }
            }
            ScaleKind::AsIs { min, max } => {
                if min >= max {
                    report
                        .error(code::BAD_NUMBER, scale.points.span, say!("`min` is not less than `max`"))
                        .hint(say!("correct `min` and `max`"));
                }
            }
        }
    }
}

pub(super) fn prove_indicators(report: &mut Report, rulebook: &Rulebook) {
    let measures: Vec<&str> = rulebook.measures.iter().map(|measure| measure.id.value.as_str()).collect();
    let scales: Vec<&str> = rulebook.scales.iter().map(|scale| scale.id.value.as_str()).collect();
    let mut sum = Exact::from_integer(0);
    for indicator in &rulebook.indicators {
        unknown_name(report, &indicator.measure, &say!("measure"), &measures);
        unknown_name(report, &indicator.scale, &say!("scale"), &scales);
        if indicator.weight.value.0 <= Exact::from_integer(0) {
            report
                .error(code::BAD_NUMBER, indicator.weight.span, say!("a weight must be greater than 0"))
                .hint(say!("remove the indicator, or give it a weight"));
        }
        sum += indicator.weight.value.0;
    }
    if sum != Exact::from_integer(100) {
        let span = rulebook.indicators.last().map_or(rulebook.span, |indicator| indicator.weight.span);
        report
            .error(code::WEIGHTS, span, say!("the weights add up to {sum}, not 100", sum = decimal(&sum)))
            .hint(say!("correct the weights of the indicators"));
    }
    for adjustment in &rulebook.adjustments {
        unknown_name(report, &adjustment.measure, &say!("measure"), &measures);
        if adjustment.at_most.0 < Exact::from_integer(0) {
            report.error(code::BAD_NUMBER, adjustment.id.span, say!("`at_most` is below 0")).hint(say!(
                "write it without a sign; `points_each` decides whether points are added or deducted"
            ));
        }
    }
    for scale in &rulebook.scales {
        if rulebook.indicators.iter().all(|indicator| indicator.scale.value != scale.id.value) {
            report
                .error(
                    code::UNUSED_NAME,
                    scale.id.span,
                    say!("no indicator uses the scale `{scale}`", scale = scale.id.value),
                )
                .hint(say!("use it, or remove it"));
        }
    }
}
