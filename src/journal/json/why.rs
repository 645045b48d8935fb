//! Why a segment was sent, as fields of its line: a word, then its numbers.

use super::fields::{Fields, Need, ReadError};
use super::object::Object;
use crate::tcp::{Explanation, Seq};

pub(super) fn write(o: &mut Object<'_>, why: Explanation) {
    o.text("why", why.word());
    match why {
        Explanation::AnswersSeq(of) => o.plain("of", of.0),
        Explanation::Retransmission { n, of } => {
            o.plain("of", of.0);
            o.plain("nth", n);
        }
        Explanation::Reset {
            answers: Some(answers),
        } => o.plain("answers", answers.0),
        Explanation::Data { acks_fin: true } | Explanation::Fin { acks_fin: true } => {
            o.plain("acks_fin", true);
        }
        Explanation::AckOfFin { again: true } => o.plain("again", true),
        Explanation::Syn
        | Explanation::SynAck
        | Explanation::AckOfSyn
        | Explanation::Data { acks_fin: false }
        | Explanation::Fin { acks_fin: false }
        | Explanation::AckOfFin { again: false }
        | Explanation::ZeroWindowProbe
        | Explanation::KeepaliveProbe
        | Explanation::AnswersProbe
        | Explanation::WindowUpdate
        | Explanation::DuplicateAck
        | Explanation::ChallengeAck
        | Explanation::Reset { answers: None }
        | Explanation::Ack => {}
    }
}

/// `None`: it does not say, or says it in a word that this version does not know.
pub(super) fn read(f: &Fields<'_>) -> Result<Option<Explanation>, ReadError> {
    let seq = |key| Ok::<_, ReadError>(f.number(key)?.map(Seq));
    let Some(word) = f.text("why")? else {
        return Ok(None);
    };
    Ok(Some(match word {
        "syn" => Explanation::Syn,
        "syn-ack" => Explanation::SynAck,
        "ack-of-syn" => Explanation::AckOfSyn,
        "data" => Explanation::Data {
            acks_fin: f.flag("acks_fin")?,
        },
        "fin" => Explanation::Fin {
            acks_fin: f.flag("acks_fin")?,
        },
        "ack-of-fin" => Explanation::AckOfFin {
            again: f.flag("again")?,
        },
        "answers" => Explanation::AnswersSeq(seq("of")?.need(f, "of")?),
        "retransmission" => Explanation::Retransmission {
            n: f.number("nth")?.need(f, "nth")?,
            of: seq("of")?.need(f, "of")?,
        },
        "zero-window-probe" => Explanation::ZeroWindowProbe,
        "keepalive-probe" => Explanation::KeepaliveProbe,
        "answers-probe" => Explanation::AnswersProbe,
        "window-update" => Explanation::WindowUpdate,
        "duplicate-ack" => Explanation::DuplicateAck,
        "challenge-ack" => Explanation::ChallengeAck,
        "reset" => Explanation::Reset {
            answers: seq("answers")?,
        },
        "ack" => Explanation::Ack,
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::fields::parse;
    use super::*;

    fn every_one() -> Vec<Explanation> {
        use Explanation::*;
        let of = Seq(1025);
        vec![
            Syn,
            SynAck,
            AckOfSyn,
            Data { acks_fin: false },
            Data { acks_fin: true },
            Fin { acks_fin: false },
            Fin { acks_fin: true },
            AckOfFin { again: false },
            AckOfFin { again: true },
            AnswersSeq(of),
            Retransmission { n: 2, of },
            ZeroWindowProbe,
            KeepaliveProbe,
            AnswersProbe,
            WindowUpdate,
            DuplicateAck,
            ChallengeAck,
            Reset { answers: None },
            Reset { answers: Some(of) },
            Ack,
        ]
    }

    fn written(why: Explanation) -> String {
        let mut line = String::new();
        let mut o = Object::begin(&mut line);
        write(&mut o, why);
        o.end();
        line
    }

    fn read_back(line: &str) -> Result<Option<Explanation>, ReadError> {
        let map = parse(line)?;
        read(&Fields::new(line, &map))
    }

    #[test]
    fn each_comes_back_as_it_was() {
        let mut lines = BTreeSet::new();
        for why in every_one() {
            let line = written(why);
            assert_eq!(read_back(&line), Ok(Some(why)), "{line}");
            lines.insert(line);
        }
        assert_eq!(lines.len(), every_one().len(), "each is told apart");
    }

    #[test]
    fn the_numbers_stand_beside_the_word() {
        let of = Seq(1);
        assert_eq!(
            written(Explanation::Retransmission { n: 2, of }),
            r#"{"why":"retransmission","of":1,"nth":2}"#
        );
        assert_eq!(
            written(Explanation::Reset {
                answers: Some(Seq(7))
            }),
            r#"{"why":"reset","answers":7}"#
        );
    }

    #[test]
    fn a_word_of_a_later_version_is_passed_over_and_a_missing_number_is_not() {
        assert_eq!(read_back(r#"{"why":"because"}"#), Ok(None));
        assert!(read_back(r#"{"why":"retransmission","of":1}"#).is_err());
        assert!(read_back(r#"{"why":"answers"}"#).is_err());
    }
}
