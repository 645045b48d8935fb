//! The lesson's pane, the list of lessons, and the screen for a class.

super::words! {
    /// The lesson's pane, the list of lessons, and the screen for a class.
    Lesson {
        Title = "lesson-title",
        Progress = "lesson-progress",
        Learn = "lesson-learn",
        Minutes = "lesson-minutes",
        Sources = "lesson-sources",
        Press = "lesson-press",
        OrEnter = "lesson-or-enter",
        EnterAlone = "lesson-enter-alone",
        Working = "lesson-working",
        Waiting = "lesson-waiting",
        Choose = "lesson-choose",
        Right = "lesson-right",
        NotThat = "lesson-not-that",
        ThisHappened = "lesson-this-happened",
        NoneOfThem = "lesson-none-of-them",
        Because = "lesson-because",
        NothingHappened = "lesson-nothing-happened",
        GoOn = "lesson-go-on",
        Failed = "lesson-failed",
        SeenInstead = "lesson-seen-instead",
        FailedHelp = "lesson-failed-help",
        Strayed = "lesson-strayed",
        Freshening = "lesson-freshening",
        TheEnd = "lesson-the-end",
        TheEndHelp = "lesson-the-end-help",
        NoneRuns = "lesson-none-runs",
        ChooseFirst = "lesson-choose-first",
        NothingToAnswer = "lesson-nothing-to-answer",
        Closed = "lesson-closed",
        Frozen = "lesson-frozen",
        Thawed = "lesson-thawed",
        StatusFrozen = "lesson-status-frozen",
        StatusPressed = "lesson-status-pressed",
        ListTitle = "lesson-list-title",
        ListHelp = "lesson-list-help",
        ListLevel = "lesson-list-level",
        Level1 = "lesson-level-1",
        Level2 = "lesson-level-2",
        Level3 = "lesson-level-3",
        Level4 = "lesson-level-4",
        Level5 = "lesson-level-5",
        Level6 = "lesson-level-6",
        ListMinutes = "lesson-list-minutes",
        ListBegun = "lesson-list-begun",
        ListDone = "lesson-list-done",
        ListNeedsLab = "lesson-list-needs-lab",
    }
}

impl Lesson {
    /// The name of a level of the curriculum.
    pub const fn level(level: u8) -> Lesson {
        match level {
            1 => Lesson::Level1,
            2 => Lesson::Level2,
            3 => Lesson::Level3,
            4 => Lesson::Level4,
            5 => Lesson::Level5,
            _ => Lesson::Level6,
        }
    }
}
