//! Numbers as they stand in columns and sentences.

/// With commas between thousands: `12,345`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Bytes for a sentence, three digits of it: `61 B`, `61 kB`, `1.05 GB` (decimal units, as `ss` and `htop` count).
pub fn bytes(n: u64) -> String {
    const UNITS: [(&str, u64); 5] = [
        ("EB", 1_000_000_000_000_000_000),
        ("TB", 1_000_000_000_000),
        ("GB", 1_000_000_000),
        ("MB", 1_000_000),
        ("kB", 1_000),
    ];
    match UNITS.into_iter().find(|(_, size)| n >= *size) {
        None => format!("{n} B"),
        Some((unit, size)) => {
            let whole = n / size;
            let decimals = match whole {
                0..=9 => 2,
                10..=99 => 1,
                _ => 0,
            };
            let scale = 10_u64.pow(decimals);
            let tail = (n % size) / (size / scale);
            match (decimals, tail) {
                (0, _) | (_, 0) => format!("{whole} {unit}"),
                (d, t) => format!("{whole}.{t:0width$} {unit}", width = d as usize),
            }
        }
    }
}

/// How long something took, three digits of it: `812 us`, `41.2 ms`, `300 ms`, `1.25 s`. Never rounded up.
pub fn lapse(us: u64) -> String {
    const UNITS: [(&str, u64); 2] = [("s", 1_000_000), ("ms", 1_000)];
    let Some((unit, size)) = UNITS.into_iter().find(|(_, size)| us >= *size) else {
        return format!("{us} us");
    };
    let whole = us / size;
    let tail = match whole {
        0..=9 => us % size / (size / 100),
        10..=99 => us % size / (size / 10),
        _ => 0,
    };
    let digits = match whole {
        0..=9 => format!("{tail:02}"),
        _ => tail.to_string(),
    };
    match digits.trim_end_matches('0') {
        "" => format!("{whole} {unit}"),
        digits => format!("{whole}.{digits} {unit}"),
    }
}

/// Exact while it fits into so many cells, else rounded down with its unit.
pub fn column(n: u64, cells: usize) -> String {
    let exact = n.to_string();
    if exact.len() <= cells {
        exact
    } else {
        bytes(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_where_they_can_be() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(12_345), "12,345");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(column(104_857_600, 9), "104857600");
        assert_eq!(column(1_048_576_000, 9), "1.04 GB");
    }

    #[test]
    fn a_lapse_has_three_digits_at_most() {
        let cases = [
            (0, "0 us"),
            (812, "812 us"),
            (1_000, "1 ms"),
            (1_050, "1.05 ms"),
            (41_290, "41.2 ms"),
            (300_999, "300 ms"),
            (1_250_000, "1.25 s"),
            (1_999_999, "1.99 s"),
            (60_000_000, "60 s"),
            (133_700_000, "133 s"),
        ];
        for (us, text) in cases {
            assert_eq!(lapse(us), text);
        }
    }

    #[test]
    fn a_quantity_is_never_rounded_up() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(61_440), "61.4 kB");
        assert_eq!(bytes(61_000), "61 kB");
        assert_eq!(bytes(1_999_999), "1.99 MB");
        assert_eq!(bytes(u64::MAX), "18.4 EB");
    }
}
