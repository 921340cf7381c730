//! What a rule asks for.

use serde::{Deserialize, Serialize};

use super::values::{At, Refused};

/// What is asked of whoever wants to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    Bypass,
    OneFactor,
    TwoFactor,
    Deny,
}

impl Policy {
    pub(super) fn read(at: &At<'_>) -> Result<Option<Policy>, Refused> {
        match &*at.text()? {
            "" => Ok(None),
            "bypass" => Ok(Some(Policy::Bypass)),
            "one_factor" => Ok(Some(Policy::OneFactor)),
            "two_factor" => Ok(Some(Policy::TwoFactor)),
            "deny" => Ok(Some(Policy::Deny)),
            other => {
                at.refuse(format!("`{other}` is none of bypass, one_factor, two_factor and deny"))
            }
        }
    }

    /// As Authelia spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Policy::Bypass => "bypass",
            Policy::OneFactor => "one_factor",
            Policy::TwoFactor => "two_factor",
            Policy::Deny => "deny",
        }
    }
}
