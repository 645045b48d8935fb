//! Pictures of the state diagram: both sizes, both ends, the ways that were taken.

use proptest::prelude::*;

use super::{Paths, View, draw};
use crate::journal::ShutdownHow;
use crate::locale::Locale;
use crate::tcp::State;
use crate::ui::panes::ladder::Pair;
use crate::ui::panes::story::{PLAIN_ASCII, Story, UTF8, picture, same};
use crate::ui::theme::Skin;

fn diagram(story: &Story, this: &str, (width, height): (u16, u16), skin: Skin) -> String {
    let mut paths = Paths::default();
    for event in &story.events() {
        paths.apply(event);
    }
    let this = story.world().by_name(this).map(|e| e.id);
    let pair = this
        .and_then(|id| Pair::of(story.world(), id))
        .unwrap_or_default();
    let locale = Locale::english();
    let view = View {
        world: story.world(),
        paths: &paths,
        pair: &pair,
        this,
        now: story.now(),
        skin,
        locale: &locale,
    };
    picture(width, height, |frame, area| draw(frame, area, &view))
}

fn half_close() -> Story {
    let mut story = Story::pair();
    story
        .shutdown("client", ShutdownHow::Send)
        .state("client", State::Established, State::FinWait1)
        .state("server", State::Established, State::CloseWait)
        .state("client", State::FinWait1, State::FinWait2)
        .wait(2000);
    story
}

#[test]
fn half_close_on_a_small_screen() {
    same(
        &diagram(&half_close(), "client", (80, 21), UTF8),
        r#"
 ─ states of client ⇄ server ────────────────────────────── RFC 9293, figure 5 ─
                                   CLOSED   ────── connect() ──────┐
                            close() ▲   ▼ listen()                 │
           ┌─────── SYN ────────   LISTEN   ──── connect() ───┐    │
           ▼                                                  ▼    ▼
     SYN-RECEIVED   ◀─────────────── SYN ─────────────────   SYN-SENT
        │     │                                                  ┃
close() │     └─ ACK of SYN ─▶   ESTABLISHED   ◀━━━━ SYN,ACK ━━━━┛
        ▼  ▼━━━━━━━━ close() ━━━━━━━┛   ┗━━━━━━━━━ FIN ━━━━━━━━━━▼
      FIN-WAIT-1   ───────┬─── FIN ───┐                     CLOSE-WAIT ◆S
           ▼ ACK of FIN   │           ▼                          ▼ close()
   ●C FIN-WAIT-2       FIN,ACK     CLOSING                   LAST-ACK
           │              │           ▼ ACK of FIN               ▼ ACK of FIN
           └──── FIN ─────┴───▶   TIME-WAIT   ─── 2 MSL ──▶   CLOSED
 ● client  FIN-WAIT-2
 ◆ server  CLOSE-WAIT
 next for client:
  the FIN of server → TIME-WAIT  RFC 9293 3.10.7.4
  a RST, sent or received → CLOSED  RFC 9293 3.10.7.4
  tcp_fin_timeout, once no descriptor is left → CLOSED  tcp(7) tcp_fin_timeout
 way of client: SYN-SENT → ESTABLISHED → FIN-WAIT-1 → FIN-WAIT-2
"#,
    );
}

#[test]
fn half_close_in_ascii() {
    let picture = diagram(&half_close(), "server", (80, 21), PLAIN_ASCII);
    assert!(picture.is_ascii(), "{picture}");
    same(
        &picture,
        r#"
 - states of client <=> server ---------------------------- RFC 9293, figure 5 -
                                   CLOSED   ------ connect() ------+
                            close() ^   v listen()                 |
           +------- SYN --------   LISTEN   ---- connect() ---+    |
           v                                                  v    v
     SYN-RECEIVED   <--------------- SYN -----------------   SYN-SENT
        |     |                                                  #
close() |     +- ACK of SYN ->   ESTABLISHED   <==== SYN,ACK ====#
        v  v======== close() =======#   #========= FIN ==========v
      FIN-WAIT-1   -------+--- FIN ---+                     CLOSE-WAIT @S
           v ACK of FIN   |           v                          v close()
   *C FIN-WAIT-2       FIN,ACK     CLOSING                   LAST-ACK
           |              |           v ACK of FIN               v ACK of FIN
           +---- FIN -----+--->   TIME-WAIT   --- 2 MSL -->   CLOSED
 * client  FIN-WAIT-2
 @ server  CLOSE-WAIT
 next for server:
  shutdown(send) or close(): the FIN of server -> LAST-ACK  RFC 9293 3.10.4
  a RST, sent or received -> CLOSED  RFC 9293 3.10.7.4
  no answer: a timer gives up -> CLOSED  RFC 9293 3.10.8
 way of server: CLOSED -> ESTABLISHED -> CLOSE-WAIT
"#,
    );
}

