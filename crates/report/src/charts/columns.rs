//! Columns over time.

use charts_rs::{BarChart, Series};
use clientele_model::figure::told;
use serde::Serialize;

use super::axis::axis;
use super::paint::{Paint, finish, prepare, prepare_axis};
use crate::shade::Shade;

/// Columns over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Columns {
    /// What is counted.
    pub name: String,
    pub columns: Vec<Bar>,
}

/// A column over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    pub label: String,
    /// How much there is of what is counted; money in units of the currency.
    #[serde(serialize_with = "told")]
    pub value: f64,
    /// Whether its time is over; what is not complete yet is drawn paler.
    pub complete: bool,
}

/// Draws one column a label.
pub fn draw(Columns { name, columns }: &Columns) -> Result<String, charts_rs::Error> {
    let values: Vec<f64> = columns.iter().map(|bar| bar.value).collect();
    let scale = axis(&values);
    let mut series = Series::new(name.clone(), values.iter().map(|v| *v as f32).collect());
    let faint_color = Paint::Shade(Shade::Unknown).color();
    series.colors = Some(columns.iter().map(|bar| (!bar.complete).then_some(faint_color)).collect());
    let mut chart = BarChart::new(vec![series], columns.iter().map(|bar| bar.label.clone()).collect());
    prepare(&mut chart.base, 960.0, 280.0);
    chart.series.colors = vec![Paint::Shade(Shade::Accent).color()];
    chart.x_axis.name_gap = 6.0;
    for y in &mut chart.y_axis_configs {
        prepare_axis(y);
        y.formatter = Some("{t}".to_owned());
        y.min = Some(scale.min as f32);
        y.max = Some(scale.max as f32);
        y.split_number = scale.steps;
    }
    Ok(finish(&chart.svg()?))
}
