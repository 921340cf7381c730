//! Bytes that no header announces rightly.

use serde_json::json;

use super::Comes::{Error, Nothing, Said};
use super::{METHOD, PARSE, REQUEST, Row, null};

pub(super) fn all() -> Vec<Row> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        (
            "a header in small letters",
            {
                text(
                    "content-length: 61\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":9001,\"method\":\"no/such\",\"params\":null}",
                )
            },
            Error(json!(9001), METHOD),
        ),
        (
            "line feeds alone",
            {
                text(
                    "Content-Length: 47\n\n{\"jsonrpc\":\"2.0\",\"id\":9002,\"method\":\"no/such\"}",
                )
            },
            Error(json!(9002), METHOD),
        ),
        (
            "other headers",
            {
                text(
                    "X-A: b\r\nContent-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: 47\r\nX-B: c\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":9003,\"method\":\"no/such\"}",
                )
            },
            Error(json!(9003), METHOD),
        ),
        (
            "another charset",
            { text("Content-Type: a/b; charset=utf-16le\r\nContent-Length: 4\r\n\r\n{\0}\0") },
            null(PARSE),
        ),
        ("no header at all", text("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\"}"), null(PARSE)),
        ("a request of HTTP", text("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), null(PARSE)),
        ("no length", text("Content-Type: a/b; charset=utf-8\r\n\r\n{}"), null(PARSE)),
        ("an empty length", text("Content-Length:\r\n\r\n{}"), null(PARSE)),
        ("a negative length", text("Content-Length: -2\r\n\r\n{}"), null(PARSE)),
        ("a length that is no number", text("Content-Length: two\r\n\r\n{}"), null(PARSE)),
        ("a fraction of a length", text("Content-Length: 2.0\r\n\r\n{}"), null(PARSE)),
        (
            "a length of no machine",
            text("Content-Length: 99999999999999999999\r\n\r\n{}"),
            null(PARSE),
        ),
        ("a giant length", text("Content-Length: 9999999999999\r\n\r\n{}"), null(REQUEST)),
        ("two lengths", text("Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}"), null(PARSE)),
        (
            "a length that is too long",
            text("Content-Length: 50\r\n\r\n{}"),
            Said("without a method"),
        ),
        (
            "one that is too short",
            text("Content-Length: 2\r\n\r\n{\"jsonrpc\":\"2.0\"}"),
            null(PARSE),
        ),
        ("nothing", text("Content-Length: 0\r\n\r\n"), null(PARSE)),
        ("a header without end", [b'x'].repeat(100_000), null(PARSE)),
        ("zeros", [0].repeat(1000), null(PARSE)),
        ("line ends", text("\r\n\r\n\n\n"), Nothing),
        (
            "a message of 70 MiB",
            {
                let mut bytes = text("Content-Length: 73400320\r\n\r\n");
                bytes.resize(bytes.len() + 73_400_320, b' ');
                bytes
            },
            null(REQUEST),
        ),
    ]
}
