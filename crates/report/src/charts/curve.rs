//! Curves over shares: both axes run from 0 to 100 %.

use charts_rs::{AxisType, LineChart, Series, Symbol};
use clientele_model::figure::told;
use serde::Serialize;

use super::paint::{Paint, finish, prepare, prepare_axis};
use crate::shade::Shade;

/// A point; both coordinates are shares, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    #[serde(serialize_with = "told")]
    pub x: f64,
    #[serde(serialize_with = "told")]
    pub y: f64,
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineStyle {
    /// The line that the drawing is about, with the area below it.
    Main,
    /// A line to compare with; its name stands beside its middle.
    Compare,
    /// Lines from the axes to a point; its name stands at that point.
    Mark,
}

/// A line of a drawing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// What it is.
    pub name: String,
    pub points: Vec<Point>,
    pub line: LineStyle,
}

/// Curves over shares: both axes run from 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curves {
    /// The horizontal axis.
    pub across: String,
    /// The vertical axis.
    pub up: String,
    pub curves: Vec<Curve>,
}

/// Draws curves.
pub fn draw(Curves { across, up, curves }: &Curves) -> Result<String, charts_rs::Error> {
    let mut series = Vec::new();
    let mut colors = Vec::new();
    for curve in curves {
        let percent = |share: f64| share.clamp(0.0, 1.0) * 100.0;
        let ys = curve.points.iter().map(|p| percent(p.y) as f32).collect();
        let mut line = Series::new(curve.name.clone(), ys);
        line.x_values = Some(curve.points.iter().map(|p| percent(p.x)).collect());
        line.symbol = Some(Symbol::None);
        line.smooth = Some(false);
        match curve.line {
            LineStyle::Main => {
                line.fill = Some(true);
                colors.push(Paint::Shade(Shade::Accent).color());
            }
            LineStyle::Compare | LineStyle::Mark => {
                line.stroke_dash_array = Some("4,4".to_owned());
                line.fill = Some(false);
                colors.push(Paint::Soft.color());
            }
        }
        series.push(line);
        series.extend(label(curve).inspect(|_| colors.push(Paint::Soft.color())));
    }
    let mut chart = LineChart::new(series, Vec::new());
    prepare(&mut chart.base, 960.0, 400.0);
    chart.margin.top = 24.0;
    chart.margin.right = 24.0;
    chart.series.colors = colors;
    chart.series.stroke_width = 2.0;
    chart.series.fill_opacity = Some(0.12);
    chart.series.label.formatter = "{a}".to_owned();
    chart.x_axis.kind = AxisType::Value;
    chart.x_axis.min = Some(0.0);
    chart.x_axis.max = Some(100.0);
    chart.x_axis.formatter = Some("{c} %".to_owned());
    chart.x_axis.title = across.clone();
    for y in &mut chart.y_axis_configs {
        prepare_axis(y);
        y.formatter = Some("{c} %".to_owned());
        y.min = Some(0.0);
        y.max = Some(100.0);
        y.split_number = 5;
        y.title = Some(up.clone());
    }
    Ok(finish(&chart.svg()?))
}

/// A series of one point that carries the line's name.
fn label(curve: &Curve) -> Option<Series> {
    let at = match curve.line {
        LineStyle::Main => return None,
        LineStyle::Mark => curve.points.get(curve.points.len() / 2).copied()?,
        LineStyle::Compare => {
            let (first, last) = (curve.points.first()?, curve.points.last()?);
            // Beside its middle, where the text is clear of the line.
            let (x, y) = ((first.x + last.x) / 2.0, (first.y + last.y) / 2.0);
            Point { x: x - 0.14, y: y - 0.04 }
        }
    };
    let mut label = Series::new(curve.name.clone(), vec![(at.y * 100.0) as f32]);
    label.x_values = Some(vec![at.x * 100.0]);
    label.label_show = true;
    label.symbol = Some(Symbol::None);
    Some(label)
}
