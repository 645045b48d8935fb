//! Reading a picture as a person does: rows by name, the selected one, the pane in front.

use vt100::Screen;

use crate::pty::Terminal;

/// The row of an endpoint in the list, which stands above everything else that begins with a name.
pub fn row(screen: &Screen, name: &str) -> Option<String> {
    lines(screen).find(|line| named(line) == Some(name))
}

/// Where that row stands, from 0.
pub fn row_at(terminal: &Terminal, name: &str) -> usize {
    let picture = terminal.picture();
    let at = picture.lines().position(|line| named(line) == Some(name));
    at.unwrap_or_else(|| panic!("no row of {name}:\n{picture}"))
}

/// The name of the selected row.
pub fn selected(screen: &Screen) -> Option<String> {
    let line = lines(screen).find(|line| line.starts_with(['▸', '>']))?;
    named(&line).map(str::to_owned)
}

/// The names in the list, from the top to its first line that is no row.
pub fn rows(screen: &Screen) -> Vec<String> {
    lines(screen)
        .skip_while(|line| !line.trim_start().starts_with("name "))
        .skip(1)
        .map_while(|line| {
            named(&line)
                .filter(|n| n.chars().all(char::is_alphanumeric))
                .map(str::to_owned)
        })
        .collect()
}

impl Terminal {
    /// Waits until the endpoint's row holds all these words.
    pub fn row_shows(&self, name: &str, words: &[&str]) -> &Terminal {
        let what = format!("{name}: {words:?}");
        self.until(&what, |screen| {
            row(screen, name).is_some_and(|row| words.iter().all(|word| row.contains(word)))
        })
    }

    /// Waits until this row is the selected one.
    pub fn selects(&self, name: &str) -> &Terminal {
        let what = format!("{name} is selected");
        self.until(&what, |screen| selected(screen).as_deref() == Some(name))
    }

    /// Waits until the pair stands there, ready to be torn down.
    pub fn opens(&self) -> &Terminal {
        self.row_shows("client", &["ESTABLISHED"])
            .row_shows("server", &["ESTABLISHED"])
    }
}

fn lines(screen: &Screen) -> impl Iterator<Item = String> {
    let contents = screen.contents();
    contents
        .lines()
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}

fn named(line: &str) -> Option<&str> {
    let body = line.trim_start_matches(['▸', '>', ' ']);
    // A row is indented by its mark; titles of panes are not names.
    (body.len() < line.len()).then(|| body.split_whitespace().next())?
}
