# The ladder.
wire-ladder-title = ladder of { $left } { $ways } { $right }
wire-spread = time spread
wire-below = { $count ->
    [one] 1 line below
   *[other] { $count } lines below
}
wire-no-segments = No segments are seen here: { $why }. Calls and states are.
wire-nothing = Nothing has happened on this connection yet.
wire-none-selected = j and k select a segment: what it says, and what caused it

# On an arrow and beside a rail: short, they stand in narrow columns.
wire-held = HELD
wire-in-flight = in flight
wire-again = again
wire-lost = dropped
wire-twice = twice
wire-late = +{ $time }
wire-eof = EOF
wire-captured = (wire)
wire-gone = gone
wire-disagreement = { $measured }, expected { $expected }

# What a segment is, and what caused it: parts of a sentence.
wire-is-syn = the SYN of { $name }: it asks { $peer } for a connection
wire-is-syn-ack = the SYN of { $name }, which acknowledges that of { $peer }
wire-is-reset = a reset: { $name } ends the connection at once, both halves
wire-is-data = { $bytes ->
    [one] 1 byte, number { $first }
   *[other] { $bytes } bytes, numbers { $first } to { $last }
}
wire-is-fin = the FIN of { $name }: it will send no more, and still receives
wire-is-repeat = retransmission { $count } of seq { $seq }
wire-repeat-after = {""}, { $time } after the one before
wire-is-window-probe = probe of a zero window: { $name } asks whether { $peer } has room again
wire-is-keepalive = keepalive probe: { $name } asks whether { $peer } is still there
wire-acks-fin = ACK of the FIN: { $name } has received that { $peer } sends no more
wire-acks-fin-too = it acknowledges the FIN of { $peer } too
wire-acks-syn = ACK of the SYN of { $peer }
wire-acks-data = answers seq { $number }: all of it has arrived
wire-acks-up-to = acknowledges everything before { $number }
wire-acks-again = says { $number } once more: answers seq { $seq }
wire-acks-again-alone = says { $number } once more
wire-window-closes = closes the window: { $name } has no room for more
wire-window-opens = the window is now { $number } bytes
wire-answers = answers seq { $seq }
wire-caused-by = caused by { $call }

# What the wire did with it.
wire-fate-passed = passed after { $time }
wire-fate-twice = delivered twice after { $time }
wire-fate-dropped = dropped after { $time }
wire-fate-flying = under way, arrives in { $time }
wire-fate-held = { $repeats ->
    [0] held for { $time }
    [one] held for { $time }, sent again once
   *[other] held for { $time }, sent again { $repeats } times
}

# The fields of the header.
wire-field-flags = flags
wire-field-seq = sequence
wire-field-next = next { $number }
wire-field-ack = acknowledges
wire-field-len = carries
wire-field-win = window
wire-field-left = left at
wire-field-landed = passed at
wire-field-fate = fate
wire-field-number = segment
wire-field-repeats = repeats segment
wire-field-host = from host
