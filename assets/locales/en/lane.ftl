# The lanes: they stand in a column of seven cells.
lane-app = app
lane-kernel = kernel
lane-wire = wire
lane-half = half
lane-script = script
lane-note = note

lane-title = log
lane-title-of = log of { $name }
lane-no-wire = no wire lane: { $why }
lane-older-left = { $count } older events have left the memory

lane-gone = the socket is gone
lane-captured = captured
lane-inferred = inferred
lane-held = held
lane-dropped = dropped
lane-duplicated = duplicated
lane-gso = GSO: several in one
lane-bytes = { $bytes ->
    [one] 1 byte
   *[other] { $bytes } bytes
}

lane-expect = expect { $expect }
lane-at-line = line { $line }

# What a call means for the halves.
lane-the-peer = the peer
lane-eof = EOF: { $peer } will send no more
lane-not-eof = no EOF: this end is shut for receiving
lane-sends-no-more = { $name } sends no more
lane-reads-no-more = { $name } reads no more; the wire stays silent
lane-neither-more = { $name } neither sends nor reads any more
lane-buffer-full = the buffer is full: { $bytes } bytes not taken
lane-accepted-as = { $name }, from { $peer }
lane-twin-is = { $name } is the same socket
lane-process-holds = { $name } is the same socket, in a process of its own
lane-blocked = took { $ms } ms
lane-at-the-end = at the end

lane-cannot-send = nothing can be sent any more
lane-nothing-to-shut = there is no connection to shut down
lane-nothing-to-read = there is no connection to read from
lane-refused = a RST answered the SYN: nobody listens there
lane-was-reset = a RST ended the connection
lane-timed-out = no answer came in time
lane-address-taken = the address is in use
lane-no-such-address = this machine has no such address
lane-not-permitted = this port needs a privilege
lane-not-listening = it does not listen any more
lane-no-descriptors = no file descriptor is left
lane-unreachable = no way leads there

lane-waiting = { $count ->
    [one] 1 byte waits here: the kernel's buffer is full
   *[other] { $bytes } bytes wait here: the kernel's buffer is full
}
lane-none-waiting = nothing waits here any more
lane-abandoned = { $count ->
    [one] 1 byte never reached the kernel
   *[other] { $bytes } bytes never reached the kernel
}
lane-resolving = looking up { $host }
lane-resolved = { $host } is { $addrs }
lane-unresolved = { $host } was not found: { $why }
lane-saving = what is received goes to { $path } too
lane-file-failed = { $path }: { $why }
lane-reading-off = reading is off: what arrives stays in the kernel
lane-reading-on = reading is on
lane-reading-some = reads { $bytes } bytes, then stops
lane-accepting-on = accepting is on
lane-accepting-off = accepting is off: connections stay in the queue
lane-out-of-descriptors = no descriptor is left of { $limit }: connections wait in the queue
lane-linger-off = linger is off
lane-linger-zero = linger is 0: close will send a RST
lane-linger = close will wait up to { $seconds } s
lane-disagreement = the segments say { $segments }, the kernel says { $kernel }
lane-agreement = the segments and the kernel agree again: { $state }
lane-process-ended = process { $pid } has ended, and its descriptor is closed: { $how }

lane-wire-rules = the wire: { $rules }
lane-wire-clear = the wire lets everything pass
lane-wire-lost = { $frames } frames were not seen: the kernel dropped them on their way to finspect
lane-wire-unmet = no segment met the rule `{ $rule }`; `expect wire` says what came
lane-lab-set = both hosts: { $sysctl } = { $value }
lane-lab-reset = a fresh lab
lane-lab-reboot = host { $host } has forgotten everything
lane-lab-failed = not done: { $change }: { $why }
