#![allow(unused)]

use cachier::cachier;

struct Shop(u32);

impl Shop {
    #[cachier]
    fn price(&self, article: &str) -> usize {
        article.len()
    }

    #[cachier(allow_non_static_methods)]
    fn change(&mut self, by: u32) {
        self.0 += by;
    }

    #[cachier(allow_non_static_methods)]
    fn no_key(&self) -> u32 {
        self.0
    }
}

fn main() {}
