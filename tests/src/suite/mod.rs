//! The suite's format: `.qg` files whose errors are annotated in the file itself.
//!
//! ```text
//! port = prot
//! #      ^^^^ QG0201 nothing is called `prot`
//! # help: did you mean `port`?
//! # fix: replace => port
//! ```
//!
//! - The carets stand under the first line of the primary place, columns counted in characters; an
//!   empty place has one caret. Where the place begins in the first column, the `#` counts as a caret
//!   (`#^^ QG0201 …`); a place of one character there is written `#< QG0201 …`.
//! - `^^ also TEXT` is another place of the finding before it, `# help: TEXT` one of its helps,
//!   `# fix: TITLE => NEW TEXT` one of its fixes (`\n` is a line end).
//! - `# at 3:5..9 QG0201 TEXT` names a place that no line can stand under, `# at data.json:3:5..9 QG0223 TEXT`
//!   one in a file of data.
//! - `# expect EXPR == JSON` is evaluated in the model.
//! - `#--- path` begins a file of its own; one that does not end in `.qg` is a file beside the sources.
//!
//! TEXT is always a part. What is not annotated must not be found; of warnings about whole fleets (from `QG0700` on)
//! that holds where the case names the code, in a comment of a near miss (`# Not QG0840: …`).

mod case;
mod compare;
mod run;

pub use case::{Case, Expected, Query};
pub use run::run;
