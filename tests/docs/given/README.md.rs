pub fn make_report(year: u32, region: &str) -> String {
    format!("{region} in {year}")
}
