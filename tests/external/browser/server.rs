//! A plain file server with one file.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What was asked for, line by line.
pub type Log = Arc<Mutex<Vec<String>>>;

/// Serves `page` for every path, until the test ends.
pub fn serve(page: Vec<u8>) -> (SocketAddr, Log) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let log = Log::default();
    let lines = Arc::clone(&log);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Browsers also open connections that they do not use.
            if let Some(line) = answer(stream, &page) {
                lines.lock().unwrap().push(line);
            }
        }
    });
    (address, log)
}

fn answer(mut stream: TcpStream, page: &[u8]) -> Option<String> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let first = lines.next()?.ok()?;
    while !lines.next()?.ok()?.is_empty() {}
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        page.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(page).ok()?;
    Some(first)
}
