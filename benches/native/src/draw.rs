//! Keys drawn by lot, the same ones at each run; knows not who looks them up.

/// A generator of Marsaglia's (xorshift64).
pub struct Lot(u64);

impl Lot {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// `count` keys below `keys`, each as likely.
pub fn uniform(seed: u64, keys: u64, count: usize) -> Vec<u64> {
    let mut lot = Lot::new(seed);
    (0..count).map(|_| lot.next() % keys).collect()
}

/// `count` keys below `keys`, the n-th as often as 1/n^0.99 says.
pub fn zipf(seed: u64, keys: u64, count: usize) -> Vec<u64> {
    let mut sums = Vec::new();
    let mut sum = 0.0;
    for rank in 1..=keys {
        sum += (rank as f64).powf(-0.99);
        sums.push(sum);
    }
    let mut lot = Lot::new(seed);
    (0..count)
        .map(|_| {
            let at = lot.share() * sum;
            sums.partition_point(|sum| *sum < at) as u64
        })
        .collect()
}
