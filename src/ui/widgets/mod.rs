//! Small drawing pieces that know nothing of the Model: text in cells, numbers, rules, boxes.

pub mod number;
pub mod popup;
pub mod prompt;
pub mod rule;
pub mod text;
