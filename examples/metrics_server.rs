//! Serves the counts of a memoized function as Prometheus text.
//!
//! `cargo run --example metrics_server --features metrics`, then open `/primes/200000` twice and `/metrics`.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use cachier::cachier;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

#[cachier(core = memory, name = "primes", enable_metrics, max_entries = 100)]
fn primes_below(limit: u32) -> usize {
    let is_prime = |n: &u32| {
        (2..)
            .take_while(|d| d * d <= *n)
            .all(|d| !n.is_multiple_of(d))
    };
    (2..limit).filter(is_prime).count()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let prometheus = PrometheusBuilder::new().install_recorder()?;
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:9464".into());
    let listener = TcpListener::bind(address)?;
    println!("http://{}", listener.local_addr()?);
    for stream in listener.incoming() {
        // A client that hangs up is no reason to stop.
        if let Err(error) = serve(stream?, &prometheus) {
            eprintln!("{error}");
        }
    }
    Ok(())
}

fn serve(mut stream: TcpStream, prometheus: &PrometheusHandle) -> std::io::Result<()> {
    let mut request = String::new();
    BufReader::new(&stream).read_line(&mut request)?;
    let path = request.split(' ').nth(1).unwrap_or_default();
    let (status, body) = answer(path, prometheus);
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

fn answer(path: &str, prometheus: &PrometheusHandle) -> (&'static str, String) {
    if path == "/metrics" {
        cachier::publish_metrics();
        return ("200 OK", prometheus.render());
    }
    match path.strip_prefix("/primes/").map(str::parse) {
        Some(Ok(limit)) => ("200 OK", format!("{}\n", primes_below(limit))),
        _ => ("404 Not Found", "try /primes/200000 or /metrics\n".into()),
    }
}
