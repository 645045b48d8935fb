//! The screen wired up: terminal events, the journal, answers, time and signals become messages; effects become calls.
//!
//! One loop, one direction. It sleeps until something happens, and draws only what has changed.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use crossterm::event::{Event as TerminalEvent, EventStream, KeyEventKind};
use futures_core::Stream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::arguments::Everywhere;
use super::classroom::{Classroom, Shelf};
use super::exit::{Exit, Failure};
use super::history;
use super::keyboard::keymap;
use super::material::{Material, Trust};
use super::recording::Place;
use super::session::{Session, no_lab};
use super::signals::Ends;
use super::teaching::Turn;
use super::terminal::Screen;
use crate::command::{Command, Connect, HostPort, Listen, Target};
use crate::engine::{Family, Outcome, Pace, Reader, Refusal, Reply};
use crate::journal::{Event, Ground, Micros};
use crate::ui::theme::Theme;
use crate::ui::{self, Book, Effect, Model, Msg, Settings, Severity};

/// `q` quits at once: a close that lingers is left to the kernel.
pub(super) const AT_ONCE: Duration = Duration::from_millis(300);

/// Frames are no closer together than this.
const FRAME: Duration = Duration::from_millis(16);

/// What the screen opens with.
pub enum Opening {
    /// A pair of our own.
    Pair,
    /// These lines, an actor each.
    Lines(Vec<(String, Command)>),
    /// The list of lessons.
    Lessons,
    /// A lesson.
    Lesson(Box<Material>),
}

/// What the screen is opened for.
pub struct Wanted<'a> {
    pub opening: Opening,
    pub title: &'a str,
    pub family: Family,
    pub ground: Ground,
    pub shelf: Shelf,
    pub trust: Trust,
}

