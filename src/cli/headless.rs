//! `finspect run`: scripts and lessons without a screen, judged by their expectations and by their questions.

use std::sync::Arc;

use super::arguments::{Everywhere, RunArgs};
use super::exit::{Exit, Failure};
use super::material::{Material, Trust};
use super::out::Out;
use super::output;
use super::recording::Place;
use super::robot::Robot;
use super::session::{Session, ground, no_lab};
use super::transcript::Transcript;

/// Runs every script and lesson, each in a fresh world; the first that fails ends it.
pub async fn run(args: &RunArgs, everywhere: &Everywhere) -> Result<Exit, Failure> {
    if everywhere.read_only {
        return Err(Failure::usage(
            "--read-only: a script makes calls, so there is nothing to run",
        ));
    }
    let trust = match args.allow_files {
        true => Trust::Given,
        false => Trust::Asked,
    };
    let mut plays = Vec::new();
    for name in &args.files {
        let material = Material::find(name, everywhere.language(), trust)?;
        if args.loopback {
            let why = "--loopback was asked for, where there is no wire to hold and no host";
            material.without_lab(why, "leave out --loopback")?;
        }
        plays.push(material);
    }
    let mut place = Place::Fresh;
    for material in &plays {
        for round in 1..=args.repeat {
            let robot = begin(material, args, everywhere, place)?;
            place = Place::Behind;
            let (exit, heard) = robot.perform(round, args.repeat).await?;
            if exit != Exit::Done || !heard {
                return Ok(exit);
            }
        }
    }
    Ok(Exit::Done)
}

fn begin<'a>(
    material: &'a Material,
    args: &RunArgs,
    everywhere: &Everywhere,
    place: Place,
) -> Result<Robot<'a>, Failure> {
    let ground = ground(args.loopback);
    let session = Session::begin(args.family.family(), everywhere, place, ground)?.aloud();
    if let Some(refused) = session.engine.lab_refused() {
        material.without_lab(&refused.why, &refused.remedy)?;
        // Once for each command, not for each script and round.
        if place == Place::Fresh {
            output::say(&no_lab(refused));
        }
    }
    material.unseen(&session.engine, args.loopback)?;
    let mut out = match args.json {
        true => Out::Json,
        false => Out::Text(Box::new(Transcript::new(everywhere.ascii))),
    };
    out.header(&session.header)?;
    Robot::new(&material.name, Arc::clone(&material.lesson), session, out)
}
