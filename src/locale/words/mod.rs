//! The messages, by the place where they are read. One enum a file, one file of text beside it in `assets/locales`.

mod cli;
mod fault;
mod lane;
mod lesson;
mod pipe;
mod screen;
mod wire;

pub use cli::Cli;
pub use fault::Fault;
pub use lane::Lane;
pub use lesson::Lesson;
pub use pipe::Pipe;
pub use screen::Screen;
pub use wire::Wire;

/// A message of the catalogue.
pub trait Word: Copy {
    /// Its key in the Fluent files.
    fn key(self) -> &'static str;
}

/// Declares one enum of messages, each with its key.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $key:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($variant),* }

        impl $name {
            /// Every message of this enum.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// Every key of this enum.
            pub const KEYS: &'static [&'static str] = &[$($key),*];
        }

        impl super::Word for $name {
            fn key(self) -> &'static str {
                match self { $($name::$variant => $key),* }
            }
        }
    };
}
pub(crate) use words;

/// Every key there is.
#[cfg(test)]
pub(super) fn all_keys() -> impl Iterator<Item = &'static str> {
    [
        Screen::KEYS,
        Pipe::KEYS,
        Lane::KEYS,
        Lesson::KEYS,
        Wire::KEYS,
        Fault::KEYS,
        Cli::KEYS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
