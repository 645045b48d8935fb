//! Where the user's own files stand. A folder that cannot be found or read is a note, never an error.

use std::io;
use std::path::PathBuf;

use etcetera::AppStrategy;

/// `$XDG_CONFIG_HOME/finspect/NAME`
pub fn config(name: &str) -> Option<PathBuf> {
    Some(strategy()?.in_config_dir(name))
}

/// `$XDG_STATE_HOME/finspect/NAME`
pub fn state(name: &str) -> Option<PathBuf> {
    strategy()?.in_state_dir(name)
}

/// The text of a file that need not exist.
///
/// # Errors
/// It exists and cannot be read: the sentence for a note.
pub fn text(path: Option<PathBuf>) -> Result<Option<String>, String> {
    let Some(path) = path else { return Ok(None) };
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{} is not read: {error}", path.display())),
    }
}

fn strategy() -> Option<impl AppStrategy> {
    etcetera::choose_app_strategy(etcetera::AppStrategyArgs {
        top_level_domain: String::new(),
        author: "finspect".to_owned(),
        app_name: "finspect".to_owned(),
    })
    .ok()
}
