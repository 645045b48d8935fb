screen-connections = connections

## The list
column-created = order of creation
column-name = name
column-hold = hold
column-local = local
column-peer = peer
column-state = state
column-send = send
column-receive = receive
column-sent = sent
column-received = received
column-unread = unread
column-unsent = unsent
column-unacked = unacked
column-timer = timer or ending
list-empty = No connection yet. Press n for a new one, a for a fresh pair.
list-no-match = Nothing matches the filter. Esc shows all again.
list-timer = { $kind } { $seconds } s
list-timer-retried = { $kind } #{ $retries } { $seconds } s
list-process = process { $pid }
list-accepted = { $accepted } accepted
list-accepted-queue = { $accepted } accepted, { $queue } waiting
ending-plain = { $how }
ending-first = { $how }, this end first
ending-peer-first = { $how }, peer first
ending-both = { $how }, both at once
ending-unread = { $how }, { $unread } unread lost
ending-unsent = { $how }, { $unsent } unacknowledged
summary-total = { $count ->
    [one] { $number } endpoint
   *[other] { $number } endpoints
}
summary-shown = { $shown } of { $total } endpoints
summary-stuck = { $count } stuck: { $name } { $why }
stuck-unread = { $bytes } unread
stuck-blocked = { $bytes } unsent, the peer's window is closed
stuck-unanswered = no answer to { $times } retransmissions

## The status line
status-read-only = read-only
status-filter = filter: { $text }
status-recording = recording to { $file }
status-left = { $count ->
    [one] { $number } older event left
   *[other] { $number } older events left
}
said-warning = note:
said-failed = failed:

## The keys in the footer and in the help
key-shutdown-send = shutdown send
key-shutdown-receive = shut receive
key-shutdown-both = shut both
key-close = close
key-abort = abort
key-drain = drain
key-compose = send
key-pause = pause reading
key-resume = resume reading
key-again = again
key-new = new
key-palette = command
key-filter = filter
key-help = help
key-quit = quit
key-zoom = zoom
key-follow = follow
key-copy = copy
key-suspend = suspend
key-back = back
key-pane = panes
key-sort = sort
key-other = other end
key-data = text or hex
key-calls = spelling of calls
key-theme = colours
key-hold = hold
key-release = release
key-step = step
key-discard = drop selected
key-slower = slower
key-faster = faster
key-cut = cut
key-mend = mend
key-reset = fresh lab
key-next-segment = next segment
key-previous-segment = previous segment
key-first-segment = first segment
key-last-segment = last segment
key-details = details
key-time = time spread
key-show-ladder = ladder: what crossed?
key-show-diagram = diagram: which state?
key-pane-back = panes, backwards
key-sort-reverse = sort backwards
key-next-row = next row
key-previous-row = previous row
key-first-row = first row
key-last-row = last row
key-page-down = page down
key-page-up = page up
key-show-connections = connections: who is open?
key-show-data = data: what was said?
key-show-log = log: what happened?
key-scroll-up = line up
key-scroll-down = line down
key-scroll-top = to the beginning
key-scroll-bottom = to the end
edit-palette = Enter runs it   Tab completes   Up Down earlier lines   Esc leaves
edit-filter = name, state, address or half: rows must contain every word   Enter keeps it   Esc takes it back
edit-log = the name of an endpoint: lines about it alone   Enter keeps it   Esc takes it back
edit-compose = Enter sends   escapes: \n \r \t \0 \xNN \\   Up Down earlier texts   Esc leaves
edit-confirm = y does it   n leaves it

## Prompts and help
prompt-filter = filter:
prompt-log = log of:
prompt-compose = send from { $name }:
palette-title = command
palette-title-of = command, { $at } of { $count }
palette-hint-connect = { $verb } { $arguments }   or to accept: web: listen 8080
palette-hint = { $verb } { $arguments }   for example: { $example }
confirm-title = Another program uses this connection
confirm-question = { $command } on { $name }: the other program will feel it. Do it? (y/n)
help-title = help
help-more = (j or Down: more)
help-closing = Closing: one half, both, or all of it
help-bytes = Bytes
help-wire = The wire, the ladder, the diagram
help-new = New connections
help-moving = Moving
help-panes = Panes
help-program = The program
help-prompts = While typing
help-halves = The halves
help-verbs = Verbs of the command line, also in scripts; "name: verb" means another endpoint
half-send-open = bytes can be sent
half-fin-queued = the FIN waits behind bytes that are not sent
half-fin-sent = the FIN is on its way, not acknowledged
half-fin-acked = the peer knows that no more will come
half-reset = broken by a RST or a timeout
half-gone = the kernel has no socket any more
half-receive-open = bytes can arrive
half-fin-received = the peer's FIN is here; the application has not read up to it
half-eof-read = recv returned 0: no more will come
half-shut = shutdown receive here; the peer cannot tell

## Why a key is greyed
why-read-only = Read-only: nothing is called.
why-no-lab = There is no lab here, so there is no wire to hold.
why-no-segment-selected = No segment is selected: press 2 for the ladder, then j or k.
why-segment-over = That segment is on the wire no more.
why-nothing-held = Nothing is held.
why-script-only = Expectations and waits stand in scripts.
why-nothing-selected = No endpoint is selected.
why-not-ours = The descriptor belongs to another program.
why-no-descriptor = The descriptor is closed: there is nothing left to call it on.
why-in-process = { $name }'s descriptor is in process { $pid }; `{ $name }: kill` ends it.
why-no-process = No process of its own holds { $name }: there is nothing to kill. `fork as` makes one.
why-time-wait-stays = TIME-WAIT stays, whatever is called; the call is made all the same.
why-no-segment = The connection is over, no segment will go out; the call is made all the same.
why-listener = It listens, it carries no bytes; the call is made all the same.
why-not-listener = It does not listen; the call is made all the same.
why-eof-read = End of file was read, nothing more will come; the call is made all the same.
why-reset = The connection was reset; the call is made all the same.
why-not-connected = It is not connected (ENOTCONN); the call is made all the same.
why-send-closed = The sending half is closed already; the call is made all the same.
why-receive-shut = The receiving half is shut already; the call is made all the same.
why-both-closed = Both halves are closed already; the call is made all the same.

## What was done
no-other-end = The other end is not visible from here.
other-end-filtered = The other end is hidden by the filter.
no-such-row = There is no row of that name: { $name }
no-such-column = No such column ({ $line }). Columns: { $columns }
no-such-theme = No such theme. Themes: { $themes }
sorted = Sorted by { $column }.
sorted-backwards = Sorted by { $column }, backwards.
calls-in = Calls are spelled as in { $language }.
theme-now = Colours: { $theme }.
copied = Sent to the terminal's clipboard.
paste-nowhere = Pasted text was ignored; press i first to send it, or : to run it.
