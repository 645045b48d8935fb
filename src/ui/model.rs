//! The Model: everything that a picture of the screen depends on. `update` changes it, `draw` reads it.

use std::sync::Arc;

use super::census::Census;
use super::course::Course;
use super::forecast_words::Verb;
use super::glow::Glow;
use super::history::History;
use super::keymap::{Binding, Place};
use super::keys::Chord;
use super::layout::{Layout, Page, Pane, Wants, heads};
use super::message::Severity;
use super::overlay::Overlay;
use super::panes::list::countdown;
use super::panes::{data, diagram, ladder};
use super::rows::Rows;
use super::settings::Settings;
use super::theme::Skin;
use crate::command::Statement;
use crate::journal::{Endpoint, EndpointId, Micros, Window, World};

/// A short word to the person. It stands until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub severity: Severity,
    pub text: String,
}

/// The endpoint to select as soon as it exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The client of the pair that was asked for; endpoints before this number are older.
    FreshClient {
        from: usize,
    },
    Named(Arc<str>),
}

/// Whether the picture stands while everything goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Freeze {
    #[default]
    Moving,
    /// One more picture is drawn, which says so.
    Asked,
    Standing,
}

/// What the log holds and where it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    pub events: Window,
    /// Events that are no longer in `events`.
    pub left: u64,
    /// Lines between the end of the log and the last one that is seen. 0: it follows.
    pub from_end: usize,
    /// Only lines about this endpoint.
    pub only: Option<EndpointId>,
    /// The number of the event whose line was clicked.
    pub selected: Option<u64>,
}

/// Everything the screen knows.
pub struct Model {
    pub(super) settings: Settings,
    pub(super) world: World,
    pub(super) now: Micros,
    pub(super) size: (u16, u16),
    pub(super) layout: Layout,

    pub(super) rows: Rows,
    pub(super) census: Census,
    pub(super) glow: Glow,
    /// The filter as it was typed.
    pub(super) filter: String,
    pub(super) selected: Option<EndpointId>,
    /// A person chose the selected row; until then it is the first one.
    pub(super) chosen: bool,
    pub(super) wanted: Option<Wanted>,
    /// The first row that is seen.
    pub(super) top: usize,

    pub(super) log: Log,
    pub(super) streams: data::Streams,
    pub(super) data_mode: data::Mode,
    /// Rows above the first one that is seen; `usize::MAX` follows the end.
    pub(super) data_scroll: usize,

    pub(super) ladder: ladder::Ladder,
    pub(super) on_ladder: ladder::Stand,
    pub(super) paths: diagram::Paths,

    pub(super) course: Option<Course>,
    /// For a projector.
    pub(super) presenting: bool,
    /// A person chose how calls are spelled; until then a lesson does.
    pub(super) spelling_chosen: bool,
    pub(super) freeze: Freeze,
    /// The key that was pressed last, as it is shown to a class.
    pub(super) pressed: Option<String>,

    pub(super) page: Page,
    pub(super) focus: Pane,
    pub(super) zoomed: bool,
    pub(super) overlay: Option<Overlay>,
    pub(super) notice: Option<Notice>,
    /// Keys of a sequence that is not complete.
    pub(super) pending: Vec<Chord>,
    pub(super) palette_history: History,
    pub(super) compose_history: History,
    pub(super) dirty: bool,
}

