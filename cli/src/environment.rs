//! Environments: other fleets of the same sources, with settings of their own in `qg.toml`.

use qg_lang::diagnostic::closest;
use qg_lang::world::Settings;

use crate::config::Config;
use crate::failure::Failure;
use crate::project::MANIFEST;

/// Takes the chosen environment: its output folder becomes the fleet's. One that says none gets a folder beside that
/// of the fleet, for no run may replace what another environment made.
///
/// # Errors
/// Where the manifest has no environment of that name.
pub(crate) fn choose(
    config: &mut Config,
    text: &str,
    chosen: Option<&str>,
) -> Result<Option<Settings>, Failure> {
    let Some(name) = chosen else { return Ok(None) };
    let Some(environment) = config.environments.get(name) else {
        let failure = Failure::new(format!("there is no environment `{name}`"));
        let known = config.environments.keys().map(String::as_str);
        let known: Vec<&str> = known.collect();
        return Err(match closest(name, known.iter().copied()) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None if known.is_empty() => {
                failure.help(format!("{MANIFEST} has none; write `[environments.{name}]`"))
            }
            None => failure.help(format!("the environments are: {}", known.join(", "))),
        });
    };
    match &environment.out {
        Some((out, place)) => {
            config.out.clone_from(out);
            config.out_place = Some(place.clone());
        }
        None => config.out = format!("{}-{name}", config.out.trim_end_matches('/')),
    }
    Ok(Some(Settings { path: MANIFEST.into(), text: text.into(), environment: name.into() }))
}
