//! `finspect run`: scripts and lessons without a screen, judged by their expectations and by their questions.

use std::sync::Arc;

use super::arguments::{Everywhere, RunArgs};
use super::exit::{Exit, Failure};
use super::material::{Material, Trust};
use super::out::Out;
use super::output;
use super::recording::Place;
use super::robot::Robot;
use super::session::{Session, no_lab};
use super::start::ground;
use super::transcript::Transcript;
use crate::engine::Engine;

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
            without_lab(&material, why, "leave out --loopback")?;
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
        without_lab(material, &refused.why, &refused.remedy)?;
        // Once for each command, not for each script and round.
        if place == Place::Fresh {
            output::say(&no_lab(refused));
        }
    }
    unseen(material, &session.engine, args.loopback)?;
    let mut out = match args.json {
        true => Out::Json,
        false => Out::Text(Box::new(Transcript::new(everywhere.ascii))),
    };
    out.header(&session.header)?;
    Robot::new(&material.name, Arc::clone(&material.lesson), session, out)
}

/// No lab can be had: a line that needs it is named.
pub fn without_lab(material: &Material, why: &str, remedy: &str) -> Result<(), Failure> {
    let lines = &material.lesson.script.lines;
    let Some(line) = lines.iter().find(|line| line.statement.needs_lab()) else {
        return Ok(());
    };
    Err(Failure::machine(format!(
        "{}:{}: `{}` needs the lab\n  why:    {why}\n  remedy: {remedy}",
        material.name, line.number, line.text
    )))
}

/// Segments on loopback may not be seen: a line that looks for them is named. `asked`: loopback was.
pub fn unseen(material: &Material, engine: &Engine, asked: bool) -> Result<(), Failure> {
    let lines = &material.lesson.script.lines;
    let looks = lines.iter().find(|line| line.statement.needs_segments());
    let (Some(line), Some(Err(refused))) = (looks, engine.capture()) else {
        return Ok(());
    };
    let (why, mut remedy) = (&refused.why, refused.remedy.clone());
    if asked {
        remedy.push_str("; or leave out --loopback");
    }
    Err(Failure::machine(format!(
        "{}:{}: `{}` needs to see segments on loopback\n  why:    {why}\n  remedy: {remedy}",
        material.name, line.number, line.text
    )))
}
