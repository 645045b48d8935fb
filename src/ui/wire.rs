//! The rules of the wire as the journal tells them, as far as keys and the status line turn on them.

use std::time::Duration;

use crate::command::{Origin, Selector, Statement, WireCommand, parse_line};
use crate::journal::World;

/// What is in force now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    pub holding: Option<Selector>,
    pub cut: bool,
    /// The delay of every segment.
    pub delay: Option<Duration>,
    /// Every other rule, as it is written.
    pub others: Vec<String>,
}

/// The rules that the journal told last.
pub fn rules(world: &World) -> Rules {
    let mut rules = Rules::default();
    let Some(told) = &world.wire.rule else {
        return rules;
    };
    for rule in told.split("; ") {
        match parse_line(&format!("wire: {rule}"), Origin::Screen) {
            Ok(Some(Statement::Wire(WireCommand::Hold(what)))) => rules.holding = Some(what),
            Ok(Some(Statement::Wire(WireCommand::Cut))) => rules.cut = true,
            Ok(Some(Statement::Wire(WireCommand::Delay { time, what })))
                if what == Selector::default() =>
            {
                rules.delay = Some(time);
            }
            // Another rule, or one of a later version: it is shown as it was told.
            _ => rules.others.push(rule.to_owned()),
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Event, Fact, Micros, Note};

    fn told(rule: &str) -> Rules {
        let mut world = World::default();
        world.apply(&Event {
            n: 1,
            at: Micros(0),
            who: None,
            fact: Fact::Note(Note::Wire { rule: rule.into() }),
        });
        rules(&world)
    }

    #[test]
    fn rules_are_read_as_they_are_written() {
        assert_eq!(told("clear"), Rules::default());
        let now =
            told("hold fin from client; delay 300ms; delay 1s data; cut; drop 1 syn; later thing");
        assert_eq!(
            now.holding.map(|what| what.to_string()),
            Some("fin from client".into())
        );
        assert_eq!(
            (now.cut, now.delay),
            (true, Some(Duration::from_millis(300)))
        );
        assert_eq!(now.others, ["delay 1s data", "drop 1 syn", "later thing"]);
    }
}