impl<'a> Wanted<'a> {
    pub fn new(opening: Opening, title: &'a str, family: Family, ground: Ground) -> Wanted<'a> {
        Wanted {
            opening,
            title,
            family,
            ground,
            shelf: Shelf::BuiltIn,
            trust: Trust::Asked,
        }
    }
}

pub async fn run(wanted: Wanted<'_>, everywhere: &Everywhere) -> Result<Exit, Failure> {
    let Wanted {
        opening,
        title,
        family,
        ground,
        shelf,
        trust,
    } = wanted;
    if !Screen::possible() {
        return Err(Failure::usage(
            "the screen needs a terminal on stdin and stdout; without one, use `finspect run FILE`",
        ));
    }
    let (mut settings, mut notes) = settings(title, everywhere)?;
    let session = Session::begin(family, everywhere, Place::Fresh, ground)?;
    if let Some(refused) = session.engine.lab_refused() {
        if let Opening::Lesson(material) = &opening {
            material.without_lab(&refused.why, &refused.remedy)?;
        }
        notes.push(no_lab(refused));
    }
    if session.header.ground == Ground::Lab {
        settings.title = "lab".to_owned();
        settings.lab = true;
    }
    settings.wire = match session.engine.capture() {
        Some(Err(refused)) => Some(refused.why.clone()),
        Some(Ok(())) | None => None,
    };
    if let Opening::Lesson(material) = &opening {
        material.unseen(&session.engine, ground == Ground::Loopback)?;
    }
    let mut model = Model::new(settings);
    // Before the terminal is taken: from then on no signal may end us without giving it back.
    let ends = Ends::listen()
        .map_err(|error| Failure::machine(format!("signals cannot be caught: {error}")))?;
    let mut screen = Screen::take()
        .map_err(|error| Failure::machine(format!("the terminal cannot be taken: {error}")))?;
    let drawn = screen.size().and_then(|(width, height)| {
        ui::update(&mut model, Msg::Resize(width, height));
        screen.draw(&model)
    });
    drawn.map_err(|error| Failure::machine(format!("the terminal cannot be drawn: {error}")))?;
    model.drawn();

    let (answers, inbox) = mpsc::unbounded_channel();
    let classroom = Classroom::new(shelf, everywhere.language(), trust, &mut notes);
    let mut stage = Stage {
        reader: session.engine.reader(),
        started: Instant::from_std(session.engine.started()),
        session,
        model,
        screen,
        answers,
        pairs: 0,
        family,
        ground,
        everywhere: everywhere.clone(),
        classroom,
        world: 0,
        turning: None,
    };
    if let Some(why) = stage.session.unrecorded.take() {
        stage.tell(Msg::Recording(None));
        notes.push(why);
    }
    for note in notes {
        stage.tell(Msg::Notice(Severity::Warned, note));
    }
    stage.open(opening);
    let exit = stage.play(inbox, ends).await;
    let Stage {
        session,
        mut screen,
        ..
    } = stage;
    screen.give_back();
    session.finish(AT_ONCE).await;
    exit
}

fn settings(title: &str, everywhere: &Everywhere) -> Result<(Settings, Vec<String>), Failure> {
    let mut notes = Vec::new();
    let mut settings = Settings::new(keymap(&mut notes)?);
    settings.theme = theme(everywhere);
    if everywhere.ascii {
        settings.glyphs = &ui::theme::ASCII;
    }
    settings.read_only = everywhere.read_only;
    settings.title = title.to_owned();
    settings.recording = everywhere.record.as_ref().map(|p| p.display().to_string());
    // A listener that somebody asked for by name is what the screen is about.
    settings.show_listeners = title == "listen";
    settings.palette_history = history::load(Book::Palette, &mut notes);
    settings.compose_history = history::load(Book::Compose, &mut notes);
    Ok((settings, notes))
}

/// `--theme` wins over NO_COLOR (no-color.org: set and not empty), which wins over the default.
fn theme(everywhere: &Everywhere) -> Theme {
    let asked = everywhere
        .theme
        .as_deref()
        .and_then(|word| Theme::ALL.into_iter().find(|t| t.word() == word));
    let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    match (asked, plain) {
        (Some(theme), _) => theme,
        (None, true) => Theme::Plain,
        (None, false) => Theme::default(),
    }
}

/// Everything that the loop owns.
pub(super) struct Stage {
    pub(super) session: Session,
    pub(super) reader: Reader,
    pub(super) model: Model,
    pub(super) screen: Screen,
    pub(super) answers: mpsc::UnboundedSender<Heard>,
    pub(super) pairs: u32,
    pub(super) started: Instant,
    pub(super) family: Family,
    pub(super) ground: Ground,
    pub(super) everywhere: Everywhere,
    pub(super) classroom: Classroom,
    /// Counts the worlds: an answer from an old one is nobody's.
    pub(super) world: u64,
    /// A fresh world is to begin.
    pub(super) turning: Option<Turn>,
}

/// What the engine answered, and in which world.
pub(super) enum Heard {
    Refused(u64, String, Refusal),
    /// A line of the lesson has come to its end.
    Played(u64, Option<Refusal>),
}

/// What woke the loop.
enum Woken {
    Terminal(Option<io::Result<TerminalEvent>>),
    Journal(bool),
    Answer(Heard),
    Recording(Result<(), String>),
    Signal(u8),
    /// The terminal hung up.
    Dead,
    Tick,
}

impl Stage {
    async fn play(
        &mut self,
        mut inbox: mpsc::UnboundedReceiver<Heard>,
        mut ends: Ends,
    ) -> Result<Exit, Failure> {
        let broken = |error: io::Error| Failure::machine(format!("the terminal is lost: {error}"));
        let mut keys = EventStream::new();
        let mut hangup = hangup();
        let mut events = Vec::new();
        let mut last_frame = Instant::now() - FRAME;
        loop {
            let wake = self.next_wake(last_frame);
            let woken = tokio::select! {
                biased;
                n = ends.came() => Woken::Signal(n),
                event = next_key(&mut keys) => Woken::Terminal(event),
                Some(heard) = inbox.recv() => Woken::Answer(heard),
                more = self.reader.next(&mut events) => Woken::Journal(more),
                ended = recording_ended(&mut self.session) => Woken::Recording(ended),
                _ = &mut hangup => Woken::Dead,
                () = sleep_until(wake) => Woken::Tick,
            };
            let next = self.react(woken, &mut events)?;
            while let Some(turn) = self.turning.take() {
                self.fresh_world(turn).await?;
            }
            match next {
                Next::Go => {}
                Next::Leave(exit) => return Ok(exit),
                Next::Suspend => {
                    // Its thread would read the shell's keys.
                    drop(keys);
                    self.screen.suspend().map_err(broken)?;
                    keys = EventStream::new();
                    self.resize();
                }
            }
            if self.model.needs_draw() && last_frame.elapsed() >= FRAME {
                self.tell(Msg::Tick(self.now()));
                if self.screen.draw(&self.model).is_err() {
                    return Ok(Exit::Signal(1));
                }
                self.model.drawn();
                last_frame = Instant::now();
            }
        }
    }

