//! `retry`: asks again where no server answers, or the answer is among some.

use super::super::configuration::Retry;
use super::super::live::{Live, Reply, Run};
use super::super::service::Codes;
use super::{Named, Next};

/// How often, and when.
#[derive(Clone, Debug)]
pub(crate) struct RetryAct {
    attempts: i64,
    codes: Codes,
    network: bool,
    non_idempotent: bool,
}

impl RetryAct {
    pub(super) fn new(options: &Retry) -> Result<Self, String> {
        if options.status.is_empty() && options.not_on_network_errors {
            return Err("needs statuses, or errors of the network".to_owned());
        }
        if options.attempts <= 0 {
            return Err(format!("attempts cannot be {}", options.attempts));
        }
        Ok(Self {
            attempts: options.attempts,
            codes: Codes::new(&options.status)?,
            network: !options.not_on_network_errors,
            non_idempotent: options.non_idempotent,
        })
    }

    pub(super) fn serve(
        &self,
        named: &Named,
        next: Next<'_>,
        live: &mut Live,
        run: &mut Run<'_>,
    ) -> Reply {
        let idempotent = !["POST", "PATCH", "LOCK"].contains(&live.method.as_str());
        for attempt in 1..self.attempts {
            let reply = run.gathering(|run| next.serve(&mut live.clone(), run));
            let status = (idempotent || self.non_idempotent) && self.codes.contain(reply.status);
            let again = status || (self.network && reply.unreached);
            if !again {
                return reply;
            }
            named.did(run, format!("asks again after attempt {attempt} gave {}", reply.status));
        }
        next.serve(live, run)
    }
}
