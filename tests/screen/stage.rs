//! A stage for the screen: a journal told in a few words, keys as they are written in the keymap, pictures as text.

use std::collections::HashMap;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use finspect::journal::{
    By, Call, Cursor, Fact, Fate, Journal, KernelFact, LabChange, Limits, Micros, Note, Op,
    Payload, ShutdownHow, Source, Tuple, Who, WireFact,
};
use finspect::tcp::{Errno, Explanation, Flags, Sample, Segment, Seq, State, Timer, TimerKind};
use finspect::ui::theme::{ASCII, Theme, UNICODE};
use finspect::ui::{Effect, Keymap, Model, Msg, Settings, draw, update};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Color;

/// How the picture is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Utf8,
    Ascii,
    NoColour,
}

pub struct Stage {
    pub model: Model,
    journal: Journal,
    cursor: Cursor,
    /// Milliseconds.
    clock: u64,
    size: (u16, u16),
    pub effects: Vec<Effect>,
    /// When each segment left.
    left: HashMap<u64, Micros>,
}

/// One telling of a segment.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    pub id: u64,
    pub from: &'static str,
    pub flags: &'static str,
    pub seq: u32,
    pub ack: u32,
    pub len: u32,
    pub fate: Fate,
    /// Milliseconds after its departure.
    pub due: Option<u64>,
    pub repeats: u32,
    pub why: Option<Explanation>,
}

/// A segment without payload that passed.
pub fn told(id: u64, from: &'static str, flags: &'static str, seq: u32, ack: u32) -> Told {
    Told {
        id,
        from,
        flags,
        seq,
        ack,
        len: 0,
        fate: Fate::Passed,
        due: None,
        repeats: 0,
        why: None,
    }
}

impl Stage {
    pub fn new(width: u16, height: u16, look: Look) -> Stage {
        Stage::with(width, height, look, |_| {})
    }

    pub fn with(width: u16, height: u16, look: Look, change: impl FnOnce(&mut Settings)) -> Stage {
        let keymap = Keymap::load(None).expect("the built-in keymap");
        let mut settings = Settings::new(keymap);
        settings.title = "loopback".to_owned();
        settings.wire = Some("loopback is not captured".to_owned());
        match look {
            Look::Utf8 => settings.glyphs = &UNICODE,
            Look::Ascii => settings.glyphs = &ASCII,
            Look::NoColour => settings.theme = Theme::Plain,
        }
        change(&mut settings);
        let mut journal = Journal::new(Limits::default());
        let cursor = journal.open();
        let mut stage = Stage {
            model: Model::new(settings),
            journal,
            cursor,
            clock: 0,
            size: (width, height),
            effects: Vec::new(),
            left: HashMap::new(),
        };
        stage.msg(Msg::Resize(width, height));
        stage
    }

    /// The default: `client` and `server` over loopback, ready to be torn down, long enough ago that nothing glows.
    pub fn pair(width: u16, height: u16, look: Look) -> Stage {
        let mut stage = Stage::new(width, height, look);
        stage.open_pair().wait(2000);
        stage
    }

    /// The lab with nothing in it yet.
    pub fn lab_alone(width: u16, height: u16, look: Look) -> Stage {
        Stage::with(width, height, look, |settings| {
            settings.title = "lab".to_owned();
            settings.wire = None;
            settings.lab = true;
        })
    }

    /// The lab with its pair of hosts, ready to be torn down; its wire is seen and may be held.
    pub fn lab(width: u16, height: u16, look: Look) -> Stage {
        let mut stage = Stage::lab_alone(width, height, look);
        stage.open_pair().wait(2000);
        stage
    }

    /// A segment from `client` or from `server`, as the wire tells it.
    pub fn segment(&mut self, told: Told) -> &mut Stage {
        let now = Micros(self.clock * 1000);
        let left = *self.left.entry(told.id).or_insert(now);
        let to = match told.from {
            "client" => "server",
            _ => "client",
        };
        self.about_nobody(Fact::Wire(WireFact {
            id: told.id,
            from: told.from.into(),
            to: to.into(),
            host: None,
            segment: Segment {
                flags: Flags::parse(told.flags).expect("flags"),
                seq: Seq(told.seq),
                ack: Seq(told.ack),
                len: told.len,
                win: 64240,
            },
            fate: told.fate,
            left,
            due: told.due.map(|ms| Micros(left.0 + ms * 1000)),
            repeats: told.repeats,
            repeats_of: None,
            copy_of: None,
            why: told.why,
            dropped_by: None,
            gso: false,
        }))
    }

    /// The wire's rules from now on.
    pub fn rules(&mut self, rule: &str) -> &mut Stage {
        self.about_nobody(Fact::Note(Note::Wire { rule: rule.into() }))
    }

    /// The world before is gone, and another one is there.
    pub fn fresh_lab(&mut self) -> &mut Stage {
        self.about_nobody(Fact::Note(Note::Lab {
            change: LabChange::Reset,
            failed: None,
        }))
    }

    fn about_nobody(&mut self, fact: Fact) -> &mut Stage {
        self.journal.append(Micros(self.clock * 1000), None, fact);
        self.tell()
    }

