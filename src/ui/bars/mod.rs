//! The single lines of the screen: status at the top, what was said and the keys at the bottom.

pub mod footer;
pub mod said;
pub mod status;
