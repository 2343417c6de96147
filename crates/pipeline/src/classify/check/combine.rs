//! The combinations that kinds of schemes can meet.

use clientele_model::spec::scheme::{Bounds, Grade, Matching, Points, PointsMethod};

use super::Tally;

/// Below, at and between all bounds.
pub(super) fn bands(bounds: &Bounds, tally: &mut Tally) {
    let mut ends: Vec<f64> = bounds.iter().flat_map(|(min, below)| [*min, *below]).flatten().collect();
    ends.sort_by(f64::total_cmp);
    ends.dedup();
    let mut points: Vec<f64> = ends.windows(2).map(|w| w[0].midpoint(w[1])).collect();
    points.extend(&ends);
    points.extend(ends.first().map(|e| e - 1.0));
    points.extend(ends.last().map(|e| e + 1.0));
    if points.is_empty() {
        points.push(0.0);
    }
    points.sort_by(f64::total_cmp);
    for point in points {
        let holds = |(min, below): &(Option<f64>, Option<f64>)| {
            min.is_none_or(|min| point >= min) && below.is_none_or(|below| point < below)
        };
        let hits = bounds.iter().enumerate().filter(|(_, b)| holds(b)).map(|(i, _)| i).collect();
        tally.add(format!("{point}"), hits);
    }
}

pub(super) fn codes(counts: &[usize], matching: &Matching, tally: &mut Tally) {
    let total: usize = counts.iter().product();
    for mut number in 0..total {
        let mut code = String::new();
        for count in counts.iter().rev() {
            code.insert(0, char::from(b'1' + (number % count) as u8));
            number /= count;
        }
        let hits = match matching {
            Matching::Listed(listed) => {
                let twice = |codes: &Vec<String>| codes.iter().filter(|c| **c == code).count();
                listed.iter().enumerate().flat_map(|(i, c)| std::iter::repeat_n(i, twice(c))).collect()
            }
            Matching::EveryCode(every) => {
                every.iter().enumerate().filter(|(_, c)| **c == code).map(|(i, _)| i).collect()
            }
        };
        tally.add(code, hits);
    }
}

/// The points that a line can give.
fn options(method: &PointsMethod, weight: f64) -> Vec<f64> {
    match method {
        PointsMethod::Quantiles { count, .. } => (1..=*count).map(|p| p as f64 * weight).collect(),
        PointsMethod::Bands { points, .. } => points.iter().map(|p| p * weight).collect(),
        PointsMethod::When { points, .. } => vec![0.0, points * weight],
    }
}

/// All sums that the lines can make; the last tier takes what no other does.
pub(super) fn sums(points: &[Points], least: &[f64], tally: &mut Tally) {
    let mut sums = vec![0.0];
    for line in points.iter().map(|p| options(&p.method, p.weight)) {
        sums = sums.iter().flat_map(|sum| line.iter().map(move |points| sum + points)).collect();
        sums.sort_by(f64::total_cmp);
        sums.dedup_by(|a, b| (*a - *b).abs() < 1e-9);
    }
    for sum in sums {
        let tier = least.iter().position(|least| sum >= *least).unwrap_or(least.len());
        tally.add(format!("{sum} points"), vec![tier]);
    }
}

/// All numbers of must-haves and signs; the first tier of which a grade is reached, else the last.
pub(super) fn grades(must: usize, signs: usize, grades: &[Vec<Grade>], tally: &mut Tally) {
    for m in 0..=must {
        for s in 0..=signs {
            let reached = |tier: &Vec<Grade>| tier.iter().any(|g| m >= g.must && s >= g.signs);
            let tier = grades.iter().position(reached).unwrap_or(grades.len());
            tally.add(format!("{m}/{s}"), vec![tier]);
        }
    }
}

/// Each dimension in the lead, and none of them.
pub(super) fn leads(dimensions: &[Option<String>], margin: f64, tally: &mut Tally) {
    for (tier, dimension) in dimensions.iter().enumerate() {
        if let Some(dimension) = dimension {
            tally.add(format!("{dimension} leads"), vec![tier]);
        }
    }
    // With a margin there is a tier for those of whom nothing leads; without one the first of equals leads.
    let rest = dimensions.iter().position(Option::is_none).filter(|_| margin > 0.0);
    tally.add("nothing leads".to_owned(), vec![rest.unwrap_or(0)]);
}

/// Each listed value, and one that is not listed where a tier takes the rest.
pub(super) fn values(values: &[Vec<String>], has_rest: bool, tally: &mut Tally) {
    for (tier, listed) in values.iter().enumerate() {
        for value in listed {
            tally.add(value.clone(), vec![tier]);
        }
    }
    if has_rest {
        tally.add("another value".to_owned(), vec![values.len()]);
    }
}