    pub fn open_pair(&mut self) -> &mut Stage {
        self.listen("server.listen", 6000);
        self.connection("client", "server", "server.listen", 43210, 6000)
    }

    pub fn listen(&mut self, name: &str, port: u16) -> &mut Stage {
        let addr = ([127, 0, 0, 1], port).into();
        self.call(name, Op::Socket { v6: false }, Ok(4));
        self.call(name, Op::Bind { addr }, Ok(0));
        self.call(name, Op::Listen { backlog: 128 }, Ok(0));
        self.tuple(name, Some(addr), None);
        self.reading(
            name,
            Some((State::Closed, State::Listen)),
            Sample::bare(State::Listen),
        )
    }

    /// Both ends of a connection, ESTABLISHED.
    pub fn connection(
        &mut self,
        client: &str,
        server: &str,
        listener: &str,
        from: u16,
        to: u16,
    ) -> &mut Stage {
        let addr = ([127, 0, 0, 1], to).into();
        self.call(client, Op::Socket { v6: false }, Ok(5));
        self.call(client, Op::Connect { to: Some(addr) }, Ok(0));
        self.tuple(client, Some(([127, 0, 0, 1], from).into()), Some(addr));
        self.reading(
            client,
            Some((State::SynSent, State::Established)),
            idle(State::Established),
        );
        let accepted = self.who(server);
        let peer = Some(([127, 0, 0, 1], from).into());
        self.call(
            listener,
            Op::Accept {
                accepted: Some(accepted),
                peer,
            },
            Ok(6),
        );
        self.tuple(server, Some(addr), peer);
        self.reading(
            server,
            Some((State::Closed, State::Established)),
            idle(State::Established),
        )
    }

    /// The client closed its sending half and the server has read to the end.
    pub fn half_close(&mut self) -> &mut Stage {
        self.call("client", Op::Shutdown(ShutdownHow::Send), Ok(0));
        self.reading(
            "client",
            Some((State::Established, State::FinWait1)),
            idle(State::FinWait1),
        );
        self.reading(
            "server",
            Some((State::Established, State::CloseWait)),
            idle(State::CloseWait),
        );
        self.wait(1);
        self.recv("server", b"");
        self.wait(39);
        self.reading(
            "client",
            Some((State::FinWait1, State::FinWait2)),
            idle(State::FinWait2),
        )
    }

    /// Both ends closed; the client stays in TIME-WAIT.
    pub fn close_both(&mut self) -> &mut Stage {
        self.call("server", Op::Close, Ok(0));
        self.reading(
            "server",
            Some((State::CloseWait, State::LastAck)),
            idle(State::LastAck),
        );
        let mut time_wait = Sample::bare(State::TimeWait);
        time_wait.timer = Some(Timer {
            kind: TimerKind::TimeWait,
            expires_ms: 60_000,
            retries: 0,
        });
        self.reading(
            "client",
            Some((State::FinWait2, State::TimeWait)),
            time_wait,
        );
        self.recv("client", b"");
        self.call("client", Op::Close, Ok(0));
        self.gone("server", State::LastAck)
    }

    pub fn send(&mut self, who: &str, bytes: &[u8]) -> &mut Stage {
        let asked = bytes.len() as u64;
        self.call(
            who,
            Op::Send {
                asked,
                oob: false,
                data: Payload::of(bytes),
            },
            Ok(asked),
        )
    }

    pub fn recv(&mut self, who: &str, bytes: &[u8]) -> &mut Stage {
        self.call(
            who,
            Op::Recv {
                asked: 65536,
                data: Payload::of(bytes),
            },
            Ok(bytes.len() as u64),
        )
    }

    pub fn note(&mut self, who: &str, note: Note) -> &mut Stage {
        self.fact(who, Fact::Note(note))
    }

    pub fn who(&mut self, name: &str) -> Who {
        self.journal.mint(name).unwrap_or_else(|taken| taken.0)
    }

    pub fn call(&mut self, who: &str, op: Op, result: Result<u64, Errno>) -> &mut Stage {
        self.fact(
            who,
            Fact::App(Call {
                op,
                result,
                by: By::Asked,
                blocked_us: None,
            }),
        )
    }

    pub fn tuple(
        &mut self,
        who: &str,
        local: Option<std::net::SocketAddr>,
        peer: Option<std::net::SocketAddr>,
    ) -> &mut Stage {
        let tuple = Some(Tuple {
            local,
            peer,
            cookie: None,
            host: None,
        });
        self.kernel(
            who,
            KernelFact {
                tuple,
                ..measured()
            },
        )
    }

    pub fn reading(
        &mut self,
        who: &str,
        change: Option<(State, State)>,
        sample: Sample,
    ) -> &mut Stage {
        self.kernel(
            who,
            KernelFact {
                change,
                sample: Some(sample),
                ..measured()
            },
        )
    }

    pub fn inferred(&mut self, who: &str, from: State, to: State) -> &mut Stage {
        self.kernel(
            who,
            KernelFact {
                source: Source::Inferred,
                change: Some((from, to)),
                ..measured()
            },
        )
    }

