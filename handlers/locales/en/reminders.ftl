## /reminders.

reminders-title = When I will write to you next:
reminders-moment = { $day }, { $time }
reminders-line = { $when } · { $what }
reminders-none = No check-in is planned. Choose a time and days below.
reminders-then = After that:
reminders-days = Your time: { $time }, { $days }.
reminders-nudges = { $n ->
        [0] If you do not answer, I leave it at that.
        [one] If you do not answer, I remind you once, later that day.
       *[other] If you do not answer, I remind you up to { $n } times, later that day.
    }
reminders-quiet = Quiet hours: { $hours }.
reminders-why = Why
reminders-past = What became of my last messages:
reminders-past-none = There were none yet.
reminders-past-line = { $kind } · { $what }

due-kind-daily = check-in
due-kind-nudge = reminder to answer
due-kind-snooze = later, as you asked
due-kind-after = check-in after a treatment
due-kind-treated = question if you had your treatment
due-kind-visit = reminder of a visit
due-kind-afterwards = question how your visit was
due-kind-next-date = question about a next visit
due-kind-form = a form

## Why a message will come.

coming-daily = check-in, at the time you chose
coming-next-morning = check-in, the day after your treatment on { $day }
coming-day-three = check-in, three days after your treatment on { $day }
coming-after = check-in, because of your treatment on { $day }
coming-nudge = reminder, because your check-in is still open
coming-snooze = check-in, because you asked for it then
coming-visit = reminder, because of your visit on { $visit }
coming-treated = question if you had your treatment, because of your visit on { $visit }
coming-afterwards = question how it was, because of your visit on { $visit }
coming-next-date = question about a next visit, because your last treatment was on { $day }
coming-form = a form, because you switched it on
coming-easing = a word that I will write once a week, because I did not hear from you
coming-last = my last message, because I did not hear from you
coming-held = { $what }; held until { $time }: { $why }

## What became of a message.

due-sent = sent
due-on-its-way = on its way
due-not-sent = not sent: { $why }

## Why a message was held or not sent.

due-why-answered = you had answered
due-why-declined = you said not today
due-why-snoozed = you chose a later time
due-why-not-active = you had paused me
due-why-plan-changed = your plan had changed
due-why-prompted-already = I had asked already that day
due-why-outcome-unknown = it may have reached you before
due-why-nothing-open = no check-in was open
due-why-too-late = it was too late
due-why-quiet-hours = quiet hours
due-why-still-answering = you were answering
due-why-day-not-over = your day was not over
due-why-visit-changed = your visit had changed
due-why-confirmed = you had said that you can come
due-why-treatment-changed = your treatment had changed
due-why-treatment-day = it was a day of treatment
due-why-visit-known = your next visit was known
due-why-enough-today = I had written enough that day
due-why-unreachable = my messages did not reach you
due-why-sharing-changed = what you share had changed
due-why-not-shared = you do not share it
due-why-heard-of = you had been in touch
due-why-slow-down = Telegram asked me to wait
due-why-unknown = I could not tell if it had reached you
due-why-passing = Telegram could not be reached
due-why-refused = Telegram did not take it
due-why-ours = a mistake of mine
due-why-newer-card = because a newer one takes its place
due-why-wrong = because you said that I got you wrong
due-why-other = I no longer know why
