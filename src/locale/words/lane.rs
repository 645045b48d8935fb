//! The log: lanes, calls and what they mean.

super::words! {
    /// The log: lanes, calls and what they mean.
    Lane {
        // The lanes.
        App = "lane-app",
        Kernel = "lane-kernel",
        Wire = "lane-wire",
        Half = "lane-half",
        Script = "lane-script",
        Note = "lane-note",
        // The pane.
        Title = "lane-title",
        TitleOf = "lane-title-of",
        NoWire = "lane-no-wire",
        OlderLeft = "lane-older-left",
        // Kernel and wire.
        Gone = "lane-gone",
        Captured = "lane-captured",
        Inferred = "lane-inferred",
        Held = "lane-held",
        Dropped = "lane-dropped",
        Duplicated = "lane-duplicated",
        Bytes = "lane-bytes",
        // Expectations.
        Expect = "lane-expect",
        AtLine = "lane-at-line",
        // What a call means.
        ThePeer = "lane-the-peer",
        Eof = "lane-eof",
        NotEof = "lane-not-eof",
        SendsNoMore = "lane-sends-no-more",
        ReadsNoMore = "lane-reads-no-more",
        NeitherMore = "lane-neither-more",
        BufferFull = "lane-buffer-full",
        AcceptedAs = "lane-accepted-as",
        TwinIs = "lane-twin-is",
        Blocked = "lane-blocked",
        AtTheEnd = "lane-at-the-end",
        // What a failure means.
        CannotSend = "lane-cannot-send",
        NothingToShut = "lane-nothing-to-shut",
        NothingToRead = "lane-nothing-to-read",
        Refused = "lane-refused",
        WasReset = "lane-was-reset",
        TimedOut = "lane-timed-out",
        AddressTaken = "lane-address-taken",
        NoSuchAddress = "lane-no-such-address",
        NotPermitted = "lane-not-permitted",
        NotListening = "lane-not-listening",
        NoDescriptors = "lane-no-descriptors",
        Unreachable = "lane-unreachable",
        // Notes.
        Waiting = "lane-waiting",
        NoneWaiting = "lane-none-waiting",
        Abandoned = "lane-abandoned",
        Resolving = "lane-resolving",
        Resolved = "lane-resolved",
        Unresolved = "lane-unresolved",
        Saving = "lane-saving",
        FileFailed = "lane-file-failed",
        ReadingOff = "lane-reading-off",
        ReadingOn = "lane-reading-on",
        ReadingSome = "lane-reading-some",
        AcceptingOn = "lane-accepting-on",
        AcceptingOff = "lane-accepting-off",
        OutOfDescriptors = "lane-out-of-descriptors",
        LingerOff = "lane-linger-off",
        LingerZero = "lane-linger-zero",
        Linger = "lane-linger",
        Disagreement = "lane-disagreement",
    }
}
