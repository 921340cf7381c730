//! The bytes of a client, cut into bodies. What is broken is said once, and the next header that can
//! be read is where it goes on.
//!
//! A header is looked for within bodies as well, so that a wrong length costs one message and not all
//! that follow: no JSON text holds `Content-Length: 1` before a line end, for a line end cannot stand
//! in a string, nor such words outside of one.

use std::fmt;
use std::mem::take;

use super::header::{LENGTH, REACH, begun, find_last, name_of, number, other_charset};

/// The longest body that is taken. A text of the language has 4 MiB at most, six times as much where
/// each byte is written as `\u0000`.
pub(crate) const MOST: usize = 32 << 20;

/// No line of a header is longer.
const LINE: usize = 8 << 10;

/// So much is kept of the begin and of the end of a body that is not taken: what it was about.
const ENDS: usize = 1 << 10;

/// Why bytes are no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Neither a header nor what one announced.
    Noise,
    NoLength,
    BadLength(String),
    Charset(String),
    TooLarge {
        length: usize,
        ends: Vec<u8>,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Noise => f.write_str("this is no header of a message"),
            Fault::NoLength => f.write_str("a message without the header `Content-Length`"),
            Fault::BadLength(text) => write!(f, "the header `Content-Length` says `{text}`"),
            Fault::Charset(text) => {
                write!(f, "the header `Content-Type` says `{text}`; only UTF-8 can be read")
            }
            Fault::TooLarge { length, .. } => write!(
                f,
                "a message of {} MiB was left out: no more than {} MiB are read",
                length >> 20,
                MOST >> 20
            ),
        }
    }
}

/// What the bytes are a part of.
#[derive(Debug, Default)]
enum State {
    #[default]
    Header,
    Body(usize),
    /// A body that is not taken: how much of it is left, and why.
    Skip(usize, Fault),
}

/// The lines of one header.
#[derive(Debug, Default)]
struct Block {
    any: bool,
    length: Option<Result<usize, String>>,
    charset: Option<String>,
}

/// Takes bytes in pieces of any size, gives bodies.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    buffer: Vec<u8>,
    /// So much of the buffer was searched.
    seen: usize,
    state: State,
    block: Block,
    /// A fault was said, and nothing could be read since.
    lost: bool,
}

/// What one step gave: something, nothing yet, or nothing before more bytes come.
enum Step {
    Give(Result<Vec<u8>, Fault>),
    On,
    More,
}

impl Frames {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next body, or why there is none. None before more bytes come.
    pub(crate) fn pull(&mut self) -> Option<Result<Vec<u8>, Fault>> {
        loop {
            let step = match take(&mut self.state) {
                State::Header => self.header(),
                State::Body(length) => self.body(length),
                State::Skip(left, fault) => self.skip(left, fault),
            };
            match step {
                Step::Give(frame) => return Some(frame),
                Step::On => {}
                Step::More => return None,
            }
        }
    }

    /// Takes bytes from the front.
    fn cut(&mut self, count: usize) -> Vec<u8> {
        self.seen = 0;
        let rest = self.buffer.split_off(count.min(self.buffer.len()));
        std::mem::replace(&mut self.buffer, rest)
    }

    fn header(&mut self) -> Step {
        let fresh = self.buffer.iter().skip(self.seen);
        let Some(end) = fresh.clone().position(|it| *it == b'\n').map(|it| it + self.seen) else {
            if self.buffer.len() <= LINE {
                self.seen = self.buffer.len();
                return Step::More;
            }
            // Its end may be the header of the next message.
            self.cut(self.buffer.len() - REACH);
            self.block = Block::default();
            return self.fault(Fault::Noise);
        };
        let mut line = self.cut(end + 1);
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if line.is_empty() {
            return self.block_ends();
        }
        if let Some(at) = find_last(&line) {
            let value = line.split_off(at).split_off(LENGTH.len());
            let before = std::mem::take(&mut self.block);
            self.block.any = true;
            self.block.length = Some(number(&value));
            return match before.length {
                // The header of a message that ended with it: the last one is that of what follows.
                Some(length) if Some(&length) != self.block.length.as_ref() => {
                    self.fault(Fault::Noise)
                }
                None if line.is_empty() => {
                    self.block.charset = before.charset;
                    Step::On
                }
                Some(_) if line.is_empty() => Step::On,
                Some(_) | None => self.fault(Fault::Noise),
            };
        }
        match name_of(&line) {
            Some((name, value)) => {
                self.block.any = true;
                if name.eq_ignore_ascii_case(b"content-type") {
                    self.block.charset = other_charset(value);
                }
                Step::On
            }
            None => {
                self.block = Block::default();
                self.fault(Fault::Noise)
            }
        }
    }

