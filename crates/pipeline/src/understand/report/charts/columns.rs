//! Columns over time.

use charts_rs::{BarChart, Series};

use super::axis::axis;
use super::paint::{Paint, finish, prepare, prepare_axis};
use crate::understand::report::ReportError;
use crate::understand::report::page::Shade;

/// Draws one column a label. `name` says what is counted; `faint` columns are not complete yet.
pub fn columns(name: &str, labels: &[String], values: &[f64], faint: &[bool]) -> Result<String, ReportError> {
    let scale = axis(values);
    let mut series = Series::new(name.to_owned(), values.iter().map(|v| *v as f32).collect());
    let faint_color = Paint::Shade(Shade::Unknown).color();
    series.colors = Some(faint.iter().map(|f| f.then_some(faint_color)).collect());
    let mut chart = BarChart::new(vec![series], labels.to_vec());
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
