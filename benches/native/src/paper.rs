//! What came out, for people: a table in text, one in Markdown, a plot of each work; measures nothing.

use std::fmt::Write;
use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::work::{Result, Role, Row, time};

/// A work's table: each contestant's time, and how it compares to the floor and to the best peer.
pub fn table(result: &Result) -> String {
    let mut text = String::new();
    let floor = best(result, Role::Floor);
    let peer = best(result, Role::Peer);
    let _ = writeln!(
        text,
        "### {}\n\n| {} | time | × floor | × best peer |",
        result.title, result.name
    );
    text.push_str("|---|---:|---:|---:|\n");
    for row in &result.rows {
        let (floor, peer) = (ratio(row, floor), ratio(row, peer));
        let _ = writeln!(
            text,
            "| {} | {} | {floor} | {peer} |",
            shown(row),
            time(row.nanoseconds)
        );
    }
    for goal in &result.goals {
        let verdict = if goal.holds() {
            "reached"
        } else {
            "**not reached**"
        };
        let _ = write!(text, "\nGoal {}: {:.2}, {verdict}.\n", goal.text, goal.is);
    }
    text
}

/// Whether a goal was reached, in one line each.
pub fn summary(results: &[Result]) -> String {
    let mut text = String::from("| work | goal | is | |\n|---|---|---:|---|\n");
    for result in results {
        for goal in &result.goals {
            let verdict = if goal.holds() {
                "reached"
            } else {
                "**not reached**"
            };
            let _ = writeln!(
                text,
                "| {} | {} | {:.2} | {verdict} |",
                result.title, goal.text, goal.is
            );
        }
    }
    text
}

fn shown(row: &Row) -> String {
    match row.role {
        Role::Ours => format!("**{}**", row.name),
        Role::Floor => format!("*{}*", row.name),
        Role::Peer => row.name.to_owned(),
    }
}

fn best(result: &Result, role: Role) -> Option<f64> {
    let rows = result.rows.iter().filter(|row| row.role == role);
    rows.map(|row| row.nanoseconds).reduce(f64::min)
}

fn ratio(row: &Row, to: Option<f64>) -> String {
    to.map_or_else(
        || "–".to_owned(),
        |to| format!("{:.2}", row.nanoseconds / to),
    )
}

const WIDTH: u32 = 760;
const BAR: u32 = 26;
const LEFT: i32 = 250;
const TOP: i32 = 44;

/// One bar for each contestant, as long as its time; the scale is logarithmic where the times differ much.
pub fn plot(result: &Result, path: &Path) -> std::result::Result<(), Box<dyn std::error::Error>> {
    let height = TOP as u32 + BAR * result.rows.len() as u32 + 12;
    let area = SVGBackend::new(path, (WIDTH, height)).into_drawing_area();
    area.fill(&WHITE)?;
    let title = ("sans-serif", 16).into_font().color(&BLACK);
    area.draw(&Text::new(result.title.clone(), (12, 12), title))?;
    let scale = Scale::of(&result.rows);
    let label = ("sans-serif", 13).into_font().color(&BLACK);
    for (place, row) in result.rows.iter().enumerate() {
        let top = TOP + (BAR * place as u32) as i32;
        let end = LEFT + scale.length(row.nanoseconds);
        let bar = [(LEFT, top + 4), (end, top + BAR as i32 - 4)];
        area.draw(&Rectangle::new(bar, color(row.role).filled()))?;
        let middle = top + BAR as i32 / 2;
        let right = label.clone().pos(Pos::new(HPos::Right, VPos::Center));
        area.draw(&Text::new(row.name, (LEFT - 8, middle), right))?;
        let left = label.clone().pos(Pos::new(HPos::Left, VPos::Center));
        area.draw(&Text::new(time(row.nanoseconds), (end + 6, middle), left))?;
    }
    let note = ("sans-serif", 11)
        .into_font()
        .color(&RGBColor(110, 110, 110));
    area.draw(&Text::new(scale.note(), (12, 30), note))?;
    area.present()?;
    Ok(())
}

fn color(role: Role) -> RGBColor {
    match role {
        Role::Ours => RGBColor(196, 78, 82),
        Role::Floor => RGBColor(140, 140, 140),
        Role::Peer => RGBColor(76, 114, 176),
    }
}

struct Scale {
    least: f64,
    most: f64,
    is_logarithmic: bool,
}

impl Scale {
    fn of(rows: &[Row]) -> Self {
        let times = || rows.iter().map(|row| row.nanoseconds);
        let (least, most) = (
            times().fold(f64::MAX, f64::min),
            times().fold(0.0, f64::max),
        );
        Self {
            is_logarithmic: most > 30.0 * least,
            least,
            most,
        }
    }

    fn length(&self, time: f64) -> i32 {
        let share = if self.is_logarithmic {
            (2.0 * time / self.least).ln() / (2.0 * self.most / self.least).ln()
        } else {
            time / self.most
        };
        (share * f64::from(WIDTH as i32 - LEFT - 90)) as i32
    }

    fn note(&self) -> &'static str {
        if self.is_logarithmic {
            "red: cachier, grey: the floor, blue: peers; shorter is faster; logarithmic"
        } else {
            "red: cachier, grey: the floor, blue: peers; shorter is faster"
        }
    }
}