    fn block_ends(&mut self) -> Step {
        let block = take(&mut self.block);
        let length = match block.length {
            // Line ends between messages.
            None if !block.any => return Step::On,
            None => return self.fault(Fault::NoLength),
            Some(Err(text)) => return self.fault(Fault::BadLength(text)),
            Some(Ok(length)) => length,
        };
        self.lost = false;
        self.state = match block.charset {
            _ if length > MOST => State::Skip(length, Fault::TooLarge { length, ends: Vec::new() }),
            Some(charset) => State::Skip(length, Fault::Charset(charset)),
            None => State::Body(length),
        };
        Step::On
    }

    fn body(&mut self, length: usize) -> Step {
        if let Some(at) = self.next_header(length) {
            return Step::Give(Ok(self.cut(at)));
        }
        if self.buffer.len() < length {
            self.state = State::Body(length);
            return Step::More;
        }
        let begun = begun(self.buffer.get(..length).unwrap_or_default());
        Step::Give(Ok(self.cut(begun.unwrap_or(length))))
    }

    fn skip(&mut self, left: usize, mut fault: Fault) -> Step {
        if let Fault::TooLarge { ends, .. } = &mut fault
            && ends.len() < ENDS
        {
            // Nothing of it was let go yet.
            *ends = self.buffer.iter().take(left.min(ENDS)).copied().collect();
        }
        let end = self.next_header(left).or((self.buffer.len() >= left).then_some(left));
        if let Some(end) = end {
            let last = self.cut(end);
            if let Fault::TooLarge { ends, .. } = &mut fault {
                ends.extend(last.iter().skip(end.saturating_sub(ENDS)));
            }
            return Step::Give(Err(fault));
        }
        let gone = self.buffer.len().saturating_sub(ENDS);
        self.cut(gone);
        self.seen = self.buffer.len();
        self.state = State::Skip(left - gone, fault);
        Step::More
    }

    /// Where a header begins in the first bytes of the buffer.
    fn next_header(&mut self, within: usize) -> Option<usize> {
        let bytes = self.buffer.get(..within.min(self.buffer.len())).unwrap_or_default();
        let mut from = self.seen.min(bytes.len());
        while let Some(end) = bytes
            .get(from..)
            .and_then(|it| it.iter().position(|it| *it == b'\n'))
            .map(|it| it + from)
        {
            let start = end.saturating_sub(REACH);
            let line = bytes.get(start..end).unwrap_or_default();
            if let Some(at) = find_last(line) {
                let value = line.get(at + LENGTH.len()..).unwrap_or_default();
                if number(value).is_ok() {
                    return Some(start + at);
                }
            }
            from = end + 1;
        }
        self.seen = bytes.len();
        None
    }