    fn react(&mut self, woken: Woken, events: &mut Vec<Event>) -> Result<Next, Failure> {
        let msg = match woken {
            Woken::Signal(n) => return Ok(Next::Leave(Exit::Signal(n))),
            Woken::Dead | Woken::Terminal(None | Some(Err(_))) => {
                return Ok(Next::Leave(Exit::Signal(1)));
            }
            Woken::Terminal(Some(Ok(event))) => match message_of(event) {
                Some(msg) => {
                    // What is asked for begins now, however long nothing was drawn.
                    self.tell(Msg::Tick(self.now()));
                    msg
                }
                None => return Ok(Next::Go),
            },
            Woken::Journal(false) => {
                return Err(Failure::machine("the engine has ended"));
            }
            Woken::Journal(true) => {
                let dropped = self.reader.dropped();
                if dropped > 0 {
                    self.tell(Msg::Dropped(dropped));
                }
                Msg::Journal(std::mem::take(events))
            }
            Woken::Answer(Heard::Refused(world, ..)) if world != self.world => return Ok(Next::Go),
            Woken::Answer(Heard::Refused(_, actor, refusal)) => {
                Msg::Refused(refusal_for(actor, refusal))
            }
            Woken::Answer(Heard::Played(world, refusal)) => {
                return Ok(self.played(world, refusal));
            }
            Woken::Recording(result) => {
                self.session.recording = None;
                self.tell(Msg::Recording(None));
                match result {
                    Ok(()) => return Ok(Next::Go),
                    Err(words) => Msg::Notice(Severity::Failed, words),
                }
            }
            Woken::Tick => Msg::Tick(self.now()),
        };
        Ok(self.tell(msg))
    }

    /// One message, and everything that the model wants done about it.
    pub(super) fn tell(&mut self, msg: Msg) -> Next {
        let mut next = Next::Go;
        for effect in ui::update(&mut self.model, msg) {
            match effect {
                Effect::Ask { actor, command } => self.ask(actor, command),
                Effect::Wire(command) => {
                    let reply = self.session.engine.wire(command);
                    self.await_answer("wire".to_owned(), reply);
                }
                Effect::Lab(command) => {
                    let reply = self.session.engine.lab(command);
                    self.await_answer("lab".to_owned(), reply);
                }
                Effect::Play { statement, by_key } => self.play_line(statement, by_key),
                Effect::Decided { expect, line, held } => self.decided(&expect, line, held),
                Effect::FreshWorld => self.turning = Some(Turn::Again),
                Effect::ListLessons => self.list_lessons(),
                Effect::OpenLesson(name) => self.open_lesson(&name),
                Effect::Reached { key, done, of } => {
                    if let Err(note) = self.classroom.reached(&key, done, of) {
                        self.tell(Msg::Notice(Severity::Warned, note));
                    }
                }
                Effect::FreshPair => self.fresh_pair(),
                Effect::Quit => next = Next::Leave(Exit::Done),
                Effect::Suspend => next = Next::Suspend,
                Effect::Copy(text) => {
                    if self.screen.copy(&text).is_err() {
                        next = Next::Leave(Exit::Signal(1));
                    }
                }
                Effect::Remember { book, line } => history::remember(book, &line),
            }
        }
        next
    }

    fn ask(&mut self, actor: String, command: Command) {
        let reply = self.session.engine.order(&actor, command, Pace::Key);
        self.await_answer(actor, reply);
    }

    fn await_answer(&self, actor: String, reply: Reply) {
        let (answers, world) = (self.answers.clone(), self.world);
        tokio::spawn(async move {
            if let Ok(Outcome::Refused(refusal)) = reply.await {
                // Nobody is left to read it when the screen is going away.
                let _ = answers.send(Heard::Refused(world, actor, refusal));
            }
        });
    }

    fn open(&mut self, opening: Opening) {
        match opening {
            Opening::Pair => self.fresh_pair(),
            Opening::Lessons => self.list_lessons(),
            Opening::Lesson(material) => {
                let (lesson, key) = self.classroom.take(*material);
                self.tell(Msg::Lesson { lesson, key });
            }
            Opening::Lines(lines) => {
                for (actor, command) in lines {
                    self.ask(actor, command);
                }
            }
        }
    }