    pub fn gone(&mut self, who: &str, from: State) -> &mut Stage {
        self.kernel(
            who,
            KernelFact {
                change: Some((from, State::Closed)),
                gone: true,
                ..measured()
            },
        )
    }

    fn kernel(&mut self, who: &str, fact: KernelFact) -> &mut Stage {
        self.fact(who, Fact::Kernel(Box::new(fact)))
    }

    pub fn fact(&mut self, who: &str, fact: Fact) -> &mut Stage {
        let who = Some(self.who(who));
        self.journal.append(Micros(self.clock * 1000), who, fact);
        self.tell()
    }

    /// Hands what the journal holds to the screen.
    fn tell(&mut self) -> &mut Stage {
        let mut events = Vec::new();
        self.journal.read(&mut self.cursor, usize::MAX, &mut events);
        self.msg(Msg::Journal(events))
    }

    /// Time passes and the screen is woken as often as it asks for.
    pub fn wait(&mut self, ms: u64) -> &mut Stage {
        self.clock += ms;
        self.msg(Msg::Tick(Micros(self.clock * 1000)))
    }

    pub fn msg(&mut self, msg: Msg) -> &mut Stage {
        let effects = update(&mut self.model, msg);
        self.effects.extend(effects);
        self
    }

    /// Keys as the keymap writes them, between spaces: `g g Ctrl-d Left`.
    pub fn press(&mut self, keys: &str) -> &mut Stage {
        for key in keys.split(' ') {
            self.msg(Msg::Key(key_event(key)));
        }
        self
    }

    /// A text, letter by letter.
    pub fn write(&mut self, text: &str) -> &mut Stage {
        for c in text.chars() {
            self.msg(Msg::Key(KeyEvent::new(
                KeyCode::Char(c),
                KeyModifiers::NONE,
            )));
        }
        self
    }

    pub fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) -> &mut Stage {
        self.msg(Msg::Mouse(MouseEvent {
            kind,
            column,
            row,
            modifiers: KeyModifiers::NONE,
        }))
    }

    pub fn click(&mut self, column: u16, row: u16) -> &mut Stage {
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, row)
    }

    /// The effects since the last look.
    pub fn asked(&mut self) -> Vec<String> {
        std::mem::take(&mut self.effects)
            .into_iter()
            .map(|effect| match effect {
                Effect::Ask { actor, command } => format!("{actor}: {command}"),
                Effect::Wire(command) => format!("wire: {command}"),
                Effect::Lab(command) => format!("lab: {command}"),
                Effect::Copy(text) => format!("copy {text}"),
                other => format!("{other:?}"),
            })
            .collect()
    }

    pub fn selected(&self) -> &str {
        self.model.selected().map_or("", |e| &e.name)
    }

    pub fn picture(&self) -> String {
        let terminal = self.draw();
        let buffer = terminal.backend().buffer();
        let width = usize::from(self.size.0);
        let mut out = String::new();
        for row in buffer.content().chunks(width.max(1)) {
            let mut line = String::new();
            let mut skip = 0;
            for cell in row {
                if skip == 0 {
                    line.push_str(cell.symbol());
                    skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).max(1);
                }
                skip -= 1;
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// Whether any cell carries a colour.
    pub fn coloured(&self) -> bool {
        let terminal = self.draw();
        terminal
            .backend()
            .buffer()
            .content()
            .iter()
            .any(|c| c.fg != Color::Reset || c.bg != Color::Reset)
    }

    pub fn draw(&self) -> Terminal<TestBackend> {
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1))
            .expect("a picture has no device");
        terminal
            .draw(|frame| draw(&self.model, frame))
            .expect("a picture has no device");
        terminal
    }

    pub fn resize(&mut self, width: u16, height: u16) -> &mut Stage {
        self.size = (width, height);
        self.msg(Msg::Resize(width, height))
    }
}

fn measured() -> KernelFact {
    KernelFact {
        source: Source::Measured,
        change: None,
        sample: None,
        tuple: None,
        gone: false,
    }
}

/// A reading with empty queues.
pub fn idle(state: State) -> Sample {
    Sample {
        by_descriptor: true,
        inq: Some(0),
        outq: Some(0),
        rqueue: Some(0),
        wqueue: Some(0),
        counters: Some(finspect::tcp::Counters::default()),
        ..Sample::bare(state)
    }
}

fn key_event(key: &str) -> KeyEvent {
    let (modifiers, name) = match key.split_once('-') {
        Some(("Ctrl", name)) => (KeyModifiers::CONTROL, name),
        Some(("Shift", name)) => (KeyModifiers::SHIFT, name),
        _ => (KeyModifiers::NONE, key),
    };
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" if modifiers == KeyModifiers::SHIFT => KeyCode::BackTab,
        "Tab" => KeyCode::Tab,
        "Space" => KeyCode::Char(' '),
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PageUp" => KeyCode::PageUp,
        "PageDown" => KeyCode::PageDown,
        "Backspace" => KeyCode::Backspace,
        "F6" => KeyCode::F(6),
        one => KeyCode::Char(one.chars().next().expect("a key")),
    };
    KeyEvent::new(code, modifiers)
}
