//! Whether the client still lives.

use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

/// How often it is looked.
const PULSE: Duration = Duration::from_secs(2);

/// Waits for the end of a process. One that cannot be seen to begin with (the client may live in a
/// namespace of its own) is waited for without end.
pub(crate) async fn gone(process: u32) {
    let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
    let Some(pid) = pid.filter(|pid| !is_gone(*pid)) else {
        return std::future::pending().await;
    };
    while !is_gone(pid) {
        tokio::time::sleep(PULSE).await;
    }
}

fn is_gone(pid: Pid) -> bool {
    matches!(test_kill_process(pid), Err(Errno::SRCH))
}
