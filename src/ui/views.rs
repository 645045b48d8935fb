//! What each pane is handed: the one place where the Model is taken apart for the panes.

use std::borrow::Cow;

use super::calls::Spelling;
use super::layout::Pane;
use super::model::Model;
use super::panes::{data, diagram, ladder, lesson, list, log, twin};
use crate::journal::EndpointId;
use crate::lesson::Api;
use crate::locale::{Screen, Wire};

impl Model {
    pub(super) fn list_view(&self) -> list::View<'_> {
        let locale = &self.settings.locale;
        let empty = if self.filter.is_empty() {
            Screen::ListEmpty
        } else {
            Screen::ListNoMatch
        };
        list::View {
            world: &self.world,
            rows: self.visible_rows(),
            selected: self.selected,
            sort: self.rows.sort,
            known: list::cells::Known {
                now: self.now,
                glow: &self.glow,
                glyphs: self.settings.glyphs,
                locale,
            },
            skin: self.skin(),
            empty,
            summary: list::summary(
                &self.census,
                &self.world,
                self.shown(),
                locale,
                self.settings.glyphs,
            ),
        }
    }

    /// Rows without those of listeners, to compare with the census.
    fn shown(&self) -> usize {
        if self.filter.is_empty() {
            self.census.total()
        } else {
            self.rows.len()
        }
    }

    pub(super) fn twin_view(&self, this: EndpointId) -> twin::View<'_> {
        twin::View {
            world: &self.world,
            this,
            now: self.now,
            skin: self.skin(),
            locale: &self.settings.locale,
            spelling: self.settings.spelling,
            passing: self.unseen().is_none().then(|| self.passing()),
        }
    }

    /// Why no segments of the selected connection are seen; `None`: they are.
    fn unseen(&self) -> Option<Cow<'_, str>> {
        if let Some(why) = &self.settings.wire {
            return Some(why.into());
        }
        let e = self.selected()?;
        let (local, peer) = (e.local?, e.peer?);
        let (seen, why) = match self.settings.lab {
            true => (e.host.is_some(), Wire::OutsideTheLab),
            // What a machine says to an address of its own never leaves it.
            false => (
                peer.ip().is_loopback() || local.ip() == peer.ip(),
                Wire::NotOnLoopback,
            ),
        };
        let seen = seen || self.facing().is_some();
        (!seen).then(|| self.settings.locale.say(why))
    }

    /// What stands on the wire between the two ends, oldest first.
    fn passing(&self) -> Vec<twin::Passing> {
        /// More than this between two mouths is no picture any more.
        const MOST: usize = 32;
        let mut passing: Vec<twin::Passing> = self
            .ladder
            .on_the_wire()
            .take(MOST)
            .map(|(flight, way)| twin::Passing {
                rightward: way == ladder::Toward::Right,
                segment: flight.fact.segment,
                thousandths: match flight.progress(self.now) {
                    ladder::Progress::Flying(way) => Some(way),
                    ladder::Progress::Standing
                    | ladder::Progress::Landed
                    | ladder::Progress::Lost => None,
                },
            })
            .collect();
        passing.reverse();
        passing
    }

    pub(super) fn log_view(&self) -> log::View<'_> {
        log::View {
            events: &self.log.events,
            dropped: self.log.left,
            only: self.log.only,
            offset_from_end: self.log.from_end,
            selected: self.log.selected,
            wire: self.settings.wire.as_deref(),
            now: self.now,
            skin: self.skin(),
            locale: &self.settings.locale,
            world: &self.world,
        }
    }

    pub(super) fn ladder_view(&self) -> ladder::View<'_> {
        let left = &self.ladder.pair().left;
        ladder::View {
            ladder: &self.ladder,
            stand: self.on_ladder,
            selected_left: self.selected.is_some_and(|id| left.ids.contains(&id)),
            wire: self.unseen(),
            now: self.now,
            skin: self.skin(),
            locale: &self.settings.locale,
        }
    }

    pub(super) fn diagram_view(&self) -> diagram::View<'_> {
        diagram::View {
            world: &self.world,
            paths: &self.paths,
            pair: self.ladder.pair(),
            this: self.selected,
            now: self.now,
            skin: self.skin(),
            locale: &self.settings.locale,
        }
    }

    pub(super) fn data_view(&self, this: EndpointId) -> data::View<'_> {
        data::View {
            streams: &self.streams,
            this,
            facing: self.facing().map(|e| e.id),
            mode: self.data_mode,
            scroll: self.data_scroll,
            skin: self.skin(),
            locale: &self.settings.locale,
            world: &self.world,
        }
    }

    pub(super) fn lesson_view(&self) -> Option<lesson::View<'_>> {
        let course = self.course.as_ref()?;
        Some(lesson::View {
            runner: &course.runner,
            scroll: course.scroll,
            keymap: &self.settings.keymap,
            api: match self.settings.spelling {
                Spelling::Posix => Api::Posix,
                Spelling::Winsock => Api::Winsock,
                Spelling::Rust => Api::Rust,
                Spelling::Python => Api::Python,
            },
            roomy: self.presenting,
            skin: self.skin(),
            locale: &self.settings.locale,
        })
    }

    /// What the lesson says about the step that is next.
    pub(super) fn narration(&self) -> Option<&str> {
        self.course.as_ref()?.runner.step()?.says.as_deref()
    }

    /// Lines of the lesson's text.
    pub(super) fn lesson_lines(&self) -> usize {
        let (Some(view), Some(tile)) = (self.lesson_view(), self.layout.tile(Pane::Lesson)) else {
            return 0;
        };
        let (width, _) = lesson::room(tile.body, &view);
        lesson::lines(&view, width).lines.len()
    }

    /// The first of them that is seen.
    pub(super) fn lesson_top(&self) -> usize {
        match (self.lesson_view(), self.layout.tile(Pane::Lesson)) {
            (Some(view), Some(tile)) => lesson::first_line(&view, tile.body),
            _ => 0,
        }
    }

    /// Lines that the log would show if it had room for all.
    pub(super) fn log_lines(&self) -> usize {
        log::lines(self.log.events.iter(), self.log.only)
    }

    /// The number of the event whose line is the last one that is seen.
    pub(super) fn log_line_read(&self) -> Option<u64> {
        log::line_from_end(&self.log.events, self.log.only, self.log.from_end)
    }

    /// Lines behind this event.
    pub(super) fn log_lines_after(&self, n: u64) -> usize {
        log::lines(self.log.events.from(n + 1), self.log.only)
    }

    /// Lines that the data pane would show if it had room for all.
    pub(super) fn data_lines(&self) -> usize {
        let width = self
            .layout
            .tile(super::layout::Pane::Data)
            .map_or(0, |t| t.body.width);
        self.selected
            .map_or(0, |id| data::lines(&self.data_view(id), width))
    }
}
