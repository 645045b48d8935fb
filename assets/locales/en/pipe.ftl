# The words at the mouths of the pipes: short, they stand in a column.
pipe-send = send
pipe-receive = receive
pipe-open = open
pipe-opening = not yet open
pipe-fin-queued = FIN queued
pipe-fin-sent = FIN sent
pipe-fin-acked = FIN acked
pipe-fin-received = FIN received
pipe-eof-read = EOF read
pipe-shut = shut
pipe-reset = reset
pipe-gone = gone
pipe-not-seen = not seen

pipe-break-rst = RST
pipe-break-timeout = timeout
pipe-break-refused = refused

# An end of the connection.
pipe-peer = peer
pipe-the-peer = the peer
pipe-captured = captured
pipe-disputed = { $mark } segments say { $segments }
pipe-inferred = inferred
pipe-in-process = in process { $pid }
pipe-orphan = orphan
pipe-nobody = no endpoint selected
pipe-seconds-left = { $seconds } s left
pipe-retransmit-in = retransmission { $n } in { $seconds } s
pipe-probe-in = window probe { $n } in { $seconds } s
pipe-keepalive-in = keepalive in { $seconds } s
pipe-keepalive-probe-in = keepalive probe { $n } in { $seconds } s

# Below a sending half.
pipe-nothing-sent = nothing sent
pipe-sent = { $bytes ->
    [one] 1 byte sent
   *[other] { $bytes } bytes sent
}
pipe-sent-all-acked = { $bytes ->
    [one] 1 byte sent, acknowledged
   *[other] { $bytes } bytes sent, all acknowledged
}
pipe-read-closed = { $bytes } read, closed here
pipe-no-connection = no connection: there are no halves
pipe-seq-adds = seq +2: SYN, FIN
pipe-sent-count = { $bytes } sent
pipe-before-fin = { $bytes ->
    [one] 1 byte before the FIN
   *[other] { $bytes } bytes before the FIN
}
pipe-unacked = { $bytes } unacknowledged
pipe-unsent = { $bytes } unsent
pipe-waiting = { $bytes } waiting here
pipe-abandoned = { $bytes } never reached the kernel
pipe-never-acked = { $bytes } never acknowledged

# Below a receiving half.
pipe-nothing-received = nothing received
pipe-received = { $bytes } received
pipe-unread = { $bytes } unread
pipe-read-then-fin = { $bytes } read, then the FIN
pipe-unread-then-fin = { $bytes } read, { $unread } unread, then the FIN
pipe-read-then-eof = { $bytes } read, then EOF (recv = 0)
pipe-read-shut = { $bytes } read, shut here; data may still come
pipe-reading-off = reading is off
pipe-reading-some = reads { $bytes } more
pipe-lost-unread = { $bytes } lost unread

# How it ended.
pipe-ended-fin = ended by FIN
pipe-ended-rst = ended by RST
pipe-ended-timeout = ended by a timeout
pipe-ended-refused = refused: a RST answered the SYN
pipe-ended-forgotten = its host started anew and forgot it
pipe-closed-first = { $name } closed first
pipe-closed-together = both closed at once
pipe-call-failed = { $call }: { $errno }

# A listener.
pipe-accepted = { $count ->
    [one] 1 connection accepted
   *[other] { $count } connections accepted
}
pipe-in-queue = { $count } waiting in the queue of { $backlog }
pipe-not-accepting = accepting is off

# What each closing call would do now.
pipe-if-now = If now
pipe-verb-shutdown-send = shutdown send
pipe-verb-shutdown-receive = shutdown receive
pipe-verb-shutdown-both = shutdown both
pipe-verb-close = close
pipe-verb-abort = abort
pipe-if-fin = FIN
pipe-if-fin-after = { $bytes ->
    [one] FIN after 1 byte
   *[other] FIN after { $bytes } bytes
}
pipe-if-receives-on = ; what { $peer } sends still arrives
pipe-if-last-ack = ; { $peer } has ended too, so its ACK is the last segment
pipe-if-data-is-reset = ; new data from { $peer } would be answered with RST
pipe-if-lingers = ; close waits up to { $seconds } s for its ACK
pipe-if-fin-already = no segment: the FIN is queued or sent already
pipe-if-both-fins-out = no segment: both ends have ended
pipe-if-orphan = no segment; new data from { $peer } gets a RST, else tcp_fin_timeout ends the orphan (default 60 s)
pipe-if-deaf = no segment; new data from { $peer } gets a RST from then on
pipe-if-over = no segment: there is no connection
pipe-if-local = nothing crosses the wire; data still arrives and can be read (Linux; Winsock differs)
pipe-if-peer-ended = nothing crosses the wire; the peer has ended already
pipe-if-no-effect = returns 0 and changes nothing
pipe-if-rst = RST
pipe-if-rst-unread = { $bytes ->
    [one] 1 unread byte, so RST instead of FIN; it is lost
   *[other] { $bytes } unread bytes, so RST instead of FIN; they are lost
}
pipe-if-rst-linger = linger is 0, so RST instead of FIN
pipe-if-unread-lost = { $bytes ->
    [one] ; 1 unread byte is lost
   *[other] ; { $bytes } unread bytes are lost
}
pipe-if-unacked-lost = { $bytes ->
    [one] ; 1 byte may never reach { $peer }
   *[other] ; { $bytes } bytes may never reach { $peer }
}
pipe-if-waiting-lost = { $bytes ->
    [one] ; 1 waiting byte never reaches the kernel
   *[other] ; { $bytes } waiting bytes never reach the kernel
}
pipe-if-not-connected = fails with ENOTCONN
pipe-if-descriptor-only = only this descriptor; { $name } keeps the socket open
pipe-if-stops-listening = stops listening; connections that nobody accepted get a RST
pipe-if-time-wait-stays = no segment; the kernel keeps TIME-WAIT
pipe-if-gives-up = gives up connecting, without a segment
pipe-if-in-process = the descriptor is in process { $pid }; kill ends it: { $outlook }
pipe-if-held-elsewhere = closed here; { $name } keeps the socket open
pipe-if-nothing-to-call = no descriptor any more: the kernel finishes alone
pipe-if-all-over = no descriptor any more, and nothing left to close
pipe-if-not-ours = not our descriptor

# What was said.
pipe-data-title = data of { $name }
pipe-data-none = no bytes yet
pipe-data-text = text
pipe-data-hex = hex
pipe-data-left = { $name }: { $bytes } older bytes have left the memory
pipe-data-gap = { $bytes } bytes were not kept
