//! The traffic that is measured, over two ends of one connection: as much as fits into a while, and one byte to and fro.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::thread;
use std::time::{Duration, Instant};

use finspect::kernel::{Socket, lab_address};
use finspect::tcp::{Errno, Host};

/// A bulk transfer ends with the first of these.
const BYTES: u64 = 512 << 20;
const TIME: Duration = Duration::from_secs(2);
/// Bytes to and fro; the first ones are not measured.
const TRIPS: usize = 5_000;
const WARM_UP: usize = 200;
const PORT: u16 = 6000;

/// What was measured.
#[derive(Clone, Debug)]
pub struct Carried {
    pub bytes: u64,
    pub time: Duration,
    /// TCP segments, both ways.
    pub packets: u64,
    /// Of them, sent again.
    pub repeated: u64,
    /// One byte to and fro; 0 where that was not asked.
    pub median: Duration,
    pub p99: Duration,
    /// What else there is to say.
    pub aside: Option<String>,
}

impl Carried {
    pub fn gigabits(&self) -> f64 {
        self.bytes as f64 * 8.0 / self.time.as_secs_f64() / 1e9
    }

    /// Between the two processes.
    pub fn to_line(&self) -> String {
        let nanos = |d: Duration| d.as_nanos();
        format!(
            "carried {} {} {} {} {} {} {}",
            self.bytes,
            nanos(self.time),
            self.packets,
            self.repeated,
            nanos(self.median),
            nanos(self.p99),
            self.aside.as_deref().unwrap_or_default()
        )
    }

    pub fn from_line(line: &str) -> Option<Carried> {
        let mut words = line.strip_prefix("carried ")?.splitn(7, ' ');
        let mut number = || words.next()?.parse::<u64>().ok();
        Some(Carried {
            bytes: number()?,
            time: Duration::from_nanos(number()?),
            packets: number()?,
            repeated: number()?,
            median: Duration::from_nanos(number()?),
            p99: Duration::from_nanos(number()?),
            aside: words.next().filter(|a| !a.is_empty()).map(str::to_owned),
        })
    }
}

/// Measures both over connections that `connect` makes.
pub fn measure(
    mut connect: impl FnMut() -> Result<(TcpStream, TcpStream), String>,
) -> Result<Carried, String> {
    let words = |error: io::Error| error.to_string();
    let (mut client, mut server) = connect()?;
    let trips = trips(&mut client, &mut server).map_err(words)?;
    drop((client, server));
    let (client, server) = connect()?;
    let mut carried = bulk(client, server).map_err(words)?;
    carried.median = trips[trips.len() / 2];
    carried.p99 = trips[trips.len() * 99 / 100];
    Ok(carried)
}

fn bulk(mut client: TcpStream, mut server: TcpStream) -> io::Result<Carried> {
    let sink = thread::spawn(move || {
        let (mut read, mut buffer) = (0, vec![0; 256 << 10]);
        loop {
            match server.read(&mut buffer)? {
                0 => return io::Result::Ok((read, Instant::now())),
                n => read += n as u64,
            }
        }
    });
    let chunk = vec![b'x'; 256 << 10];
    let begun = Instant::now();
    let mut sent = 0;
    while sent < BYTES && begun.elapsed() < TIME {
        client.write_all(&chunk)?;
        sent += chunk.len() as u64;
    }
    client.shutdown(Shutdown::Write)?;
    let (read, ended) = sink.join().map_err(|_| io::Error::other("the sink"))??;
    assert_eq!(read, sent, "every byte arrived");
    let (out, back, repeated) = segments(&client)?;
    Ok(Carried {
        bytes: read,
        time: ended - begun,
        packets: out + back,
        repeated,
        median: Duration::ZERO,
        p99: Duration::ZERO,
        aside: None,
    })
}

fn trips(client: &mut TcpStream, server: &mut TcpStream) -> io::Result<Vec<Duration>> {
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let mut echo = server.try_clone()?;
    let echoing = thread::spawn(move || {
        let mut byte = [0];
        while echo.read_exact(&mut byte).is_ok() && echo.write_all(&byte).is_ok() {}
    });
    let (mut all, mut byte) = (Vec::new(), [7]);
    for trip in 0..WARM_UP + TRIPS {
        let begun = Instant::now();
        client.write_all(&byte)?;
        client.read_exact(&mut byte)?;
        if trip >= WARM_UP {
            all.push(begun.elapsed());
        }
    }
    client.shutdown(Shutdown::Both)?;
    echoing.join().map_err(|_| io::Error::other("the echo"))?;
    all.sort_unstable();
    Ok(all)
}

/// Segments out, segments in, segments sent again: `struct tcp_info` of linux/tcp.h.
fn segments(stream: &TcpStream) -> io::Result<(u64, u64, u64)> {
    const TOTAL_RETRANS: usize = 100;
    const SEGS_OUT: usize = 136;
    const SEGS_IN: usize = 140;
    let mut info = [0_u8; 232];
    let mut len = info.len() as libc::socklen_t;
    // SAFETY: the kernel writes at most `len` bytes, the length of a live buffer.
    let returned = unsafe {
        let (level, name) = (libc::IPPROTO_TCP, libc::TCP_INFO);
        let into = info.as_mut_ptr().cast();
        libc::getsockopt(stream.as_raw_fd(), level, name, into, &raw mut len)
    };
    if returned < 0 {
        return Err(io::Error::last_os_error());
    }
    let word = |at: usize| {
        info[at..]
            .first_chunk()
            .map_or(0, |four| u64::from(u32::from_ne_bytes(*four)))
    };
    Ok((word(SEGS_OUT), word(SEGS_IN), word(TOTAL_RETRANS)))
}

/// A connection from host a to host b, of sockets that are made in them.
pub fn across(
    mut socket: impl FnMut(Host) -> Result<Socket, Errno>,
) -> Result<(TcpStream, TcpStream), String> {
    let words = |errno: Errno| errno.to_string();
    let (listener, client) = (
        socket(Host::B).map_err(words)?,
        socket(Host::A).map_err(words)?,
    );
    let at = SocketAddr::new(lab_address(Host::B, false), PORT);
    let reuse = finspect::kernel::SockOption::ReuseAddr(true);
    listener.set(reuse).map_err(words)?;
    listener.bind(at).map_err(words)?;
    listener.listen(8).map_err(words)?;
    let listener: TcpListener = blocking(&listener).map_err(|e| e.to_string())?.into();
    let client: TcpStream = blocking(&client).map_err(|e| e.to_string())?.into();
    let address = at.into();
    socket2::SockRef::from(&client)
        .connect(&address)
        .map_err(|e| e.to_string())?;
    let (server, _) = listener.accept().map_err(|e| e.to_string())?;
    Ok((client, server))
}

fn blocking(socket: &Socket) -> io::Result<OwnedFd> {
    let fd = socket.as_fd().try_clone_to_owned()?;
    socket2::SockRef::from(&fd).set_nonblocking(false)?;
    Ok(fd)
}
