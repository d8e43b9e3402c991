#![allow(unused)]

use cachier::cachier;

struct Square;

impl Square {
    #[cachier]
    fn area(side: u32) -> u32 {
        side * side
    }
}

fn main() {}
