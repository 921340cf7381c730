//! The lines of a file or a pipe, whatever bytes they have.

use std::io::{self, BufRead, Read};

/// No line is longer, as no question is.
const MOST: u64 = 1 << 20;

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Text(String),
    /// The number (from 1) of a line that cannot be asked, and what it is.
    Odd(usize, &'static str),
    End,
}

pub(super) struct Lines<R> {
    input: R,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Lines<R> {
        Lines { input, number: 0 }
    }

    /// The next line, without its end. Of one that is too long nothing is kept.
    ///
    /// # Errors
    /// Where nothing can be read any more.
    pub(super) fn next(&mut self) -> io::Result<Line> {
        let mut bytes = Vec::new();
        if self.input.by_ref().take(MOST + 1).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(Line::End);
        }
        self.number += 1;
        if bytes.len() as u64 > MOST && bytes.last() != Some(&b'\n') {
            while !bytes.is_empty() && bytes.last() != Some(&b'\n') {
                bytes.clear();
                self.input.by_ref().take(MOST).read_until(b'\n', &mut bytes)?;
            }
            return Ok(Line::Odd(self.number, "is longer than 1 MiB"));
        }
        let end = [&b"\r\n"[..], b"\n"].into_iter().find_map(|end| bytes.strip_suffix(end));
        let line = end.unwrap_or(&bytes).to_vec();
        Ok(match String::from_utf8(line) {
            Ok(text) => Line::Text(text),
            Err(_) => Line::Odd(self.number, "is not text in UTF-8"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, Lines, MOST};

    #[test]
    fn odd_lines_are_told_and_the_others_read() {
        let mut input = b"a\r\n\xff\xfe\n".to_vec();
        input.extend(vec![b'x'; 3 * MOST as usize + 5]);
        input.extend(b"\n\nlast");
        let mut lines = Lines::new(&input[..]);
        let mut next = || lines.next().expect("memory can be read");
        assert_eq!(next(), Line::Text("a".to_owned()));
        assert_eq!(next(), Line::Odd(2, "is not text in UTF-8"));
        assert_eq!(next(), Line::Odd(3, "is longer than 1 MiB"));
        assert_eq!(next(), Line::Text(String::new()));
        assert_eq!(next(), Line::Text("last".to_owned()));
        assert_eq!(next(), Line::End);
    }
}