impl Model {
    pub fn new(mut settings: Settings) -> Model {
        let palette_history = History::of(std::mem::take(&mut settings.palette_history));
        let compose_history = History::of(std::mem::take(&mut settings.compose_history));
        let mut rows = Rows::default();
        rows.listeners.all = settings.show_listeners;
        let ladder = ladder::Ladder::new(settings.log_events);
        let mut model = Model {
            settings,
            world: World::default(),
            now: Micros(0),
            size: (80, 24),
            layout: Layout::default(),
            rows,
            census: Census::default(),
            glow: Glow::default(),
            filter: String::new(),
            selected: None,
            chosen: false,
            wanted: None,
            top: 0,
            log: Log::default(),
            streams: data::Streams::default(),
            data_mode: data::Mode::default(),
            data_scroll: usize::MAX,
            ladder,
            on_ladder: ladder::Stand::default(),
            paths: diagram::Paths::default(),
            course: None,
            presenting: false,
            spelling_chosen: false,
            freeze: Freeze::default(),
            pressed: None,
            page: Page::default(),
            focus: Pane::default(),
            zoomed: false,
            overlay: None,
            notice: None,
            pending: Vec::new(),
            palette_history,
            compose_history,
            dirty: true,
        };
        model.arrange();
        model
    }

    /// Everything that was folded from the old world goes; what the person chose stays.
    pub(super) fn begin_again(&mut self) {
        self.world = World::default();
        self.now = Micros(0);
        let listeners = self.settings.show_listeners;
        let sort = self.rows.sort;
        self.rows = Rows::default();
        self.rows.listeners.all = listeners;
        self.rows.sort = sort;
        self.census = Census::default();
        self.glow = Glow::default();
        self.selected = None;
        self.chosen = false;
        self.wanted = None;
        self.top = 0;
        self.log = Log::default();
        self.streams = data::Streams::default();
        self.data_scroll = usize::MAX;
        self.ladder = ladder::Ladder::new(self.settings.log_events);
        self.on_ladder = ladder::Stand::default();
        self.paths = diagram::Paths::default();
        self.notice = None;
    }

    /// Whether the picture changed since [`Model::drawn`].
    pub fn needs_draw(&self) -> bool {
        self.dirty && self.freeze != Freeze::Standing
    }

    /// The picture is on the screen.
    pub fn drawn(&mut self) {
        self.dirty = false;
        if self.freeze == Freeze::Asked {
            self.freeze = Freeze::Standing;
        }
    }

    /// When a [`super::Msg::Tick`] must come although nothing happens; `None`: the screen may sleep for ever.
    pub fn next_wake(&self) -> Option<Micros> {
        let glow = self.glow.next();
        let counting = self
            .watched()
            .filter_map(|e| countdown::next_change(e, self.now))
            .min();
        let lesson = self.course.as_ref().and_then(|course| course.runner.due());
        [glow, counting, self.next_move(), lesson]
            .into_iter()
            .flatten()
            .min()
    }

    /// When a segment that is seen will have moved.
    fn next_move(&self) -> Option<Micros> {
        let on_ladder = self
            .layout
            .tile(Pane::Ladder)
            .and_then(|tile| self.ladder_view().next_move(tile.area()));
        let between_the_pipes = self
            .layout
            .tile(Pane::Twin)
            .and_then(|_| self.ladder_view().next_move_of_any());
        [on_ladder, between_the_pipes].into_iter().flatten().min()
    }

    /// The World as the screen has folded it.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The selected endpoint.
    pub fn selected(&self) -> Option<&Endpoint> {
        self.world.get(self.selected?)
    }

    /// The other end of the selected endpoint, where it is visible.
    pub fn facing(&self) -> Option<&Endpoint> {
        self.world
            .facing(self.selected?)
            .filter(|e| Some(e.id) != self.selected)
    }

    pub(super) fn skin(&self) -> Skin {
        Skin {
            theme: self.settings.theme,
            glyphs: self.settings.glyphs,
        }
    }

    /// Rows of the list that are seen.
    pub(super) fn visible_rows(&self) -> &[EndpointId] {
        let order = self.rows.order();
        let start = self.top.min(order.len());
        let end = start.saturating_add(self.list_height()).min(order.len());
        &order[start..end]
    }

    /// Lines for endpoints, without the column heads.
    pub(super) fn list_height(&self) -> usize {
        self.layout.tile(Pane::List).map_or(0, |t| {
            usize::from(t.body.height.saturating_sub(heads(t.body.height)))
        })
    }

