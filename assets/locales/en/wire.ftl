# The ladder.
wire-ladder-title = ladder of { $left } { $ways } { $right }
wire-spread = time spread
wire-below = { $count ->
    [one] 1 line below
   *[other] { $count } lines below
}
wire-no-segments = No segments are seen here: { $why }. Calls and states are.
wire-not-on-loopback = this connection does not run over loopback
wire-outside-the-lab = this connection is outside the lab
wire-nothing = Nothing has happened on this connection yet.
wire-none-selected = j and k select a segment: what it says, and what caused it

# On an arrow and beside a rail: short, they stand in narrow columns.
wire-held = HELD
wire-in-flight = in flight
wire-again = again
wire-lost = dropped
wire-twice = twice
wire-gso = GSO
wire-copy = copy
wire-of-the-fin = of the FIN
wire-probe = probe
wire-update = window update
wire-duplicate = duplicate
wire-challenge = challenge
wire-late = +{ $time }
wire-vanished = vanished
wire-rules = wire: { $rules }
wire-rules-cleared = wire: no rule any more
wire-eof = EOF
wire-captured = (wire)
wire-gone = gone
wire-disagreement = segments say { $segments }
wire-agreement = segments agree again

# What a segment is, and what caused it: parts of a sentence.
wire-is-syn = the SYN of { $name }: it asks { $peer } for a connection
wire-is-syn-ack = the SYN of { $name }, which acknowledges that of { $peer }
wire-is-reset = a reset: { $name } ends the connection at once, both halves
wire-is-data = { $bytes ->
    [one] 1 byte, number { $first }
   *[other] { $bytes } bytes, numbers { $first } to { $last }
}
wire-is-gso = a GSO super-packet: the kernel would have cut it into segments behind this point
wire-is-fin = the FIN of { $name }: it will send no more, and still receives
wire-is-repeat = retransmission { $count } of seq { $seq }
wire-repeat-after = {""}, { $time } after the one before
wire-by-timer = no answer came, so a timer sent it again
wire-by-duplicate-acks = { $count ->
    [one] 1 duplicate ACK asked for it
   *[other] { $count } duplicate ACKs asked for it
}
wire-is-copy = a copy that the wire made of segment { $number }: { $name } sent it once
wire-is-window-probe = probe of a zero window: the persist timer of { $name } asks whether { $peer } has room again
wire-is-keepalive = keepalive probe: the keepalive timer of { $name } asks whether { $peer } is still there
wire-answers-probe = answers the probe
wire-acks-fin = ACK of the FIN: { $name } has received that { $peer } sends no more
wire-acks-fin-again = ACK of the FIN once more: the FIN of { $peer } had come again
wire-acks-fin-too = it acknowledges the FIN of { $peer } too
wire-acks-syn = ACK of the SYN of { $peer }
wire-acks-data = answers seq { $number }: all of it has arrived
wire-acks-up-to = acknowledges everything before { $number }
wire-acks-again = duplicate ACK, says { $number } once more: what came was old, has a hole before it, or found no room
wire-challenges = challenge ACK: what came does not fit, and { $name } says what would (RFC 5961)
wire-window-closes = window 0: { $name } has no room for more
wire-window-opens = window update: { $number } bytes of room now
wire-answers = answers seq { $seq }
wire-caused-by = caused by { $call }

# The same in a narrow column.
wire-short-no-room = window 0
wire-short-copy = copy of segment { $number }, made by the wire
wire-short-ack-of-fin = ACK of the FIN
wire-short-ack-of-fin-again = ACK of the FIN, again
wire-short-acks-fin-too = and ACK of the FIN
wire-short-window-probe = probe of a zero window
wire-short-keepalive = keepalive probe
wire-short-window-update = window update
wire-short-duplicate-ack = duplicate ACK
wire-short-challenge-ack = challenge ACK
wire-dropped-by-cut = dropped: the cable is cut
wire-dropped-by-rule = dropped by a rule
wire-dropped-by-loss = lost by chance
wire-dropped-by-hand = dropped by hand
wire-dropped-full = dropped: the wire holds no more

# What the wire did with it.
wire-fate-seen = seen as it passed
wire-fate-passed = passed after { $time }
wire-fate-twice = delivered twice after { $time }
wire-fate-dropped = dropped after { $time }
wire-fate-dropped-by = { $how }, after { $time }
wire-fate-vanished = vanished with the lab that it was in
wire-fate-flying = arrives in { $time }
# Sent so often in all, as the number behind HELD says.
wire-fate-held = { $times ->
    [one] held for { $time }
   *[other] held for { $time }, sent { $times } times
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

# The state diagram: what could come next, and the short words on its lines.
wire-diagram-title = states of { $names }
wire-next = next for { $name }:
wire-over = { $name } is over: nothing comes next
wire-way = way of { $name }: { $way }
wire-by-listen = listen()
wire-by-connect = connect(): the SYN of { $name }
wire-by-syn = the SYN of { $peer }
wire-by-syn-ack = the SYN,ACK of { $peer }
wire-by-ack-of-syn = { $peer } acknowledges the SYN
wire-by-close = close()
wire-by-shutdown = shutdown(send) or close(): the FIN of { $name }
wire-by-fin = the FIN of { $peer }
wire-by-ack-of-fin = { $peer } acknowledges the FIN
wire-by-fin-and-ack = the FIN of { $peer }, acknowledging the own one too
wire-by-reset = a RST, sent or received
wire-by-two-msl = 2 MSL pass (60 s on Linux)
wire-by-fin-timeout = tcp_fin_timeout, once no descriptor is left
wire-by-timeout = no answer: a timer gives up
wire-label-listen = listen()
wire-label-connect = connect()
wire-label-syn = SYN
wire-label-syn-ack = SYN,ACK
wire-label-ack-of-syn = ACK of SYN
wire-label-close = close()
wire-label-fin = FIN
wire-label-ack-of-fin = ACK of FIN
wire-label-fin-and-ack = FIN,ACK
wire-label-two-msl = 2 MSL

# The status line.
wire-status = wire { $glyph } { $mode }
wire-status-flowing = flowing
wire-status-holding = holding { $what }
wire-status-cut = cut
wire-status-held = { $count } held
wire-status-in-flight = { $count } in flight
wire-status-dropped = { $count } dropped
wire-status-lost = { $count } lost before the wire