    /// Says a fault, but not again for what follows from it.
    fn fault(&mut self, fault: Fault) -> Step {
        match std::mem::replace(&mut self.lost, true) {
            true => Step::On,
            false => Step::Give(Err(fault)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of a text in one piece, and the same in pieces of any size.
    fn frames(text: &[u8]) -> Vec<Result<String, Fault>> {
        let mut all = Vec::new();
        for size in [text.len().max(1), 1, 2, 7, 64, 1000] {
            let mut frames = Frames::default();
            let mut given = Vec::new();
            for piece in text.chunks(size) {
                frames.push(piece);
                while let Some(frame) = frames.pull() {
                    given.push(frame.map(|it| String::from_utf8_lossy(&it).into_owned()));
                }
            }
            all.push(given);
        }
        assert!(all.iter().all(|it| *it == all[0]), "{all:?}");
        all.remove(0)
    }

    fn body(text: &str) -> Result<String, Fault> {
        Ok(text.to_owned())
    }

    #[test]
    fn headers_are_read_however_they_are_written() {
        for text in [
            "Content-Length: 2\r\n\r\n{}",
            "content-length:2\n\n{}",
            "CONTENT-LENGTH:   2  \r\nContent-Type: application/vscode-jsonrpc; charset=UTF8\r\n\r\n{}",
            "Content-Type: a/b; charset=\"utf-8\"\r\nX-Other: 1\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Type: a/b\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
            "\r\n\n\r\nContent-Length: 02\r\n\r\n{}",
        ] {
            assert_eq!(frames(format!("{text}{text}").as_bytes()), [body("{}"), body("{}")]);
        }
        assert_eq!(
            frames(b"Content-Length: 0\r\n\r\nContent-Length: 1\r\n\r\n1"),
            [body(""), body("1")]
        );
    }

    #[test]
    fn after_a_fault_the_next_header_counts() {
        let good = "Content-Length: 2\r\n\r\n[]";
        let bad = |text: &str| Fault::BadLength(text.to_owned());
        for (text, fault) in [
            ("rubbish\r\n\r\n", Fault::Noise),
            ("\0\0\0", Fault::Noise),
            ("Content-Type: a/b\r\n\r\n{}", Fault::NoLength),
            ("Content-Length\r\n\r\n{}", Fault::Noise),
            ("Content-Length: -1\r\n\r\n{}", bad("-1")),
            ("Content-Length: +2\r\n\r\n{}", bad("+2")),
            ("Content-Length: \r\n\r\n{}", bad("")),
            ("Content-Length: 1e3\r\n\r\n{}", bad("1e3")),
            ("Content-Length: 99999999999999999999999\r\n\r\n{}", bad("99999999999999999999999")),
            (
                "Content-Type: a; charset=utf-16\r\nContent-Length: 2\r\n\r\n{}",
                Fault::Charset("utf-16".to_owned()),
            ),
            ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", Fault::Noise),
        ] {
            assert_eq!(
                frames(format!("{text}{good}{good}").as_bytes()),
                [Err(fault), body("[]"), body("[]")]
            );
        }
        for cut in ["Content-Length: 7\r\n", "Content-Length: x\n", "Content-Length: ", "Cont"] {
            let given = frames(format!("{cut}{good}").as_bytes());
            assert_eq!(given, [Err(Fault::Noise), body("[]")], "{cut}");
        }
        let long = format!("{}{good}", "x".repeat(3 * LINE));
        assert_eq!(frames(long.as_bytes()), [Err(Fault::Noise), body("[]")]);
    }

    #[test]
    fn a_wrong_length_costs_one_message() {
        let good = "Content-Length: 12\r\n\r\n{\"id\":12345}";
        // Too long, by anything: the header within tells where the body ends.
        for length in [13, 14, 20, 27, 28, 33, 34, 35, 40, 46, 60, 5000] {
            let text = format!("Content-Length: {length}\r\n\r\n{{\"id\":67890}}{good}{good}");
            let ended = body("{\"id\":12345}");
            let given = frames(text.as_bytes());
            assert_eq!(given, [body("{\"id\":67890}"), ended.clone(), ended], "{length}");
        }
        // Too short: what is left is no header.
        let text = format!("Content-Length: 5\r\n\r\n{{\"id\":67890}}{good}");
        assert_eq!(
            frames(text.as_bytes()),
            [body("{\"id\""), Err(Fault::Noise), body("{\"id\":12345}")]
        );
    }

    #[test]
    fn what_is_too_large_is_left_out() {
        let good = "Content-Length: 2\r\n\r\n[]";
        let length = MOST + 5;
        let mut frames = Frames::default();
        frames.push(format!("Content-Length: {length}\r\n\r\n").as_bytes());
        frames.push(&vec![b'x'; length]);
        frames.push(good.as_bytes());
        let ends = vec![b'x'; 2 * ENDS];
        assert_eq!(frames.pull(), Some(Err(Fault::TooLarge { length, ends })));
        assert_eq!(frames.pull(), Some(Ok(b"[]".to_vec())));
        // One that lied.
        frames.push(format!("Content-Length: {}\r\n\r\n{{}}", usize::MAX).as_bytes());
        assert_eq!(frames.pull(), None);
        frames.push(good.as_bytes());
        assert!(matches!(frames.pull(), Some(Err(Fault::TooLarge { .. }))));
        assert_eq!(frames.pull(), Some(Ok(b"[]".to_vec())));
    }

    #[test]
    fn what_is_left_out_is_not_kept() {
        let mut frames = Frames::default();
        frames.push(format!("Content-Length: {}\r\n\r\n", 1_u64 << 40).as_bytes());
        for _ in 0..100 {
            frames.push(&[b'x'; CHUNK]);
            assert_eq!(frames.pull(), None);
            assert!(frames.buffer.capacity() < 4 * CHUNK, "{}", frames.buffer.capacity());
        }
    }

    const CHUNK: usize = super::super::CHUNK;
}
