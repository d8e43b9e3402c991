#![allow(unused)]

use cachier::cachier;

trait Shape {
    fn area(side: u32) -> u32;
}

struct Square;

impl Shape for Square {
    #[cachier(associated)]
    fn area(side: u32) -> u32 {
        side * side
    }
}

fn main() {}