    /// Endpoints whose running timers stand on the screen.
    fn watched(&self) -> impl Iterator<Item = &Endpoint> {
        let pair = [self.selected, self.facing().map(|e| e.id)];
        self.visible_rows()
            .iter()
            .copied()
            .chain(pair.into_iter().flatten())
            .filter_map(|id| self.world.get(id))
    }

    /// The keys of the closing verbs as the twin pane shows them, in its order.
    pub(super) fn closing_keys(&self) -> [String; 5] {
        Verb::ALL.map(|verb| {
            let statement = Statement::Do {
                actor: None,
                command: verb.command(),
            };
            self.settings
                .keymap
                .keys_for(&statement)
                .next()
                .map(Binding::keys)
                .unwrap_or_default()
        })
    }

    /// Where keys are looked up, the narrowest place first. While a prompt takes text, only what leaves it.
    pub(super) fn places(&self) -> Vec<Place> {
        match &self.overlay {
            Some(Overlay::Help { .. }) => vec![Place::Help, Place::Everywhere],
            Some(Overlay::Confirm { .. }) => vec![Place::Confirm, Place::Everywhere],
            Some(Overlay::Palette(_) | Overlay::Filter { .. } | Overlay::Compose(_)) => {
                vec![Place::Everywhere]
            }
            Some(Overlay::Lessons(_)) => vec![Place::Lessons, Place::Everywhere],
            None => {
                let pane = match self.focus {
                    Pane::List => Place::List,
                    Pane::Twin => Place::Twin,
                    Pane::Log => Place::Log,
                    Pane::Data => Place::Data,
                    Pane::Ladder => Place::Ladder,
                    Pane::Diagram => Place::Diagram,
                    Pane::Lesson => Place::Lesson,
                };
                let mut places = Vec::new();
                if let Some(course) = &self.course {
                    places.extend(course.asking().then_some(Place::Question));
                    places.push(Place::Course);
                }
                places.extend([pane, Place::Connections, Place::Everywhere]);
                places
            }
        }
    }

    /// A name that no endpoint has had yet: `conn1`, `conn2`, ...
    pub(super) fn new_name(&self) -> String {
        let mut n = 1;
        loop {
            let name = format!("conn{n}");
            let listener = format!("{name}.listen");
            if self.world.by_name(&name).is_none() && self.world.by_name(&listener).is_none() {
                return name;
            }
            n += 1;
        }
    }

    /// Computes the geometry anew and keeps focus, selection and scrolling inside it.
    pub(super) fn arrange(&mut self) {
        let (width, height) = self.size;
        let wants = Wants {
            width,
            height,
            page: self.page,
            focus: self.focus,
            zoomed: self.zoomed,
            rows: self.rows.len(),
            lesson: self.course.is_some(),
            presenting: self.presenting,
        };
        self.layout = Layout::of(&wants);
        if self.layout.tile(self.focus).is_none() {
            self.focus = self.layout.panes().next().unwrap_or_default();
        }
        self.keep_selected_in_sight();
        self.look_at_selected();
    }

    /// The ladder follows the selection.
    fn look_at_selected(&mut self) {
        let pair = self
            .selected
            .and_then(|id| ladder::Pair::of(&self.world, id));
        if self.ladder.look_at(pair) {
            self.on_ladder.from_end = 0;
            self.on_ladder.selected = None;
        }
    }

    fn keep_selected_in_sight(&mut self) {
        let height = self.list_height();
        let last_top = self.rows.len().saturating_sub(height.max(1));
        if let Some(row) = self.selected.and_then(|id| self.rows.position(id)) {
            let lowest = (row + 1).saturating_sub(height.max(1));
            self.top = self.top.clamp(lowest, row.max(lowest));
        }
        self.top = self.top.min(last_top);
    }
}
