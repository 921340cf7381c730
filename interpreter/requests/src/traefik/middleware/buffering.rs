//! `buffering`: refuses bodies that are too large.

use super::super::live::{Live, Reply, Run};
use super::{Named, Next};

pub(super) fn serve(
    most: i64,
    named: &Named,
    next: Next<'_>,
    live: &mut Live,
    run: &mut Run<'_>,
) -> Reply {
    let size = live.body.and_then(|size| i64::try_from(size).ok()).unwrap_or(0);
    if most > 0 && size > most {
        named.did(run, format!("a body of {size} bytes is more than {most}: 413"));
        return Reply::bare(413);
    }
    named.did(run, "takes the body in");
    run.gathering(|run| next.serve(&mut live.clone(), run))
}
