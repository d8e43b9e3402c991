//! `cachier verify`: checks every record.

use cachier::inspect::{Cache, Damage, Verified};
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;

use crate::failure::Failure;
use crate::human;
use crate::screen::Screen;
use crate::select::Caches;
use crate::table::{Column, table};
use crate::usage::{Common, Verify};

const COLUMNS: [Column; 4] = [
    Column::words("FUNCTION")
        .shortened_by(human::short_id)
        .styled(AnsiColor::Cyan.on_default()),
    Column::numbers("RECORDS"),
    Column::numbers("ENTRIES"),
    Column::numbers("DAMAGED"),
];
const FAINT: Style = Style::new().dimmed();

#[derive(Serialize)]
struct Report {
    function: String,
    directory: String,
    records: u64,
    entries: u64,
    damaged: Vec<Broken>,
}

#[derive(Serialize)]
struct Broken {
    file: String,
    offset: u64,
    key: Option<String>,
    reason: String,
}

impl Report {
    fn of(cache: &Cache, verified: Verified) -> Self {
        Self {
            function: cache.id().into(),
            directory: cache.dir().display().to_string(),
            records: verified.records,
            entries: verified.entries,
            damaged: verified.damaged.into_iter().map(Broken::from).collect(),
        }
    }

    fn cells(&self) -> [String; 4] {
        [
            human::plain(&self.function),
            human::count(self.records),
            human::count(self.entries),
            human::count(self.damaged.len() as u64),
        ]
    }
}

impl From<Damage> for Broken {
    fn from(damage: Damage) -> Self {
        Self {
            file: damage.file.display().to_string(),
            offset: damage.offset,
            key: damage.digest.map(|digest| digest.to_string()),
            reason: damage.reason,
        }
    }
}

impl Broken {
    fn text(&self) -> String {
        let key = self.key.as_ref().map(|key| format!(", entry {key}"));
        let Self {
            file,
            offset,
            reason,
            ..
        } = self;
        format!(
            "{file}: at byte {}{}: {reason}\n",
            human::count(*offset),
            key.unwrap_or_default()
        )
    }
}

pub fn run(given: &Verify, common: &Common, screen: &Screen) -> Result<(), Failure> {
    let caches = Caches::of(common)?;
    let chosen = caches.these(&given.functions)?;
    let reports = verified(&chosen, screen)?;
    screen.result(&reports, || text(&reports, screen))?;
    match reports
        .iter()
        .map(|report| report.damaged.len() as u64)
        .sum()
    {
        0 => Ok(()),
        damages => Err(Failure::Nothing(format!(
            "{} found: what was there is calculated anew at the next call",
            human::counted(damages, "damaged place was", "damaged places were")
        ))),
    }
}

fn verified(caches: &[&Cache], screen: &Screen) -> Result<Vec<Report>, Failure> {
    let sizes = caches
        .iter()
        .map(|cache| Ok(cache.disk_bytes()?))
        .collect::<Result<Vec<u64>, Failure>>()?;
    let progress = screen.progress("Verifying", sizes.iter().sum());
    let (mut reports, mut before) = (Vec::new(), 0);
    for (cache, size) in caches.iter().zip(sizes) {
        let verified = cache.verify(|so_far| progress.reached(before + so_far.done))?;
        reports.push(Report::of(cache, verified));
        before += size;
    }
    Ok(reports)
}

fn text(reports: &[Report], screen: &Screen) -> String {
    let cells: Vec<_> = reports.iter().map(Report::cells).collect();
    let broken = reports
        .iter()
        .flat_map(|report| &report.damaged)
        .map(Broken::text);
    let shown = table(&COLUMNS, &cells, screen.width());
    match broken.collect::<String>() {
        none if none.is_empty() => format!("{shown}{FAINT}no damage{FAINT:#}"),
        broken => shown + &broken,
    }
}
