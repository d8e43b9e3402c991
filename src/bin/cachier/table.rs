//! Rows of text in columns, fitted to a width; knows nothing of what is in them.

use clap::builder::styling::Style;
use unicode_width::UnicodeWidthStr;

const GAP: usize = 2;
/// No column is made narrower than this, however narrow the terminal.
const NARROWEST: usize = 12;

/// How a text that is too long is shortened to a width.
pub type Shorten = fn(&str, usize) -> String;

#[derive(Clone, Copy)]
pub struct Column {
    title: &'static str,
    is_number: bool,
    shorten: Option<Shorten>,
    style: Style,
}

impl Column {
    /// A column of words, shown whole.
    pub const fn words(title: &'static str) -> Self {
        Self {
            title,
            is_number: false,
            shorten: None,
            style: Style::new(),
        }
    }

    /// A column of numbers, which stand below each other digit by digit.
    pub const fn numbers(title: &'static str) -> Self {
        Self {
            is_number: true,
            ..Self::words(title)
        }
    }

    pub const fn shortened_by(self, shorten: Shorten) -> Self {
        Self {
            shorten: Some(shorten),
            ..self
        }
    }

    pub const fn styled(self, style: Style) -> Self {
        Self { style, ..self }
    }
}

/// The table as text; without a width, nothing is shortened.
pub fn table<const COLUMNS: usize>(
    columns: &[Column; COLUMNS],
    rows: &[[String; COLUMNS]],
    width: Option<usize>,
) -> String {
    let titles = columns.map(|column| column.title.to_owned());
    let mut widths = std::array::from_fn(|index| {
        let cells = std::iter::once(&titles).chain(rows);
        cells.map(|row| row[index].width()).max().unwrap_or(0)
    });
    if let Some(width) = width {
        fit(columns, &mut widths, width);
    }
    let heading = columns.map(|column| column.styled(Style::new().bold()));
    let mut text = line(&heading, &titles, &widths);
    for row in rows {
        text.push_str(&line(columns, row, &widths));
    }
    text
}

/// Narrows the columns that can be shortened: the widest first, so that short ones stay whole.
fn fit<const COLUMNS: usize>(
    columns: &[Column; COLUMNS],
    widths: &mut [usize; COLUMNS],
    width: usize,
) {
    let gaps = GAP * COLUMNS.saturating_sub(1);
    let mut too_wide = (widths.iter().sum::<usize>() + gaps).saturating_sub(width);
    while too_wide > 0 {
        let shortened = (0..COLUMNS).filter(|index| columns[*index].shorten.is_some());
        let Some(widest) = shortened
            .max_by_key(|index| widths[*index])
            .filter(|index| widths[*index] > NARROWEST)
        else {
            return;
        };
        widths[widest] -= 1;
        too_wide -= 1;
    }
}

fn line<const COLUMNS: usize>(
    columns: &[Column; COLUMNS],
    cells: &[String; COLUMNS],
    widths: &[usize; COLUMNS],
) -> String {
    let mut text = String::new();
    let last = COLUMNS - 1;
    for (index, ((column, cell), width)) in columns.iter().zip(cells).zip(widths).enumerate() {
        let cell = column
            .shorten
            .map_or_else(|| cell.clone(), |shorten| shorten(cell, *width));
        let padding = " ".repeat(width.saturating_sub(cell.width()));
        let style = column.style;
        match column.is_number {
            true => text.push_str(&format!("{padding}{style}{cell}{style:#}")),
            false if index == last => text.push_str(&format!("{style}{cell}{style:#}")),
            false => text.push_str(&format!("{style}{cell}{style:#}{padding}")),
        }
        text.push_str(if index == last { "\n" } else { "  " });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::human::{beginning, middle_out};

    const COLUMNS: [Column; 3] = [
        Column::words("FUNCTION").shortened_by(middle_out),
        Column::numbers("ENTRIES"),
        Column::words("VALUE").shortened_by(beginning),
    ];

    fn row(function: &str, entries: &str, value: &str) -> [String; 3] {
        [function, entries, value].map(String::from)
    }

    fn lines(rows: &[[String; 3]], width: Option<usize>) -> Vec<String> {
        let text = table(&COLUMNS, rows, width)
            .replace("\x1b[1m", "")
            .replace("\x1b[0m", "");
        text.lines().map(String::from).collect()
    }

    #[test]
    fn numbers_stand_right_and_words_left() {
        let rows = [row("日本", "1,000", "x"), row("report", "7", "longer")];
        assert_eq!(
            lines(&rows, None),
            [
                "FUNCTION  ENTRIES  VALUE",
                "日本        1,000  x",
                "report          7  longer"
            ]
        );
    }

    #[test]
    fn the_widest_columns_are_shortened_to_fit() {
        let rows = [
            row(
                "my_crate::a_long_module::report",
                "7",
                "a value of quite some length",
            ),
            row("f", "1", "1"),
        ];
        let lines = lines(&rows, Some(40));
        assert_eq!(lines[1], "my_c…le::report        7  a value of qu…");
        assert!(lines.iter().all(|line| line.width() <= 40));
    }

    #[test]
    fn no_column_vanishes_on_a_narrow_terminal() {
        let rows = [row(
            "my_crate::a_long_module::report",
            "7",
            "a value of quite some length",
        )];
        assert_eq!(
            lines(&rows, Some(1))[1],
            "my_…::report        7  a value of …"
        );
    }
}
