//! The rows of the list in their order: filtered and sorted as events arrive, so that drawing touches only what is seen.
//!
//! A listener has a row while there is something to see on it (see [`Listeners`]); connections always have one.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use super::columns::{Column, SortKey};
use crate::journal::{Endpoint, EndpointId, Role, World};

/// By which column, and whether from the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// `None`: in order of creation.
    pub column: Option<Column>,
    pub reverse: bool,
}

/// Which listeners have a row.
///
/// A listener is shown until its first connection, and again when accepting is off, because then its queue is what
/// there is to see. While it only gives birth to connections, these stand for it. One that a person asked for keeps its row.
#[derive(Clone, Debug, Default)]
pub struct Listeners {
    /// All of them.
    pub all: bool,
    /// The names of those that were asked for at the palette.
    pub asked: HashSet<Arc<str>>,
}

impl Listeners {
    fn shown(&self, e: &Endpoint) -> bool {
        let queue_matters = !e.accepting && e.descriptor;
        self.all || e.accepted == 0 || queue_matters || self.asked.contains(&e.name)
    }
}

/// The words of the filter; all must be found in a row.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    words: Vec<String>,
}

impl Filter {
    pub fn of(text: &str) -> Filter {
        Filter {
            words: text.split_whitespace().map(str::to_lowercase).collect(),
        }
    }

    /// Whether name, state, addresses, hold or the words of the halves contain every word.
    fn admits(&self, e: &Endpoint) -> bool {
        // The addresses are written out only when the words do not stand in what needs no writing.
        let mut addresses = None;
        self.words.iter().all(|word| {
            let ready = [
                &*e.name,
                e.state.name(),
                e.send.word(),
                e.receive.word(),
                e.hold.word(),
            ];
            ready.into_iter().any(|text| holds(text, word))
                || holds(addresses.get_or_insert_with(|| both_addresses(e)), word)
        })
    }
}

fn both_addresses(e: &Endpoint) -> String {
    let mut text = String::with_capacity(48);
    for address in [e.local, e.peer].into_iter().flatten() {
        text.push(' ');
        text.push_str(&address.to_string());
    }
    text
}

/// Whether `text` contains a word that is in lower case, in whatever case.
fn holds(text: &str, word: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(word);
    }
    text.as_bytes()
        .windows(word.len().max(1))
        .any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// The rows, kept in order.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    order: Vec<EndpointId>,
    /// For each endpoint, by its number, the key under which it stands in `order`; `None`: it has no row.
    keys: Vec<Option<SortKey>>,
    pub sort: Sort,
    pub filter: Filter,
    pub listeners: Listeners,
}

impl Rows {
    pub fn order(&self) -> &[EndpointId] {
        &self.order
    }

    pub fn len(&self) -> usize {
        self.order.len()
    }

    pub fn at(&self, row: usize) -> Option<EndpointId> {
        self.order.get(row).copied()
    }

    /// The row of an endpoint.
    pub fn position(&self, id: EndpointId) -> Option<usize> {
        let key = self.keys.get(id.index())?.as_ref()?;
        self.search(key, id).ok()
    }

    /// Brings the rows of these endpoints up to date.
    pub fn refresh(&mut self, world: &World, touched: &[EndpointId]) {
        // Moving a row costs a search and a shift; for many at once one sort is cheaper.
        if touched.len() > 64 && touched.len() > world.endpoints().len() / 32 {
            return self.rebuild(world);
        }
        for id in touched {
            if let Some(endpoint) = world.get(*id) {
                self.place(endpoint);
            }
        }
    }

    /// Puts everything in order anew: after another sort, filter or rule for listeners.
    pub fn rebuild(&mut self, world: &World) {
        self.keys = world.endpoints().iter().map(|e| self.key(e)).collect();
        let mut order: Vec<EndpointId> = world
            .endpoints()
            .iter()
            .filter(|e| self.keys[e.id.index()].is_some())
            .map(|e| e.id)
            .collect();
        if self.sort.column.is_some() || self.sort.reverse {
            order.sort_unstable_by(|a, b| {
                self.compare(&self.keys[a.index()], *a, &self.keys[b.index()], *b)
            });
        }
        self.order = order;
    }

    fn place(&mut self, endpoint: &Endpoint) {
        let id = endpoint.id;
        if self.keys.len() <= id.index() {
            self.keys.resize(id.index() + 1, None);
        }
        let key = self.key(endpoint);
        if self.keys[id.index()] == key {
            return;
        }
        if let Some(row) = self.position(id) {
            self.order.remove(row);
        }
        if let Some(key) = &key
            && let Err(row) = self.search(key, id)
        {
            self.order.insert(row, id);
        }
        self.keys[id.index()] = key;
    }

