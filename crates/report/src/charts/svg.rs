//! Drawings that the library has none of, made of plain SVG.

use std::fmt::Write as _;

use crate::shade::Shade;

/// The size of text in a drawing, in units of its width.
pub const TEXT: f64 = 13.0;

/// What keeps a text readable where a line runs below it.
const HALO: &str = r#"stroke="var(--paper)" stroke-width="3" stroke-linejoin="round" paint-order="stroke""#;

/// A drawing that grows.
#[derive(Debug, Clone, PartialEq)]
pub struct Svg {
    width: f64,
    height: f64,
    body: String,
}

/// Where a text is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Svg {
    pub fn new(width: f64, height: f64) -> Svg {
        Svg { width, height, body: String::new() }
    }

    /// A rectangle with a text that shows when one points at it.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, shade: Shade, title: &str) {
        let (class, title) = (shade.name(), titled(title));
        _ = writeln!(
            self.body,
            r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}">{title}</rect>"#
        );
    }

    /// A line in a colour of the style sheet: `line`, `soft` or `ink`.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), color: &str, wide: f64) {
        let ((x1, y1), (x2, y2)) = (from, to);
        _ = writeln!(
            self.body,
            r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" stroke="var(--{color})" stroke-width="{wide}"/>"#
        );
    }

    /// A filled shape.
    pub fn path(&mut self, path: &str, shade: Shade, opacity: f64, title: &str) {
        let (class, title) = (shade.name(), titled(title));
        _ = writeln!(
            self.body,
            r#"<path class="{class}" fill-opacity="{opacity}" d="{path}">{title}</path>"#
        );
    }

    pub fn dot(&mut self, x: f64, y: f64, radius: f64, shade: Shade, title: &str) {
        let (class, title) = (shade.name(), titled(title));
        _ = writeln!(
            self.body,
            r#"<circle class="{class}" cx="{x:.1}" cy="{y:.1}" r="{radius}">{title}</circle>"#
        );
    }

    /// A text whose middle line is at `y`, in a colour as for [`Svg::line`].
    pub fn text(&mut self, x: f64, y: f64, anchor: Anchor, color: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (y, text) = (y + TEXT * 0.35, escape(text));
        _ = writeln!(
            self.body,
            r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" fill="var(--{color})" font-size="{TEXT}" {HALO}>{text}</text>"#
        );
    }

    /// The whole drawing.
    pub fn finish(self) -> String {
        let Svg { width, height, body } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             font-family=\"inherit\" aria-hidden=\"true\" focusable=\"false\">\n{body}</svg>"
        )
    }
}

fn titled(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<title>{}</title>", escape(text)) }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// About how wide a text will be. Chinese characters are square, others a little over half as wide.
pub fn width(text: &str) -> f64 {
    text.chars().map(|c| if c >= '\u{2e80}' { TEXT } else { TEXT * 0.56 }).sum()
}

/// A text that fits, its end cut off if need be.
pub fn fitted(text: &str, room: f64) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut fit = String::new();
    for c in text.chars() {
        if width(&fit) + width("…") + width(c.encode_utf8(&mut [0; 4])) > room {
            break;
        }
        fit.push(c);
    }
    format!("{}…", fit.trim_end())
}

/// Places as near to the wished ones as can be, in their order, at least `apart` from each other and
/// within `from` and `to` as long as there is room.
pub fn spread(wished: &[f64], apart: f64, from: f64, to: f64) -> Vec<f64> {
    let mut places = wished.to_vec();
    let mut least = from;
    for place in &mut places {
        *place = place.max(least);
        least = *place + apart;
    }
    let mut most = to;
    for place in places.iter_mut().rev() {
        *place = place.min(most);
        most = *place - apart;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_cut() {
        let mut svg = Svg::new(10.0, 10.0);
        svg.text(1.0, 1.0, Anchor::End, "soft", "<b>&\"");
        assert!(svg.finish().contains(">&lt;b&gt;&amp;&quot;</text>"));
        assert_eq!(fitted("short", 100.0), "short");
        assert_eq!(fitted("冠军客户群体", 53.0), "冠军客…");
    }

    #[test]
    fn labels_keep_apart() {
        assert_eq!(spread(&[1.0, 2.0, 50.0], 10.0, 0.0, 100.0), [1.0, 11.0, 50.0]);
        assert_eq!(spread(&[95.0, 99.0], 10.0, 0.0, 100.0), [90.0, 100.0]);
    }
}