#[test]
fn half_close_on_a_large_screen() {
    same(
        &diagram(&half_close(), "client", (120, 29), UTF8),
        r#"
 ─ states of client ⇄ server ────────────────────────────────────────────────────────────────────── RFC 9293, figure 5 ─
                                   ┌───────────────┐                                       ● client  FIN-WAIT-2
                                   │    CLOSED     │───────── connect() ─────────┐         ◆ server  CLOSE-WAIT
                                   └───────────────┘                             │         next for client:
                                close() ▲     ▼ listen()                         │          the FIN of server
                                   ┌───────────────┐                             │            → TIME-WAIT
         ┌───────── SYN ───────────│    LISTEN     │───── connect() ─────┐       │          a RST, sent or received
         │                         └───────────────┘                     │       │            → CLOSED
         ▼                                                               ▼       ▼          tcp_fin_timeout, once no
 ┌───────────────┐                                                   ┌───────────────┐      descriptor is left
 │ SYN-RECEIVED  │◀────────────────────── SYN ───────────────────────│   SYN-SENT    │        → CLOSED
 └───────────────┘                                                   └───────────────┘     way of client: SYN-SENT →
    │        │                                                               ┃             ESTABLISHED → FIN-WAIT-1 →
    │        │                     ┌───────────────┐                         ┃             FIN-WAIT-2
    │close() └──── ACK of SYN ────▶│  ESTABLISHED  │◀━━━━━━━ SYN,ACK ━━━━━━━━┛
    │                              └───────────────┘
    ▼    ▼━━━━━━━━━━━ close() ━━━━━━━━━━┛     ┗━━━━━━━━━━━━━ FIN ━━━━━━━━━━━━▼
 ┌───────────────┐                                                   ┏━━━━━━━━━━━━━━━┓
 │  FIN-WAIT-1   │────────┬───── FIN ──────┐                         ┃  CLOSE-WAIT   ┃
 └───────────────┘        │                │                         ┗━ ◆ server ━━━━┛
         ▼ ACK of FIN     │                ▼                                 ▼ close()
 ┏━ ● client ━━━━┓        │        ┌───────────────┐                 ┌───────────────┐
 ┃  FIN-WAIT-2   ┃     FIN,ACK     │    CLOSING    │                 │   LAST-ACK    │
 ┗━━━━━━━━━━━━━━━┛        │        └───────────────┘                 └───────────────┘
         │                │                ▼ ACK of FIN                      ▼ ACK of FIN
         │                │        ┌───────────────┐                 ┌───────────────┐
         └───── FIN ──────┴───────▶│   TIME-WAIT   │───── 2 MSL ────▶│    CLOSED     │
                                   └───────────────┘                 └───────────────┘

"#,
    );
}

#[test]
fn both_ends_in_closing_and_then_gone() {
    let mut story = Story::pair();
    for name in ["client", "server"] {
        story
            .state(name, State::Established, State::FinWait1)
            .state(name, State::FinWait1, State::Closing);
    }
    story.wait(2000);
    let both = diagram(&story, "client", (80, 21), UTF8);
    assert!(both.contains("●C CLOSING ◆S"), "{both}");
    story
        .state("client", State::Closing, State::TimeWait)
        .gone("client", State::TimeWait)
        .wait(2000);
    let over = diagram(&story, "client", (80, 21), UTF8);
    assert!(
        over.contains("client is over: nothing comes next"),
        "{over}"
    );
    let last = over
        .lines()
        .find(|l| l.contains("2 MSL"))
        .expect("the last row");
    assert!(last.contains("●C CLOSED"), "{over}");
}

#[test]
fn a_small_pane_tells_the_states_in_words() {
    same(
        &diagram(&half_close(), "client", (60, 12), UTF8),
        r#"
 ─ states of client ⇄ server ────────── RFC 9293, figure 5 ─
 ● client  FIN-WAIT-2
 ◆ server  CLOSE-WAIT
 next for client:
  the FIN of server → TIME-WAIT  RFC 9293 3.10.7.4
  a RST, sent or received → CLOSED  RFC 9293 3.10.7.4
  tcp_fin_timeout, once no descriptor is left → CLOSED
 way of client: SYN-SENT → ESTABLISHED → FIN-WAIT-1 →
 FIN-WAIT-2
 LISTEN SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1
 ●FIN-WAIT-2 ◆CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT CLOSED

"#,
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_size_can_be_drawn(
        width in 0..180_u16,
        height in 0..50_u16,
        ascii: bool,
        steps in prop::collection::vec((0..11_usize, 0..11_usize, any::<bool>()), 0..40),
    ) {
        let mut story = Story::pair();
        for (from, to, client) in steps {
            let name = if client { "client" } else { "server" };
            story.state(name, State::ALL[from], State::ALL[to]);
        }
        let skin = if ascii { PLAIN_ASCII } else { UTF8 };
        for this in ["client", "server", "nobody"] {
            let picture = diagram(&story, this, (width, height), skin);
            prop_assert!(!ascii || picture.is_ascii(), "{picture}");
        }
    }
}
