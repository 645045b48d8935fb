//! Control messages (cmsg(3)): room for them, and walking what came.

/// `struct cmsghdr`: length (a `size_t`), level, type; then the bytes, begun and ended at multiples of a `size_t`.
pub const WORD: usize = size_of::<usize>();
pub const HEADER: usize = (WORD + 8).next_multiple_of(WORD);

/// Room for the messages of one recvmsg, aligned as `struct cmsghdr`: ten descriptors, or a time stamp and what
/// packet(7) says about a packet.
#[repr(align(8))]
pub struct Control(pub [u8; 96]);

impl Default for Control {
    fn default() -> Control {
        Control([0; 96])
    }
}

/// Control messages one by one: level, type, bytes.
pub struct Messages<'a>(pub &'a [u8]);

impl<'a> Iterator for Messages<'a> {
    type Item = (i32, i32, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let len = usize::from_ne_bytes(*self.0.first_chunk()?);
        let int = |at: usize| Some(i32::from_ne_bytes(*self.0.get(at..)?.first_chunk()?));
        let (level, kind) = (int(WORD)?, int(WORD + 4)?);
        let data = self.0.get(HEADER..len)?;
        self.0 = self.0.get(len.next_multiple_of(WORD)..).unwrap_or_default();
        Some((level, kind, data))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_walked_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(Messages(&bytes).count() <= bytes.len() / HEADER);
        }
    }
}
