//! The contract suite through the wiremock door.

use ::wiremock::MockServer;
use sfn_testkit::MockSfn;
use sfn_testkit::contracts::{self, Door, Exchange, HttpRequest, HttpResponse, Need, ResponseFuture, Target};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;

/// A wiremock server that a mock is mounted on, for each clause.
#[derive(Debug)]
struct OverWiremock;

struct Mounted {
    sfn: MockSfn,
    server: OnceCell<MockServer>,
}

impl Door for OverWiremock {
    fn name(&self) -> &'static str {
        "the mock behind wiremock"
    }

    /// Its answers are made without waiting, and what is no call of ours is not ours to answer.
    fn lacks(&self) -> &[Need] {
        &[Need::LongPolls, Need::RawHttp]
    }

    fn open(&self, sfn: &MockSfn) -> Result<Box<dyn Exchange>, String> {
        Ok(Box::new(Mounted { sfn: sfn.clone(), server: OnceCell::new() }))
    }
}

impl Exchange for Mounted {
    fn exchange(&self, request: HttpRequest) -> ResponseFuture<'_> {
        Box::pin(async move {
            let start = async {
                let server = MockServer::builder().start().await;
                self.sfn.mount_on(&server).await;
                server
            };
            let server = self.server.get_or_init(|| start).await;
            let mut stream = TcpStream::connect(server.address()).await.map_err(|error| error.to_string())?;
            let mut head = String::from("POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
            for (name, value) in &request.headers {
                head.extend([name, ": ", value, "\r\n"]);
            }
            head.extend(["content-length: ", &request.body.len().to_string(), "\r\n\r\n"]);
            let sent = [head.as_bytes(), &request.body].concat();
            stream.write_all(&sent).await.map_err(|error| error.to_string())?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.map_err(|error| error.to_string())?;
            parse(&String::from_utf8_lossy(&answer)).ok_or_else(|| "the answer is no HTTP".to_owned())
        })
    }
}

fn parse(answer: &str) -> Option<HttpResponse> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    Some(HttpResponse { status, headers: headers.collect(), body: body.as_bytes().to_vec() })
}

#[tokio::test]
async fn every_clause_holds_behind_wiremock_but_for_long_polls() {
    let runnable = contracts::bundled()
        .filter(|clause| clause.needs().all(|need| !OverWiremock.lacks().contains(&need)));
    let report = runnable.verify(&Target::mock(OverWiremock).jobs(4)).await;
    report.assert_upheld();
    assert_eq!(report.counts().2, 0, "{}", report.render(contracts::Format::Text));
}
