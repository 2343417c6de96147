//! Stand-ins for the style sheet's colours.

use charts_rs::{ChartBase, Color, FontConfig, TitleConfig, YAxisConfig};

use crate::shade::{SHADES, Shade};

/// A colour of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Text beside the drawing.
    Soft,
    /// Grid and axes.
    Line,
    /// Tiers and the accent.
    Shade(Shade),
}

impl Paint {
    fn all() -> Vec<Paint> {
        let tiers = (0..SHADES).map(|i| Paint::Shade(Shade::Tier(i)));
        let rest = [Paint::Soft, Paint::Line, Paint::Shade(Shade::Unknown), Paint::Shade(Shade::Accent)];
        tiers.chain(rest).collect()
    }

    /// The stand-in: a blue that nothing else has, with a number in its red.
    pub fn color(self) -> Color {
        let number = match self {
            Paint::Shade(Shade::Tier(shade)) => u8::try_from(shade).unwrap_or(u8::MAX),
            Paint::Soft => 0x41,
            Paint::Line => 0x42,
            Paint::Shade(Shade::Unknown) => 0x43,
            Paint::Shade(Shade::Accent) => 0x44,
        };
        Color { r: number, g: 0x01, b: 0xfd, a: 255 }
    }

    fn variable(self) -> String {
        match self {
            Paint::Soft => "var(--soft)".to_owned(),
            Paint::Line => "var(--line)".to_owned(),
            Paint::Shade(Shade::Accent) => "var(--accent)".to_owned(),
            Paint::Shade(shade) => format!("var(--{})", shade.name()),
        }
    }
}

/// Sets what all drawings have in common.
pub fn prepare(base: &mut ChartBase, width: f32, height: f32) {
    base.width = width;
    base.height = height;
    base.font_family = "inherit".to_owned();
    base.background_color = Color::transparent();
    base.legend.show = Some(false);
    base.title = TitleConfig::default();
    base.x_axis.font = font();
    base.x_axis.stroke_color = Paint::Line.color();
    base.grid.stroke_color = Paint::Line.color();
    base.grid.stroke_width = 1.0;
    base.series.label.font = FontConfig { size: 13.0, color: Paint::Soft.color(), weight: None };
    base.compact = true;
}

/// Sets how a vertical axis looks.
pub fn prepare_axis(axis: &mut YAxisConfig) {
    axis.font = font();
    axis.stroke_color = Color::transparent();
}

fn font() -> FontConfig {
    FontConfig { size: 12.0, color: Paint::Soft.color(), weight: None }
}

/// Puts the style sheet's colours in the place of the stand-ins.
pub fn finish(svg: &str) -> String {
    let mut svg = svg.to_owned();
    for paint in Paint::all() {
        svg = svg.replace(&format!("\"{}\"", paint.color().hex()), &format!("\"{}\"", paint.variable()));
    }
    // Text on a tile. The library dims it, which leaves too little contrast.
    svg = svg.replace("\"#FFF\"", "\"var(--on-tier)\"").replace("\"#FFFFFF\"", "\"var(--on-tier)\"");
    for dimmed in ["\".9\"", "\".71\""] {
        let text = "fill=\"var(--on-tier)\"";
        svg = svg.replace(&format!("{text} fill-opacity={dimmed}"), text);
    }
    svg
}
