//! A server that shows the exact bytes of a request and responds with exact bytes, for
//! details that a mock server hides.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// One request, as received.
#[derive(Clone, Debug)]
pub struct Request {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// The server's reaction to a request.
#[derive(Clone)]
pub enum Act {
    /// Sends these bytes, and waits for the next request.
    Send(Vec<u8>),
    /// Sends these bytes, and closes the connection.
    SendAndClose(Vec<u8>),
    /// Sends the first bytes, then the others for ever.
    Endless(Vec<u8>, Vec<u8>),
    /// Sends these bytes, then one more byte for each permit.
    Drip(Vec<u8>, Arc<Semaphore>),
    /// Closes the connection.
    Close,
}

/// A complete JSON response.
pub fn answer(status: u16, body: &str) -> Act {
    with_headers(status, "content-type: application/json\r\n", body)
}

/// A complete response with header lines of its own.
pub fn with_headers(status: u16, headers: &str, body: &str) -> Act {
    let length = body.len();
    Act::Send(
        format!("HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\n\r\n{body}")
            .into_bytes(),
    )
}

pub struct Wire {
    url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Wire {
    pub async fn start(act: impl Fn(&Request) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, act) = (requests.clone(), Arc::new(act));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, seen.clone(), act.clone()));
            }
        });
        Self { url, requests, task }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    seen: Arc<Mutex<Vec<Request>>>,
    act: Arc<impl Fn(&Request) -> Act>,
) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await {
        seen.lock().unwrap().push(request.clone());
        match act(&request) {
            Act::Send(bytes) => stream.write_all(&bytes).await.unwrap_or_default(),
            Act::SendAndClose(bytes) => return stream.write_all(&bytes).await.unwrap_or_default(),
            Act::Endless(head, bytes) => {
                stream.write_all(&head).await.unwrap_or_default();
                while stream.write_all(&bytes).await.is_ok() {}
                return;
            }
            Act::Drip(head, permits) => {
                stream.write_all(&head).await.unwrap_or_default();
                loop {
                    permits.acquire().await.unwrap().forget();
                    if stream.write_all(b"x").await.is_err() {
                        return;
                    }
                }
            }
            Act::Close => return,
        }
    }
}

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Request> {
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(count) if count > 0 => buffer.extend_from_slice(&chunk[..count]),
            _ => return None,
        }
    };
    let head = String::from_utf8(buffer[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap().to_owned();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = length.map_or(0, |(_, value)| value.parse().unwrap());
    buffer.drain(..end + 4);
    while buffer.len() < length {
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(count) if count > 0 => buffer.extend_from_slice(&chunk[..count]),
            _ => return None,
        }
    }
    let body = buffer.drain(..length).collect();
    Some(Request { line, headers, body })
}
