//! The lab's wire without a wire: each frame is read from one end and written to the other, and nothing is told.

use std::io::{self, PipeReader};
use std::os::fd::AsFd;
use std::thread;

use finspect::kernel::{LONGEST_FRAME, Lab, LabParts, WireEnd, wait_readable};

use crate::traffic::{self, Carried};

/// Frames of one host in a turn, as in the program's own loop.
const TURN: usize = 64;

pub fn carry() -> Result<Carried, String> {
    let (mut lab, LabParts { wires, .. }) = Lab::create().map_err(|refused| refused.why())?;
    let (over, end) = io::pipe().map_err(|error| error.to_string())?;
    let carrier = thread::spawn(move || forward(&wires, &over));
    let carried = traffic::measure(|| traffic::across(|host| lab.socket(host, false)));
    drop(end);
    carrier.join().map_err(|_| "the loop".to_owned())?;
    carried
}

/// Until the other end of the pipe is closed.
fn forward(wires: &[WireEnd; 2], over: &PipeReader) {
    let mut buffer = vec![0; LONGEST_FRAME];
    let [a, b] = wires;
    loop {
        let [.., over] = wait_readable([a.as_fd(), b.as_fd(), over.as_fd()], None);
        if over {
            return;
        }
        for (from, to) in [(a, b), (b, a)] {
            for _ in 0..TURN {
                let Ok(frame) = from.read(&mut buffer) else {
                    break;
                };
                // What the kernel does not take is lost, and TCP sends it again.
                let _ = to.write(&buffer[..frame.len]);
            }
        }
    }
}
