//! This is where the marks of a chart stand, in units of its own: the template draws them.

use crate::archive::statistics::{Group, Trend};
use serde::Serialize;

/// Columns of a histogram.
#[derive(Debug, Serialize)]
pub(super) struct Bars {
    columns: Vec<Column>,
    most: u64,
}

#[derive(Debug, Serialize)]
struct Column {
    x: f64,
    y: f64,
    height: f64,
    label: String,
    count: u64,
}

/// Size of the histogram: width of a column with its gap, height of the tallest.
const STEP: f64 = 64.0;
const TALL: f64 = 180.0;

impl Bars {
    /// Plans by score, in bands of ten points.
    pub fn of_scores(bands: &[u64; 10]) -> Self {
        let most = bands.iter().copied().max().unwrap_or(0).max(1);
        let column = |(at, count): (usize, &u64)| {
            let height = tenth(TALL * *count as f64 / most as f64);
            let high = if at == 9 { 100 } else { at * 10 + 9 };
            Column {
                x: at as f64 * STEP,
                y: tenth(TALL - height + 20.0),
                height,
                label: format!("{}–{high}", at * 10),
                count: *count,
            }
        };
        Self { columns: bands.iter().enumerate().map(column).collect(), most }
    }
}

/// Means with their intervals, one below the other, on a scale that they fill.
#[derive(Debug, Serialize)]
pub(super) struct Dots {
    rows: Vec<Row>,
    ticks: Vec<Tick>,
    height: f64,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    y: f64,
    x: f64,
    low: f64,
    high: f64,
}

#[derive(Debug, Serialize)]
struct Tick {
    at: f64,
    label: String,
}

/// Left edge and width of the scale, height of a row, and how many rows are drawn.
const LEFT: f64 = 180.0;
const WIDE: f64 = 500.0;
const ROW: f64 = 26.0;
const DRAWN: usize = 40;

impl Dots {
    pub fn new(groups: &[Group]) -> Self {
        let groups = groups.get(..DRAWN).unwrap_or(groups);
        let low = groups.iter().map(|group| group.interval.low).fold(100.0, f64::min);
        let high = groups.iter().map(|group| group.interval.high).fold(0.0, f64::max);
        let scale = Scale::new(low, high, LEFT, WIDE);
        let row = |(at, group): (usize, &Group)| Row {
            name: short(&group.name),
            y: (at as f64 + 0.5) * ROW,
            x: scale.at(group.mean),
            low: scale.at(group.interval.low),
            high: scale.at(group.interval.high),
        };
        Self {
            rows: groups.iter().enumerate().map(row).collect(),
            ticks: scale.ticks(),
            height: groups.len() as f64 * ROW,
        }
    }
}

fn short(name: &str) -> String {
    if name.chars().count() <= 22 { name.to_owned() } else { name.chars().take(21).chain(['…']).collect() }
}

/// The control chart.
#[derive(Debug, Serialize)]
pub(super) struct Control {
    points: Vec<Point>,
    line: String,
    upper: String,
    lower: String,
    centre: f64,
    change: Option<f64>,
    ticks: Vec<Tick>,
    labels: Vec<Tick>,
}

#[derive(Debug, Serialize)]
struct Point {
    x: f64,
    y: f64,
    month: String,
    mean: f64,
    plans: usize,
    out: bool,
}

const HEIGHT: f64 = 220.0;

impl Control {
    pub fn new(trend: &Trend) -> Self {
        let least = trend.months.iter().flat_map(|m| [m.mean, m.limits[0]]).fold(100.0, f64::min);
        let most = trend.months.iter().flat_map(|m| [m.mean, m.limits[1]]).fold(0.0, f64::max);
        let scale = Scale::new(least, most, 0.0, HEIGHT);
        let x = |at: usize| tenth(50.0 + (at as f64 + 0.5) * 640.0 / trend.months.len() as f64);
        // Better scores stand higher.
        let y = |value: f64| tenth(10.0 + HEIGHT - scale.at(value));
        let path = |values: &dyn Fn(usize) -> f64| -> String {
            let points = (0..trend.months.len()).map(|at| format!("{},{}", x(at), y(values(at))));
            points.collect::<Vec<_>>().join(" ")
        };
        let step = trend.months.len().div_ceil(8).max(1);
        let changed = trend.change.as_ref().and_then(|c| trend.months.iter().position(|m| m.month == c.month));
        Self {
            points: trend
                .months
                .iter()
                .enumerate()
                .map(|(at, m)| Point {
                    x: x(at),
                    y: y(m.mean),
                    month: m.month.clone(),
                    mean: m.mean,
                    plans: m.plans,
                    out: m.beyond || m.run,
                })
                .collect(),
            line: path(&|at| trend.months[at].mean),
            upper: path(&|at| trend.months[at].limits[1]),
            lower: path(&|at| trend.months[at].limits[0]),
            centre: y(trend.centre),
            change: changed.map(|at| tenth(x(at) - 320.0 / trend.months.len() as f64)),
            ticks: scale.ticks().into_iter().map(|tick| Tick { at: tenth(10.0 + HEIGHT - tick.at), ..tick }).collect(),
            labels: trend
                .months
                .iter()
                .enumerate()
                .step_by(step)
                .map(|(at, m)| Tick { at: x(at), label: m.month.clone() })
                .collect(),
        }
    }
}

/// From scores to units of a chart.
struct Scale {
    low: f64,
    high: f64,
    from: f64,
    length: f64,
}

impl Scale {
    /// Widened to whole fives, at least ten points long.
    fn new(low: f64, high: f64, from: f64, length: f64) -> Self {
        let (mut low, mut high) = ((low / 5.0).floor() * 5.0, (high / 5.0).ceil() * 5.0);
        while high - low < 10.0 {
            if low > 0.0 {
                low -= 5.0;
            } else {
                high += 5.0;
            }
        }
        Self { low, high, from, length }
    }

    fn at(&self, value: f64) -> f64 {
        tenth(self.from + self.length * (value - self.low) / (self.high - self.low))
    }

    fn ticks(&self) -> Vec<Tick> {
        let step = if self.high - self.low > 50.0 {
            20.0
        } else if self.high - self.low > 20.0 {
            10.0
        } else {
            5.0
        };
        let first = (self.low / step).ceil() as i32;
        let last = (self.high / step).floor() as i32;
        (first..=last)
            .map(|n| f64::from(n) * step)
            .map(|value| Tick { at: self.at(value), label: format!("{value:.0}") })
            .collect()
    }
}

/// To a tenth of a unit, so that files do not differ by the last bits.
fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
