//! The seeded generator behind `loss`: SplitMix64, small and the same on every machine and in every version.
//!
//! It is here so that a lesson's lost segments stay lost: no crate's generator may change under a script.

/// SplitMix64 (Steele, Lea, Flood 2014): a counter with a mixing function.
#[derive(Clone, Debug)]
pub(super) struct SplitMix64(u64);

impl SplitMix64 {
    pub(super) const fn seeded(seed: u64) -> SplitMix64 {
        SplitMix64(seed)
    }

    pub(super) const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = self.0;
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// True in `hundredths` of ten thousand cases.
    pub(super) const fn one_in_ten_thousand(&mut self, hundredths: u32) -> bool {
        ((self.draw() >> 32) * 10_000) >> 32 < hundredths as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs of the published reference implementation for these seeds.
    #[test]
    fn the_sequence_is_that_of_the_reference() {
        let mut zero = SplitMix64::seeded(0);
        assert_eq!(
            [zero.draw(), zero.draw(), zero.draw()],
            [
                0xe220_a839_7b1d_cdaf,
                0x6e78_9e6a_a1b9_65f4,
                0x06c4_5d18_8009_454f
            ]
        );
        assert_eq!(
            SplitMix64::seeded(1_234_567).draw(),
            6_457_827_717_110_365_317
        );
    }

    #[test]
    fn chances_are_kept() {
        let mut generator = SplitMix64::seeded(7);
        let hits = (0..100_000)
            .filter(|_| generator.one_in_ten_thousand(2_500))
            .count();
        assert!((24_500..25_500).contains(&hits), "{hits} of 100000");
        assert!((0..1000).all(|_| generator.one_in_ten_thousand(10_000)));
        assert!((0..1000).all(|_| !generator.one_in_ten_thousand(0)));
    }
}
