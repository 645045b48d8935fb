//! What stands on the shelf: every file, every language alike.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use finspect::lesson::{LANGUAGES, Lesson, SHELF, languages, names};

fn folder(language: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("assets/lessons")
        .join(language)
}

#[test]
fn every_file_is_on_the_shelf() {
    for language in LANGUAGES {
        let Ok(entries) = fs::read_dir(folder(language)) else {
            panic!("no folder for {language}");
        };
        let files: BTreeSet<String> = entries
            .map(|e| e.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|e| e == "md"))
            .map(|path| {
                path.file_stem()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        let shelved: BTreeSet<String> = SHELF
            .iter()
            .filter(|lesson| lesson.language == language)
            .map(|lesson| lesson.name.to_owned())
            .collect();
        assert_eq!(files, shelved, "{language}");
    }
}

#[test]
fn every_lesson_is_right_and_a_translation_does_what_its_original_does() {
    for shelved in SHELF {
        let read = |text| match Lesson::read(shelved.name, text) {
            Ok(lesson) => lesson,
            Err(errors) => panic!("{} {}: {errors:?}", shelved.language, shelved.name),
        };
        let lesson = read(shelved.text);
        let english = SHELF
            .iter()
            .find(|l| l.name == shelved.name && l.language == LANGUAGES[0])
            .unwrap_or_else(|| panic!("{} has no English", shelved.name));
        let original = read(english.text);
        assert_eq!(
            lesson.skeleton(),
            original.skeleton(),
            "{} {}",
            shelved.language,
            shelved.name
        );
        let head = |l: &Lesson| (l.about.level, l.about.order, l.about.minutes);
        assert_eq!(
            head(&lesson),
            head(&original),
            "{} {}",
            shelved.language,
            shelved.name
        );
    }
}

#[test]
fn the_curriculum_is_whole() {
    let mut places = BTreeSet::new();
    let mut levels = [0; 6];
    for shelved in SHELF.iter().filter(|l| l.language == LANGUAGES[0]) {
        let lesson = Lesson::read(shelved.name, shelved.text).expect("a right lesson");
        let about = &lesson.about;
        assert!((3..=10).contains(&about.minutes), "{}", shelved.name);
        assert!(!about.sources.is_empty(), "{} is not cited", shelved.name);
        assert!(!about.learn.is_empty(), "{}", shelved.name);
        assert!(
            lesson.questions().next().is_some(),
            "{} asks nothing",
            shelved.name
        );
        assert!(
            places.insert((about.level, about.order)),
            "{}: its place is taken",
            shelved.name
        );
        levels[usize::from(about.level)] += 1;
    }
    assert!(names().count() >= 28, "{levels:?}");
    assert!(levels[1..=5].iter().all(|n| *n > 0), "{levels:?}");
}

#[test]
fn the_lessons_of_the_seeds_speak_six_languages() {
    for name in ["winsock-client", "winsock-server", "half-close"] {
        assert_eq!(languages(name).collect::<Vec<_>>(), LANGUAGES, "{name}");
    }
}
