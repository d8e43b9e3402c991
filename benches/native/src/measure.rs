//! Timing contestants side by side, turn and turn about; knows not what they do.

use std::time::{Duration, Instant};

/// Does its work so many times; how long that took.
pub type Run = Box<dyn FnMut(u64) -> Duration>;

/// How thoroughly a work is measured.
#[derive(Clone, Copy)]
pub struct Effort {
    /// How long one contestant's turn takes, about.
    pub turn: Duration,
    pub rounds: usize,
}

impl Effort {
    pub const USUAL: Self = Self {
        turn: Duration::from_millis(6),
        rounds: 61,
    };
    pub const QUICK: Self = Self {
        turn: Duration::from_millis(2),
        rounds: 11,
    };
}

/// The time of `count` runs of `work`, which is told their numbers and whose results nobody guesses away.
#[inline(always)]
pub fn timed<T>(count: u64, mut work: impl FnMut(u64) -> T) -> Duration {
    let start = Instant::now();
    for number in 0..count {
        std::hint::black_box(work(number));
    }
    start.elapsed()
}

/// Each contestant's median in nanoseconds, all measured in one go: whatever disturbs one disturbs all.
pub fn medians(runs: &mut [Run], effort: Effort, most: u64) -> Vec<f64> {
    let counts: Vec<_> = runs
        .iter_mut()
        .map(|run| turn_length(run, effort.turn, most))
        .collect();
    let mut samples = vec![Vec::new(); runs.len()];
    for round in 0..effort.rounds {
        for place in 0..runs.len() {
            let place = (place + round) % runs.len();
            let taken = runs[place](counts[place]);
            samples[place].push(taken.as_nanos() as f64 / counts[place] as f64);
        }
    }
    samples.iter_mut().map(|samples| median(samples)).collect()
}

/// How many runs fill a turn, at most `most`; finding it warms up.
fn turn_length(run: &mut Run, turn: Duration, most: u64) -> u64 {
    let mut count = 1;
    loop {
        let taken = run(count);
        if taken >= turn || count >= most {
            let fitting = count as f64 * turn.as_secs_f64() / taken.as_secs_f64().max(1e-9);
            return (fitting as u64).clamp(1, most);
        }
        count = (count * 2).min(most);
    }
}

fn median(samples: &mut [f64]) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}