    fn key(&self, e: &Endpoint) -> Option<SortKey> {
        // A number without a name is a gap in a recording.
        let named = !e.name.is_empty();
        let shown =
            named && (e.role != Role::Listener || self.listeners.shown(e)) && self.filter.admits(e);
        shown.then(|| {
            self.sort
                .column
                .map_or(SortKey::None, |column| column.sort_key(e))
        })
    }

    fn search(&self, key: &SortKey, id: EndpointId) -> Result<usize, usize> {
        self.order
            .binary_search_by(|other| match &self.keys[other.index()] {
                Some(other_key) => self.compare_keys(other_key, *other, key, id),
                // Not in `order`; kept total all the same.
                None => Ordering::Less,
            })
    }

    fn compare(
        &self,
        a: &Option<SortKey>,
        a_id: EndpointId,
        b: &Option<SortKey>,
        b_id: EndpointId,
    ) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) => self.compare_keys(a, a_id, b, b_id),
            _ => a_id.cmp(&b_id),
        }
    }

    /// Equal keys stand in order of creation, so that rows never change places without a reason.
    fn compare_keys(
        &self,
        a: &SortKey,
        a_id: EndpointId,
        b: &SortKey,
        b_id: EndpointId,
    ) -> Ordering {
        let forward = a.cmp(b).then(a_id.cmp(&b_id));
        if self.sort.reverse {
            forward.reverse()
        } else {
            forward
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::journal::{By, Call, Fact, Journal, Limits, Micros, Note, Op, Payload};
    use crate::ui::census::Census;

    /// One event about one of eight endpoints; the even ones listen.
    fn tell(journal: &mut Journal, n: u8) -> EndpointId {
        let name = format!("conn{}", n % 8);
        let who = journal.mint(&name).unwrap_or_else(|taken| taken.0);
        let call = |op, result| {
            Fact::App(Call {
                op,
                result: Ok(result),
                by: By::Asked,
                blocked_us: None,
            })
        };
        let fact = match n / 8 % 4 {
            0 if n.is_multiple_of(2) => call(Op::Listen { backlog: 1 }, 0),
            1 if n.is_multiple_of(2) => Fact::Note(Note::Accepting { on: n >= 128 }),
            0 | 1 => call(
                Op::Send {
                    asked: 1,
                    oob: false,
                    data: Payload::default(),
                },
                u64::from(n),
            ),
            2 => call(
                Op::Recv {
                    asked: 9,
                    data: Payload::default(),
                },
                u64::from(n % 3),
            ),
            _ => call(Op::Close, 0),
        };
        journal.append(Micros(0), Some(who.clone()), fact);
        who.id
    }

    fn sorts() -> impl Strategy<Value = Sort> {
        let column = proptest::option::of(proptest::sample::select(Column::ALL.to_vec()));
        (column, any::<bool>()).prop_map(|(column, reverse)| Sort { column, reverse })
    }

    proptest! {
        #[test]
        fn kept_up_is_the_same_as_made_anew(
            sort in sorts(), words in "(conn[0-3]?|open|gone|)", events in prop::collection::vec(any::<u8>(), 1..120),
        ) {
            let mut journal = Journal::new(Limits::default());
            let mut rows = Rows { sort, filter: Filter::of(&words), ..Rows::default() };
            let mut census = Census::default();
            for event in events {
                let id = tell(&mut journal, event);
                rows.refresh(journal.world(), &[id]);
                census.refresh(journal.world(), id);
                let mut anew = rows.clone();
                anew.rebuild(journal.world());
                prop_assert_eq!(rows.order(), anew.order());
                for (row, id) in rows.order().iter().enumerate() {
                    prop_assert_eq!(rows.position(*id), Some(row));
                }
            }
            let connections = journal.world().endpoints().iter().filter(|e| e.role != Role::Listener).count();
            prop_assert_eq!(census.total(), connections);
            prop_assert_eq!(census.states().iter().map(|(_, count)| count).sum::<usize>(), connections);
        }
    }

    #[test]
    fn words_are_found_in_any_case() {
        assert!(holds("ESTABLISHED", "estab"));
        assert!(holds("Größe", "größe"));
        assert!(!holds("ab", "abc"));
    }
}
