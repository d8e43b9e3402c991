pub async fn fetch_user(id: u64) -> Option<String> {
    Some(format!("user {id}"))
}
