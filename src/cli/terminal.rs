//! The terminal: taken once, always given back. On a panic, a signal, an error or a dead terminal as on a plain quit.

use std::io::{self, IsTerminal, Stdout, Write};
use std::mem::ManuallyDrop;
use std::panic;

use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::execute;
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use crate::ui;

/// The screen while it is ours.
pub struct Screen {
    /// Never dropped by itself: ratatui's own drop shows the cursor and, on a dead terminal, complains with `eprintln!`,
    /// which panics where stderr is that terminal. [`restore`] has done all of it before.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<Stdout>>>,
    /// False between `suspend` and `resume`, and once given back.
    taken: bool,
}

impl Screen {
    /// Whether a person sits at both ends.
    pub fn possible() -> bool {
        io::stdin().is_terminal() && io::stdout().is_terminal()
    }

    /// # Errors
    /// The terminal refuses raw mode or the alternate screen.
    pub fn take() -> io::Result<Screen> {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            restore();
            before(info);
        }));
        enter()?;
        Ok(Screen {
            terminal: fresh()?,
            taken: true,
        })
    }

    /// Draws one frame, whole: a terminal that knows synchronized updates shows no half of it.
    ///
    /// # Errors
    /// The terminal is dead.
    pub fn draw(&mut self, model: &ui::Model) -> io::Result<()> {
        execute!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| ui::draw(model, frame))?;
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
    }

    pub fn size(&self) -> io::Result<(u16, u16)> {
        self.terminal.size().map(|s| (s.width, s.height))
    }

    /// Gives the terminal to the shell and stops this process, as Ctrl-Z does; returns after `fg`.
    ///
    /// # Errors
    /// The terminal cannot be taken again.
    pub fn suspend(&mut self) -> io::Result<()> {
        self.give_back();
        crate::kernel::stop_ourselves();
        enter()?;
        self.taken = true;
        // A fresh one knows nothing of what stood on the screen, and draws all of it. `Terminal::clear` would ask the
        // terminal where its cursor is and wait for an answer among the keys.
        execute!(io::stdout(), Clear(ClearType::All))?;
        self.terminal = fresh()?;
        Ok(())
    }

    /// To the terminal's clipboard (OSC 52). The terminal never says whether it took it.
    ///
    /// # Errors
    /// The terminal is dead.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        use crossterm::clipboard::CopyToClipboard;
        execute!(
            self.terminal.backend_mut(),
            CopyToClipboard::to_clipboard_from(text)
        )
    }

    pub fn give_back(&mut self) {
        if self.taken {
            self.taken = false;
            restore();
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.give_back();
    }
}

fn fresh() -> io::Result<ManuallyDrop<Terminal<CrosstermBackend<Stdout>>>> {
    Terminal::new(CrosstermBackend::new(io::stdout())).map(ManuallyDrop::new)
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableMouseCapture,
        EnableBracketedPaste
    )
}

/// Undoes everything. Errors are passed over: on a dead terminal there is nobody to tell.
fn restore() {
    let mut out = io::stdout();
    let _ = execute!(
        out,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
    let _ = disable_raw_mode();
    let _ = out.flush();
}
