//! What every way of running begins and ends with: limits raised, an engine, a recording, the closes at the end.

use std::time::Duration;

use super::arguments::Everywhere;
use super::exit::Failure;
use super::output;
use super::recording::{Place, Recording};
use crate::engine::{Config, Engine, Family};
use crate::journal::{Ground, Header, Limits};
use crate::kernel;
use crate::tcp::{Power, Unavailable};

/// An engine with its recording.
pub struct Session {
    pub engine: Engine,
    pub recording: Option<Recording>,
    /// Why there is no recording although one was asked for.
    pub unrecorded: Option<String>,
    pub header: Header,
}

impl Session {
    /// # Errors
    /// No thread or epoll set.
    pub fn begin(
        family: Family,
        everywhere: &Everywhere,
        place: Place,
        ground: Ground,
    ) -> Result<Session, Failure> {
        raise_limits();
        let config = Config {
            family,
            limits: Limits::default(),
            lab: ground == Ground::Lab,
            capture: true,
        };
        let engine = Engine::start(config)
            .map_err(|error| Failure::machine(format!("the engine cannot start: {error}")))?;
        let header = header(ground, &engine);
        let recording = everywhere
            .record
            .as_deref()
            .map(|path| Recording::begin(path, place, &header, engine.reader()))
            .transpose();
        let (recording, unrecorded) = match recording {
            Ok(recording) => (recording, None),
            Err(why) => (None, Some(why)),
        };
        Ok(Session {
            engine,
            recording,
            unrecorded,
            header,
        })
    }

    /// Without a screen: what becomes of the recording is said on stderr, at once.
    pub fn aloud(mut self) -> Session {
        if let Some(why) = &self.unrecorded {
            output::say(why);
        }
        self.recording = self.recording.map(Recording::aloud);
        self
    }

    /// Ends this world and begins the next one, in this order: what the old one held (ports, the recording's file) is free
    /// by then. A recording that ended by itself does not begin again.
    ///
    /// # Errors
    /// As [`Session::begin`].
    pub async fn renew(
        &mut self,
        family: Family,
        everywhere: &Everywhere,
        ground: Ground,
        patience: Duration,
    ) -> Result<(), Failure> {
        self.engine.close(patience).await;
        let mut everywhere = everywhere.clone();
        let unrecorded = match &mut self.recording {
            Some(recording) => recording.ended().await.err(),
            None => {
                everywhere.record = None;
                None
            }
        };
        if unrecorded.is_some() {
            everywhere.record = None;
        }
        *self = Session::begin(family, &everywhere, Place::Behind, ground)?;
        self.unrecorded = unrecorded.or(self.unrecorded.take());
        Ok(())
    }

    /// Closes what is open and waits for the recording's last line.
    pub async fn finish(self, patience: Duration) {
        self.engine.finish(patience).await;
        if let Some(mut recording) = self.recording
            && let Err(words) = recording.ended().await
        {
            output::say(&words);
        }
    }
}

/// The lab is the default; whoever wants it plain says so.
pub const fn ground(loopback: bool) -> Ground {
    match loopback {
        true => Ground::Loopback,
        false => Ground::Lab,
    }
}

/// Said where the lab was the default and this machine refuses it.
pub fn no_lab(refused: &Unavailable) -> String {
    format!(
        "no lab here, so this is loopback\n  why:    {}\n  remedy: {}",
        refused.why, refused.remedy
    )
}

/// A thousand and more connections need descriptors: the soft limit goes up to the hard one.
fn raise_limits() {
    if let Err(errno) = kernel::raise_descriptors() {
        output::say(&format!(
            "the limit of open files cannot be raised: {errno}"
        ));
    }
}

/// The first line of an event stream. Only powers that cost nothing to ask are told, and those that were asked for.
fn header(asked: Ground, engine: &Engine) -> Header {
    let mut powers: Vec<_> = [Power::TcpInfo, Power::SockDiag, Power::Ipv6]
        .into_iter()
        .map(|power| (power, kernel::probe(power)))
        .collect();
    let ground = match (asked, engine.lab_refused()) {
        (Ground::Lab, None) => {
            powers.push((Power::Namespaces, Ok("two hosts".into())));
            Ground::Lab
        }
        (Ground::Lab, Some(refused)) => {
            powers.push((Power::Namespaces, Err(refused.clone())));
            Ground::Loopback
        }
        (Ground::Loopback, _) => Ground::Loopback,
    };
    if let Some(capture) = engine.capture() {
        let grant = capture.clone().map(|()| "loopback".into());
        powers.push((Power::Capture, grant));
    }
    let started = jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string();
    Header::new(started, ground, &powers)
}
