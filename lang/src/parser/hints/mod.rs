//! Better words for common mistakes, and their mends.

mod elsewhere;
mod heads;
mod items;
mod values;

use crate::diagnostic::Diagnostic;
use crate::lexer::Token;

use super::fault::Fault;
use super::input::{Input, Look as _};

pub(super) use elsewhere::{default_in_hole, no_binder, no_field, no_type};
pub(super) use heads::*;
pub(super) use items::*;
pub(super) use values::*;

fn said(inp: &mut Input<'_, '_>, diagnostic: Diagnostic) -> Fault {
    Fault::said(inp.index(), diagnostic)
}

/// The token before the next one.
fn before(inp: &mut Input<'_, '_>) -> Option<Token> {
    let index = inp.index().checked_sub(1)?;
    Some(inp.state().token(index))
}
