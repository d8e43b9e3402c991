use cachier::cachier;

#[cachier(stale_after = "3 dayz")]
fn unit() {}

#[cachier(stale_after = "500")]
fn no_unit() {}

#[cachier(stale_after = "-1s")]
fn negative() {}

#[cachier(stale_after = -1)]
fn negative_number() {}

#[cachier(next_time = "never")]
fn window() {}

#[cachier(cleanup_interval = "0s")]
fn interval() {}

#[cachier(max_bytes = "10 MBs")]
fn size() {}

#[cachier(max_entries = 0)]
fn nothing() {}

fn main() {}