    /// `client` and `server`, then `client2` and `server2`: a name is never used again, whoever used it.
    fn fresh_pair(&mut self) {
        let (client, server) = loop {
            self.pairs += 1;
            let suffix = match self.pairs {
                1 => String::new(),
                n => n.to_string(),
            };
            let pair = (format!("client{suffix}"), format!("server{suffix}"));
            let world = self.model.world();
            let taken = |name: &str| world.by_name(name).is_some();
            let listener = format!("{}.listen", pair.1);
            if !taken(&pair.0) && !taken(&pair.1) && !taken(&listener) {
                break pair;
            }
        };
        let listen = Listen {
            at: HostPort {
                host: None,
                port: 0,
            },
            backlog: None,
            on: None,
        };
        self.ask(server.clone(), Command::Listen(listen));
        let connect = Connect {
            target: Target::Actor(server),
            from: None,
            on: None,
            nowait: false,
        };
        self.ask(client, Command::Connect(connect));
    }

    fn resize(&mut self) {
        if let Ok((width, height)) = self.screen.size() {
            self.tell(Msg::Resize(width, height));
        }
    }

    /// The journal's time, near enough for countdowns: both clocks began together.
    pub(super) fn now(&self) -> Micros {
        Micros(u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX))
    }

    /// `None`: nothing on the screen changes by itself.
    fn next_wake(&self, last_frame: Instant) -> Option<Instant> {
        let frame = self.model.needs_draw().then(|| last_frame + FRAME);
        let model = self
            .model
            .next_wake()
            .map(|at| self.started + Duration::from_micros(at.0));
        [frame, model].into_iter().flatten().min()
    }
}

pub(super) enum Next {
    Go,
    Leave(Exit),
    Suspend,
}

fn message_of(event: TerminalEvent) -> Option<Msg> {
    match event {
        TerminalEvent::Key(key) if key.kind != KeyEventKind::Release => Some(Msg::Key(key)),
        TerminalEvent::Mouse(mouse) => Some(Msg::Mouse(mouse)),
        TerminalEvent::Paste(text) => Some(Msg::Paste(text)),
        TerminalEvent::Resize(width, height) => Some(Msg::Resize(width, height)),
        TerminalEvent::Key(_) | TerminalEvent::FocusGained | TerminalEvent::FocusLost => None,
    }
}

pub(super) fn refusal_for(actor: String, refusal: Refusal) -> ui::Refusal {
    match refusal {
        Refusal::NoSuchActor { actor } => ui::Refusal::NoSuchEndpoint { name: actor },
        Refusal::NameTaken { name } => ui::Refusal::NameTaken { name },
        Refusal::NoDescriptor { actor } => ui::Refusal::NoDescriptor { name: actor },
        Refusal::InProcess { actor, pid } => ui::Refusal::InProcess { name: actor, pid },
        Refusal::NoProcess { actor } => ui::Refusal::NoProcess { name: actor },
        other @ (Refusal::NoConnectionYet { .. }
        | Refusal::NotListening { .. }
        | Refusal::WrongKind { .. }
        | Refusal::NoFork(_)
        | Refusal::NoLab
        | Refusal::LabRefused { .. }
        | Refusal::Sysctl { .. }
        | Refusal::Wire(_)
        | Refusal::Ended) => ui::Refusal::Other {
            name: actor,
            why: other.to_string(),
        },
    }
}

async fn next_key(keys: &mut EventStream) -> Option<io::Result<TerminalEvent>> {
    poll_fn(|cx| Pin::new(&mut *keys).poll_next(cx)).await
}

async fn recording_ended(session: &mut Session) -> Result<(), String> {
    match &mut session.recording {
        Some(recording) => recording.ended().await,
        None => std::future::pending().await,
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Tells when the terminal hangs up without a signal; the event stream alone would read its end for ever.
/// It waits on a thread of its own, which goes with the program.
fn hangup() -> oneshot::Receiver<()> {
    let (tell, came) = oneshot::channel();
    std::thread::spawn(move || {
        crate::kernel::wait_for_hangup(&io::stdin());
        // The loop may have ended by itself.
        let _ = tell.send(());
    });
    came
}
