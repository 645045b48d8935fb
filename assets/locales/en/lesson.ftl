# The lesson's pane.
lesson-title = lesson
lesson-progress = { $done } of { $of }
lesson-learn = What you will know
lesson-minutes = { $minutes } minutes
lesson-sources = Sources
lesson-press = press { $keys }
lesson-or-enter = or Enter
lesson-enter-alone = Enter does it
lesson-working = doing it
lesson-waiting = waiting for this
lesson-choose = What do you think? 1 to { $choices } answers; S shows it without a guess
lesson-right = Right: this is what happened.
lesson-not-that = Not this time. What happened is marked.
lesson-this-happened = This is what happened:
lesson-none-of-them = None of these is what happened. The kernel has the last word: look at what it did.
lesson-because = what decided it
lesson-nothing-happened = nothing happened in all of that time
lesson-go-on = Enter goes on
lesson-failed = This did not hold
lesson-seen-instead = seen instead: { $seen }
lesson-failed-help = Enter goes on all the same; Backspace goes one step back, in a fresh world
lesson-strayed = You have left the path, and what follows may differ. J leads back to it, in a fresh world.
lesson-freshening = a fresh world is made
lesson-the-end = The end of this lesson.
lesson-the-end-help = L lists the others; Backspace goes back; everything here is yours to try

# What is said about it.
lesson-none-runs = no lesson runs: L lists them
lesson-choose-first = a question waits: choose an answer first, or S to see it without a guess
lesson-nothing-to-answer = there is no such answer to give now
lesson-closed = the lesson is closed; the connections stay
lesson-frozen = the picture stands; everything goes on behind it
lesson-thawed = the picture moves again
lesson-status-frozen = frozen
lesson-status-pressed = key { $keys }

# The list of lessons.
lesson-list-title = lessons
lesson-list-help = Enter opens one in a fresh world; Esc closes the list
lesson-list-level = { $level }  { $title }
lesson-level-1 = Orderly close
lesson-level-2 = Halves
lesson-level-3 = Abort
lesson-level-4 = Timers and ghosts
lesson-level-5 = No goodbye
lesson-level-6 = In the middle
lesson-list-minutes = { $minutes } min
lesson-list-begun = { $done } of { $of }
lesson-list-done = done
lesson-list-needs-lab = needs the lab
