## /reminders.

reminders-title = When I will write to you next:
reminders-moment = { $day }, { $time }
reminders-none = No check-in is planned. Choose a time and days below.
reminders-then = After that:
reminders-days = Your time: { $time }, { $days }.
reminders-nudges = { $n ->
        [0] If you do not answer, I leave it at that.
        [one] If you do not answer, I remind you once, later that day.
       *[other] If you do not answer, I remind you up to { $n } times, later that day.
    }
reminders-quiet = Quiet hours: { $hours }.
reminders-why = Last messages
reminders-past = What became of my last messages:
reminders-past-none = There were none yet.
reminders-past-line = { $when } · { $kind }: { $what }

due-kind-daily = check-in
due-kind-nudge = reminder
due-kind-snooze = later, as you asked
due-sent = sent
due-on-its-way = on its way
due-not-sent = not sent, { $why }
due-why-answered = because you had answered
due-why-declined = because you said not today
due-why-snoozed = because you chose a later time
due-why-not-active = because you had paused me
due-why-prompted-already = because I had asked already that day
due-why-outcome-unknown = because it may have reached you before
due-why-nothing-open = because no check-in was open
due-why-too-late = because it was too late
due-why-quiet-hours = because of your quiet hours
due-why-unreachable = because my messages did not reach you
due-why-other = because Telegram did not take it
