//! Line plots with logarithmic axes, as one SVG that reads in light and in dark.

use std::fmt::Write as _;

use crate::report::thousands;

const WIDTH: f64 = 500.0;
const HEIGHT: f64 = 380.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 36.0;
const TOP: f64 = 40.0;
/// Room below the plot for its axis and legend.
const BOTTOM: f64 = 118.0;
/// From one entry of the legend to the one beside it.
const COLUMN: f64 = 210.0;
const STYLE: &str = "
  .paper { fill: #ffffff } text { fill: #24292f; font: 12px system-ui, sans-serif }
  .title { font-weight: 600; font-size: 14px } .grid { stroke: #d8dee4; stroke-width: 1 }
  .wanted { stroke: #6e7781; stroke-width: 1.5; stroke-dasharray: 2 4 }
  .line { fill: none; stroke-width: 2 } .dashed { stroke-dasharray: 7 4 }
  .c0 { stroke: #0072b2 } .c1 { stroke: #b8500a } .c2 { stroke: #00795a }
  circle.c0 { fill: #0072b2 } circle.c1 { fill: #b8500a } circle.c2 { fill: #00795a }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } text { fill: #e6edf3 } .grid { stroke: #30363d }
    .wanted { stroke: #9198a1 }
    .c0 { stroke: #56b4e9 } .c1 { stroke: #f0a35e } .c2 { stroke: #3fd2a2 }
    circle.c0 { fill: #56b4e9 } circle.c1 { fill: #f0a35e } circle.c2 { fill: #3fd2a2 }
  }
";

/// One line, or one point.
#[derive(Clone, Debug)]
pub struct Line {
    /// As the legend has it.
    pub name: String,
    /// Which of the three colours.
    pub colour: usize,
    /// Whether it is dashed.
    pub is_dashed: bool,
    /// Where it goes; both above zero.
    pub points: Vec<(f64, f64)>,
}

/// One plot.
#[derive(Clone, Debug)]
pub struct Plot {
    /// What it shows.
    pub title: String,
    /// What runs to the right.
    pub across: String,
    /// What runs up, with its unit.
    pub up: String,
    /// Its lines.
    pub lines: Vec<Line>,
    /// What is wanted, as a level with a name.
    pub wanted: Option<(f64, String)>,
}

/// The plots side by side.
pub fn svg(plots: &[Plot]) -> String {
    let count = u32::try_from(plots.len()).map_or(0.0, f64::from);
    let width = WIDTH * count;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {HEIGHT}\" \
         width=\"{width}\" height=\"{HEIGHT}\" role=\"img\">\n<style>{STYLE}</style>\n\
         <rect class=\"paper\" width=\"{width}\" height=\"{HEIGHT}\"/>\n"
    );
    let mut left = 0.0;
    for plot in plots {
        let _ = writeln!(text, "<g transform=\"translate({left} 0)\">");
        draw(&mut text, plot);
        text.push_str("</g>\n");
        left += WIDTH;
    }
    text.push_str("</svg>\n");
    text
}

/// From values to places: whole decades around everything shown.
struct Scale {
    low: i32,
    high: i32,
    from: f64,
    to: f64,
}

impl Scale {
    fn of(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let (mut least, mut most) = (f64::INFINITY, f64::MIN_POSITIVE);
        for value in values.filter(|value| *value > 0.0) {
            (least, most) = (least.min(value), most.max(value));
        }
        let exponents = (-6..=12).map(|exponent| (exponent, 10_f64.powi(exponent)));
        let low = exponents.clone().filter(|(_, power)| *power <= least);
        let low = low.map(|(exponent, _)| exponent).next_back().unwrap_or(0);
        let high = exponents.clone().find(|(_, power)| *power >= most);
        let high = high.map_or(low + 1, |(exponent, _)| exponent.max(low + 1));
        Self {
            low,
            high,
            from,
            to,
        }
    }

    fn at(&self, value: f64) -> f64 {
        let span = f64::from(self.high - self.low);
        let part = (value.max(1e-9).log10() - f64::from(self.low)) / span;
        self.from + (self.to - self.from) * part
    }

    fn decades(&self) -> impl Iterator<Item = f64> + use<> {
        (self.low..=self.high).map(|exponent| 10_f64.powi(exponent))
    }
}

fn draw(text: &mut String, plot: &Plot) {
    let points = || plot.lines.iter().flat_map(|line| &line.points);
    let wanted = plot.wanted.iter().map(|(level, _)| *level);
    let across = Scale::of(points().map(|(x, _)| *x), LEFT, WIDTH - RIGHT);
    let up = points().map(|(_, y)| *y).chain(wanted);
    let up = Scale::of(up, HEIGHT - BOTTOM, TOP);
    put(text, LEFT, 20.0, "title", "start", &plot.title);
    draw_axes(text, plot, &across, &up);
    if let Some((level, name)) = &plot.wanted {
        let (y, right) = (up.at(*level), WIDTH - RIGHT);
        let _ = writeln!(
            text,
            "<path class=\"wanted\" d=\"M{LEFT} {y:.1}H{right}\"/>"
        );
        put(text, right - 4.0, y - 5.0, "", "end", name);
    }
    let (mut x, mut y) = (LEFT, HEIGHT - BOTTOM + 56.0);
    for line in &plot.lines {
        let places = line.points.iter();
        let places: Vec<_> = places.map(|(x, y)| (across.at(*x), up.at(*y))).collect();
        draw_line(text, line, &places);
        let mark = y - 4.0;
        draw_line(text, line, &[(x, mark), (x + 26.0, mark)]);
        put(text, x + 36.0, y, "", "start", &line.name);
        (x, y) = if x > LEFT {
            (LEFT, y + 20.0)
        } else {
            (x + COLUMN, y)
        };
    }
}

fn draw_axes(text: &mut String, plot: &Plot, across: &Scale, up: &Scale) {
    let (bottom, right) = (HEIGHT - BOTTOM, WIDTH - RIGHT);
    for value in across.decades() {
        let x = across.at(value);
        let _ = writeln!(text, "<path class=\"grid\" d=\"M{x:.1} {TOP}V{bottom}\"/>");
        put(text, x, bottom + 16.0, "", "middle", &label(value));
    }
    for value in up.decades() {
        let y = up.at(value);
        let _ = writeln!(text, "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{right}\"/>");
        put(text, LEFT - 6.0, y + 4.0, "", "end", &label(value));
    }
    put(
        text,
        (LEFT + right) / 2.0,
        bottom + 34.0,
        "",
        "middle",
        &plot.across,
    );
    let height = (TOP + bottom) / 2.0;
    let _ = writeln!(text, "<g transform=\"translate(14 {height}) rotate(-90)\">");
    put(text, 0.0, 0.0, "", "middle", &plot.up);
    text.push_str("</g>\n");
}

fn draw_line(text: &mut String, line: &Line, places: &[(f64, f64)]) {
    let colour = format!("c{}", line.colour);
    let dashes = if line.is_dashed { " dashed" } else { "" };
    let path: Vec<String> = places
        .iter()
        .map(|(x, y)| format!("{x:.1} {y:.1}"))
        .collect();
    let path = path.join("L");
    let _ = writeln!(
        text,
        "<path class=\"line {colour}{dashes}\" d=\"M{path}\"/>"
    );
    for (x, y) in places {
        let dot = format!("cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"");
        let _ = writeln!(text, "<circle class=\"{colour}\" {dot}/>");
    }
}

/// Writes words at a place.
fn put(text: &mut String, x: f64, y: f64, class: &str, anchor: &str, words: &str) {
    let _ = writeln!(
        text,
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>"
    );
}

fn label(value: f64) -> String {
    if value < 1.0 {
        format!("{value}")
    } else {
        thousands(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_whole_decades_around_everything() {
        let scale = Scale::of([1.0, 250.0].into_iter(), 0.0, 300.0);
        assert_eq!((scale.low, scale.high), (0, 3));
        assert!((scale.at(10.0) - 100.0).abs() < 1e-9);
        let one = Scale::of([1.0].into_iter(), 0.0, 1.0);
        assert_eq!((one.low, one.high), (0, 1));
    }
}
