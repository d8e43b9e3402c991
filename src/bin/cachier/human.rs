//! Numbers, ages, sizes and long texts as people read them; pure.

use cachier::Timestamp;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 365 * DAY + DAY / 4;

const AGES: [(i64, &str); 5] = [
    (YEAR, "y"),
    (DAY, "d"),
    (HOUR, "h"),
    (MINUTE, "min"),
    (SECOND, "s"),
];
const SIZES: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];

/// Characters that turn the direction of writing.
const TURNS: [char; 9] = [
    '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}',
    '\u{2069}',
];

/// "3 h"; rounded down. What is dated in the future has no age yet: "in 3 h".
pub fn age(stored_at: Timestamp, now: Timestamp) -> String {
    let millis = now.millis_since(stored_at);
    if millis <= -SECOND {
        return format!("in {}", duration(millis.saturating_neg()));
    }
    duration(millis)
}

fn duration(millis: i64) -> String {
    let unit = AGES.iter().find(|(unit, _)| millis >= *unit);
    match unit {
        Some((unit, name)) => format!("{} {name}", count((millis / unit).unsigned_abs())),
        None => "0 s".into(),
    }
}

/// "842 B", "1.2 MB", "12 MB": two digits or three.
pub fn size(bytes: u64) -> String {
    let mut amount = bytes as f64;
    let mut unit = "B";
    for larger in SIZES {
        // 999.5 would be written as 1000.
        if amount < 999.5 {
            break;
        }
        (amount, unit) = (amount / 1000.0, larger);
    }
    if amount < 9.95 && unit != "B" {
        return format!("{amount:.1} {unit}");
    }
    format!("{amount:.0} {unit}")
}

/// "1,234,567".
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// "1 entry", "2 entries".
pub fn entries(number: u64) -> String {
    counted(number, "entry", "entries")
}

/// A number and its noun.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// The text without what would move the cursor, colour the terminal or turn the direction of writing.
pub fn plain(text: &str) -> String {
    let harmless = |character: char| !character.is_control() && !TURNS.contains(&character);
    text.chars()
        .map(|character| {
            if harmless(character) {
                character
            } else {
                '\u{fffd}'
            }
        })
        .collect()
}

/// The beginning of a text, "…" if that is not all of it.
pub fn beginning(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let kept = prefix(text.chars(), width.saturating_sub(1));
    kept.into_iter().chain(['…']).collect()
}

/// A long name without its middle: the end, which tells most, keeps more than the beginning.
pub fn middle_out(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let kept = width.saturating_sub(1);
    let head = prefix(text.chars(), kept / 3);
    let mut tail = prefix(text.chars().rev(), kept - kept / 3);
    tail.reverse();
    head.into_iter().chain(['…']).chain(tail).collect()
}

/// A function's id: types lose their paths first, then the function its own, then the types go.
pub fn short_id(id: &str, width: usize) -> String {
    let (path, types, rest) = match (id.find('<'), id.rfind('>')) {
        (Some(start), Some(end)) if start < end => (&id[..start], &id[start..=end], &id[end + 1..]),
        _ => (id, "", ""),
    };
    let name = match path.rfind("::") {
        Some(at) => format!("…{}", &path[at..]),
        None => path.to_owned(),
    };
    let types = without_paths(types);
    let no_types = if types.is_empty() { "" } else { "<…>" };
    let attempts = [
        id.to_owned(),
        format!("{path}{types}{rest}"),
        format!("{name}{types}{rest}"),
        format!("{name}{no_types}{rest}"),
    ];
    let shortest = attempts.iter().find(|attempt| attempt.width() <= width);
    middle_out(shortest.unwrap_or(&attempts[3]), width)
}

/// `<a::B, c::D<e::F>>` is `<B, D<F>>`.
fn without_paths(types: &str) -> String {
    let words = types.split_inclusive(|character: char| "<>, ()[]&".contains(character));
    words
        .map(|word| word.rsplit("::").next().unwrap_or(word))
        .collect()
}

/// As many characters as fit.
fn prefix(characters: impl Iterator<Item = char>, width: usize) -> Vec<char> {
    let mut left = width;
    let fitting = characters.map_while(|character| {
        left = left.checked_sub(character.width().unwrap_or(0))?;
        Some(character)
    });
    fitting.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_one_unit() {
        let now = Timestamp::from_millis(100 * YEAR);
        for (millis, expected) in [
            (0, "0 s"),
            (999, "0 s"),
            (-999, "0 s"),
            (1_000, "1 s"),
            (59_999, "59 s"),
            (60_000, "1 min"),
            (3 * HOUR + 59 * MINUTE, "3 h"),
            (47 * HOUR, "1 d"),
            (400 * DAY, "1 y"),
            (-3 * HOUR, "in 3 h"),
        ] {
            assert_eq!(age(now.saturating_add(-millis), now), expected);
        }
        assert_eq!(
            age(
                Timestamp::from_millis(i64::MIN),
                Timestamp::from_millis(i64::MAX)
            ),
            "292,271,023 y"
        );
        assert_eq!(
            age(
                Timestamp::from_millis(i64::MAX),
                Timestamp::from_millis(i64::MIN)
            ),
            "in 292,271,023 y"
        );
    }

    #[test]
    fn sizes_have_two_or_three_digits() {
        for (bytes, expected) in [
            (0, "0 B"),
            (9, "9 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (9_949, "9.9 kB"),
            (9_950, "10 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (1_234_567, "1.2 MB"),
            (u64::MAX, "18 EB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn numbers_have_their_thousands_apart() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(count(number), expected);
        }
        assert_eq!(entries(1), "1 entry");
        assert_eq!(entries(1_000), "1,000 entries");
    }

    #[test]
    fn long_texts_are_shortened_to_the_width() {
        assert_eq!(beginning("short", 5), "short");
        assert_eq!(beginning("longer", 5), "long…");
        assert_eq!(beginning("日本語", 5), "日本…");
        assert_eq!(beginning("x", 0), "…");
        assert_eq!(
            middle_out("my_crate::weather::report", 16),
            "my_cr…er::report"
        );
        assert_eq!(middle_out("report", 6), "report");
        assert_eq!(middle_out("日本語日本語", 7), "日…本語");
    }

    #[test]
    fn an_id_loses_what_tells_least_first() {
        let id = "image_tools::resize::thumbnail<image::DynamicImage, alloc::vec::Vec<alloc::string::String>>#91bb02ee";
        for (width, expected) in [
            (200, id),
            (
                80,
                "image_tools::resize::thumbnail<DynamicImage, Vec<String>>#91bb02ee",
            ),
            (60, "…::thumbnail<DynamicImage, Vec<String>>#91bb02ee"),
            (30, "…::thumbnail<…>#91bb02ee"),
            (16, "…::th…>#91bb02ee"),
        ] {
            assert_eq!(short_id(id, width), expected);
        }
        assert_eq!(
            short_id("weather::report#4f2a9c01", 20),
            "…::report#4f2a9c01"
        );
        assert_eq!(short_id("a name of one's own > all <", 10), "a n… all <");
    }

    #[test]
    fn nothing_of_a_text_moves_the_cursor() {
        assert_eq!(plain("a\x1b[2Jb\n"), "a\u{fffd}[2Jb\u{fffd}");
        assert_eq!(plain("\u{202e}é"), "\u{fffd}é");
    }
}
