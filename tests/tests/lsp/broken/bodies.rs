//! Bodies that are no message.

use qg_tests::editor::framed;
use serde_json::json;

use super::Comes::{Error, Nothing, Said};
use super::{METHOD, PARSE, REQUEST, Row, null};

pub(super) fn all() -> Vec<Row> {
    let id = |id: &str| framed(&format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"no/such"}}"#));
    let mut latin = framed(r#"{"jsonrpc":"2.0","method":"a"}"#);
    let end = latin.len() - 3;
    latin[end] = 0xe9;
    vec![
        ("no JSON", framed("{\"jsonrpc\": 2.0,"), null(PARSE)),
        ("JSON with a comment", framed("{} // a"), null(PARSE)),
        ("two bodies in one", framed("{}{}"), null(PARSE)),
        ("a body that is not UTF-8", latin, null(PARSE)),
        ("a raw line end in a string", framed("{\"method\":\"a\nb\"}"), null(PARSE)),
        ("a zero", framed("\0"), null(PARSE)),
        ("100,000 brackets", framed(&"[".repeat(100_000)), null(PARSE)),
        ("100,000 objects", framed(&"{\"a\":".repeat(100_000)), null(PARSE)),
        ("five million values", framed(&format!("[{}0]", "0,".repeat(5_000_000))), null(REQUEST)),
        (
            "a byte order mark",
            framed("\u{feff}{\"jsonrpc\":\"2.0\",\"id\":9101,\"method\":\"a\"}"),
            { Error(json!(9101), METHOD) },
        ),
        ("half a character", framed(r#"{"jsonrpc":"2.0","id":9102,"method":"\ud800"}"#), {
            Error(json!(9102), METHOD)
        }),
        ("a batch", framed(r#"[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]"#), null(REQUEST)),
        ("an empty batch", framed("[]"), null(REQUEST)),
        ("a text", framed("\"exit\""), null(REQUEST)),
        ("null", framed("null"), null(REQUEST)),
        ("an empty object", framed("{}"), Said("without a method")),
        ("no version", framed(r#"{"id":9103,"method":"shutdown"}"#), Error(json!(9103), REQUEST)),
        ("another version", framed(r#"{"jsonrpc":2.0,"id":"v","method":"shutdown"}"#), {
            Error(json!("v"), REQUEST)
        }),
        ("no version of a notification", framed(r#"{"method":"exit"}"#), Said("jsonrpc")),
        ("no method", framed(r#"{"jsonrpc":"2.0","id":9104}"#), Error(json!(9104), REQUEST)),
        ("a method that is a number", framed(r#"{"jsonrpc":"2.0","id":9105,"method":5}"#), {
            Error(json!(9105), REQUEST)
        }),
        ("an id that is null", id("null"), null(REQUEST)),
        ("an id that is a list", id("[1]"), null(REQUEST)),
        ("an id that is an object", id("{\"a\":1}"), null(REQUEST)),
        ("an id that is true", id("true"), null(REQUEST)),
        ("an id that is a fraction", id("1.5"), null(REQUEST)),
        ("an id beyond all numbers", id("99999999999999999999"), null(REQUEST)),
        ("an id of a megabyte", id(&format!("\"{}\"", "x".repeat(1 << 20))), null(REQUEST)),
        ("an id that is a text", id("\"a\\u0000b\""), Error(json!("a\0b"), METHOD)),
        ("an id that is negative", id("-9106"), Error(json!(-9106), METHOD)),
        (
            "a key that is there twice",
            { framed(r#"{"jsonrpc":"2.0","id":1,"id":9107,"method":"a","method":"no/such"}"#) },
            Error(json!(9107), METHOD),
        ),
        ("an answer to no question", framed(r#"{"jsonrpc":"2.0","id":77,"result":{}}"#), Nothing),
        ("an answer of nobody", framed(r#"{"jsonrpc":"2.0","id":null,"error":7}"#), Nothing),
        (
            "an answer with too much",
            {
                framed(r#"{"jsonrpc":"2.0","id":"watch","error":{"code":1,"message":"","more":2}}"#)
            },
            Nothing,
        ),
    ]
}
