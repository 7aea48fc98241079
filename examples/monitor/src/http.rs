//! The HTTP server: for Prometheus and for a browser.

use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};
use tracing::{debug, warn};

use crate::exposition::Format;
use crate::state::Fleet;
use crate::{metrics, page, poll};

const HTML: &str = "text/html; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";
/// How long a connection may wait for its next request.
const IDLE: Duration = Duration::from_secs(300);
/// What Prometheus allows for a scrape unless it is told otherwise.
const SCRAPE_TIMEOUT: Duration = Duration::from_secs(10);
/// What is left of it for the way.
const SCRAPE_RESERVE: Duration = Duration::from_millis(500);

/// Serves for ever.
pub(crate) async fn serve(listener: TcpListener, fleet: Rc<Fleet>) {
    // A Prometheus keeps a connection for each node. Whoever opens more than some of them do has to wait.
    let connections = Arc::new(Semaphore::new(fleet.nodes.len() * 3 + 256));
    loop {
        let Ok(permit) = Arc::clone(&connections).acquire_owned().await else {
            return;
        };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Mostly there are too many open files; a while later there may be fewer.
                warn!("cannot accept a connection: {error}");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let fleet = Rc::clone(&fleet);
        tokio::task::spawn_local(async move {
            let _permit = permit;
            let service = service_fn(|request| {
                let fleet = Rc::clone(&fleet);
                async move { Ok::<_, Infallible>(answer(&request, &fleet).await) }
            });
            let mut server = hyper::server::conn::http1::Builder::new();
            server.timer(TokioTimer::new()).header_read_timeout(IDLE);
            if let Err(error) = server.serve_connection(TokioIo::new(stream), service).await {
                debug!("a connection failed: {error}");
            }
        });
    }
}

type Reply = Response<Full<Bytes>>;

fn reply(status: StatusCode, content_type: &'static str, body: String) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::from(body)));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let policy =
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'";
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    reply
}

async fn answer(request: &Request<Incoming>, fleet: &Fleet) -> Reply {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut reply = reply(StatusCode::METHOD_NOT_ALLOWED, TEXT, "only GET and HEAD\n".into());
        reply.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return reply;
    }
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let accept: Vec<&str> = request
        .headers()
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let format = Format::accepted(&accept.join(","));
    match request.uri().path() {
        "/" => match parameter(request, "node").map(|name| fleet.node(&name)) {
            None => reply(StatusCode::OK, HTML, page::overview(fleet)),
            Some(Some(node)) => reply(StatusCode::OK, HTML, page::node(fleet, node)),
            Some(None) => no_such_node(),
        },
        "/probe" => {
            let deadline = Instant::now() + scrape_time(header("x-prometheus-scrape-timeout-seconds"));
            probe(fleet, parameter(request, "target").as_deref(), deadline, format).await
        }
        "/targets" => reply(
            StatusCode::OK,
            "application/json",
            targets(fleet, header(HOST.as_str())),
        ),
        "/metrics" => reply(
            StatusCode::OK,
            format.content_type(),
            metrics::of_process(fleet, format),
        ),
        "/healthz" => health(fleet),
        path => reply(StatusCode::NOT_FOUND, TEXT, format!("there is no {path:?} here\n")),
    }
}

fn parameter(request: &Request<Incoming>, name: &str) -> Option<String> {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|pair| pair.0 == name).map(|pair| pair.1.into_owned())
}

/// How long a scrape may take here, by the header of Prometheus.
fn scrape_time(header: Option<&str>) -> Duration {
    let seconds = header.and_then(|text| text.parse().ok());
    let time = seconds.and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok());
    let time = time.unwrap_or(SCRAPE_TIMEOUT).min(Duration::from_secs(600));
    time.saturating_sub(SCRAPE_RESERVE).max(time / 2)
}

fn no_such_node() -> Reply {
    reply(
        StatusCode::NOT_FOUND,
        TEXT,
        "no node of this name is configured\n".into(),
    )
}

async fn probe(fleet: &Fleet, target: Option<&str>, deadline: Instant, format: Format) -> Reply {
    let Some(name) = target else {
        let words = "the parameter target is missing: /probe?target=NAME, with a name of the configuration\n";
        return reply(StatusCode::BAD_REQUEST, TEXT, words.into());
    };
    let Some(node) = fleet.node(name) else {
        return no_such_node();
    };
    let snapshot = poll::scrape(node, deadline).await;
    let last_success = node.state.borrow().last_success;
    let last_success = if snapshot.is_up() {
        Some(snapshot.started)
    } else {
        last_success
    };
    let text = metrics::of_node(&snapshot, last_success, fleet.config.message_bytes, format);
    reply(StatusCode::OK, format.content_type(), text)
}

/// The nodes for the HTTP service discovery of Prometheus. This process is the target, under the name by which it was asked;
/// which node is meant is told by labels that Prometheus makes a path and a parameter.
fn targets(fleet: &Fleet, host: Option<&str>) -> String {
    let listen = fleet.config.listen.to_string();
    let is_authority = |host: &&str| {
        !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte))
    };
    let host = host.filter(is_authority).unwrap_or(&listen);
    let groups = fleet.nodes.iter().map(|node| {
        let name = &*node.config.name;
        let labels = serde_json::json!({ "__metrics_path__": "/probe", "__param_target": name, "instance": name });
        serde_json::json!({ "targets": [host], "labels": labels })
    });
    groups.collect::<serde_json::Value>().to_string()
}

/// Whether there have been polls lately, as there are if there are nodes.
fn health(fleet: &Fleet) -> Reply {
    let longest = fleet.config.interval * 3 + fleet.config.timeouts.iter().sum::<Duration>();
    let idle = fleet.polled.get().elapsed();
    if fleet.nodes.is_empty() || idle < longest {
        reply(StatusCode::OK, TEXT, "polling\n".into())
    } else {
        let words = format!("no poll has ended for {} s\n", idle.as_secs());
        reply(StatusCode::SERVICE_UNAVAILABLE, TEXT, words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scrape_ends_half_a_second_before_prometheus_gives_up() {
        for (header, millis) in [
            (None, 9500),
            (Some("10"), 9500),
            (Some("3.000000"), 2500),
            (Some("1"), 500),
            (Some("0.2"), 100),
            (Some("1e9"), 599_500),
            (Some("-1"), 9500),
            (Some("nan"), 9500),
            (Some("x"), 9500),
        ] {
            assert_eq!(scrape_time(header), Duration::from_millis(millis), "{header:?}");
        }
    }
}
