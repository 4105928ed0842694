## /appointments, calendar files, and what is sent around a visit.
## "appt-remind...", "appt-redrawn...", "appt-were-you...", "appt-afterwards" and "appt-next-date" come unasked
## and light up on lock screens: no word of health in them.
## The preparation text "appt-preset" awaits clinical review: docs/clinical-review.md, 5.3.

appt-title = Your visits ahead. Tap one to confirm, move or cancel it.
appt-none = You have no visits noted yet.
appt-line = • { $line }
appt-kind-t = treatment
appt-kind-v = follow-up visit
appt-mark = ✓ you will be there
appt-there = In { $city } it is then { $moment }.
appt-zone = All times are { $city } time.
appt-add = Add a visit
appt-from-file = From a calendar file
appt-previous = Earlier
appt-next = More
appt-back = Back
appt-not-found = That visit is not in your list. Send /appointments to see the list.

appt-moment = { $moment } ({ $city } time)
appt-is-t = This is a treatment.
appt-is-v = This is a follow-up visit.
appt-is-confirmed = You said you will be there.
appt-is-cancelled = This visit is cancelled. I will not remind you of it.
appt-is-done = You were at this visit.
appt-is-missed = You said you did not go. That is OK.
appt-gone-by = This visit has gone by.
appt-confirm = I'll be there
appt-move = Need to move
appt-cant = Can't come
appt-file = Calendar file
appt-ready = Get ready
appt-note = Clinic's note
appt-undo = Undo
appt-present = ✓ { $label }
appt-before = Before the visit:
appt-ride-ask = Do you have a ride home?
appt-ride-yes = Have a ride
appt-ride-not-yet = No ride yet
appt-ride-not-needed = None needed

appt-which-kind = What is the visit for?
appt-new-t = A treatment
appt-new-v = A follow-up visit
appt-yes = Yes
appt-change = Change
appt-neither = None of these
appt-stop = Never mind
appt-show = Show that visit
appt-taken = You already have a visit on { $moment }.
appt-same = This visit is in your list:
appt-added = Added to your list:
appt-moved = Moved to:
appt-many = Your list is full: I keep 60 visits at most. Cancel one that you no longer need, then add this one.

appt-moving = Your visit is on { $moment }.
appt-ask-clinic = Please ask your clinic for a new time first. I cannot tell them for you.
appt-ask-clinic-at = Please ask your clinic for a new time first: { $phone }. I cannot tell them for you.
appt-copy = Copy { $phone }
appt-keep = Keep it
appt-cancel = Cancel it
appt-cancel-ask = Shall I cancel your visit on { $moment }?
appt-tell-clinic = Please tell your clinic too. I cannot do that for you.
appt-tell-clinic-at = Please tell your clinic too: { $phone }. I cannot do that for you.

appt-note-ask = What did your clinic tell you to do before the visit? Type it here. I will show it to you the day before, and before your next ones too.
appt-note-now = Until now it says:
appt-note-remove = Remove it
appt-note-kept = Saved. I will show it to you the day before.
appt-note-too-long = That is too long for me to show with a reminder. Please keep it under { $most } letters and send it again.
appt-preset = No food for 2 hours before. No drinks for 30 minutes before. Use other nose sprays at least 1 hour before. If your clinic told you other steps, follow your clinic.

appt-file-how = Send me the calendar file (.ics) right here in this chat. You may have it in a mail from your clinic, or you can share it from your calendar app. I only read the days and the times.
appt-file-found = { $n ->
        [one] I found 1 date in this file:
       *[other] I found { $n } dates in this file:
    }
appt-file-more = { $n ->
        [one] and 1 more
       *[other] and { $n } more
    }
appt-file-known = in your list
appt-file-no-zone = The file does not say in which time zone. I took your own: { $city } time.
appt-file-all-day = { $n ->
        [one] I left out 1 entry that has no time of day.
       *[other] I left out { $n } entries that have no time of day.
    }
appt-file-ask = What are they for? I add nothing before you tap.
appt-take-t = Add as treatments
appt-take-v = Add as follow-up visits
appt-take-none = Do not add them
appt-file-dropped = OK. I added nothing.
appt-file-new = { $n ->
        [one] Added: 1 visit.
       *[other] Added: { $n } visits.
    }
appt-file-moved = { $n ->
        [one] Moved: 1 visit.
       *[other] Moved: { $n } visits.
    }
appt-file-known-count = { $n ->
        [one] In your list before: 1 visit.
       *[other] In your list before: { $n } visits.
    }
appt-file-full = { $n ->
        [one] 1 visit did not fit. I keep 60 at most.
       *[other] { $n } visits did not fit. I keep 60 at most.
    }
appt-show-list = Show my visits
appt-file-gone = I could not get that file from Telegram any more. Please send it again.
appt-file-empty = I found no day and time ahead in that file, so there is nothing to add. You can type the date instead.
appt-file-too-big = That file is too big for me. Please send one with your visits only.
appt-file-not-a-calendar = I could not read that file as a calendar. You can type the date instead.
appt-file-too-often = That file has too many dates for me. Please send one with your visits only, or type the dates.
appt-file-too-slow = That file took me too long to read. Please send one with your visits only, or type the dates.
appt-file-title = Visit
appt-file-caption = Open this file to put the visit into your phone's calendar. It says the time and nothing of what it is for.

appt-today = today at { $time }
appt-tomorrow = tomorrow, { $day }, at { $time }
appt-on = on { $day } at { $time }
appt-remind-ask = You have a visit { $when }. Can you make it?
appt-remind = You have a visit { $when }.
appt-redrawn-planned = Your visit is on { $moment }.
appt-redrawn-confirmed = Your visit is on { $moment }. You said you will be there.
appt-redrawn-cancelled = The visit on { $moment } is cancelled. I will not remind you of it.
appt-redrawn-done = You were at your visit on { $moment }.
appt-redrawn-missed = You said you did not go to the visit on { $moment }. That is OK.
appt-were-you-today = Were you at your visit today?
appt-were-you = Were you at your visit on { $day }?
appt-done = Done
appt-not-yet = Not yet
appt-moved-it = It moved
appt-off = It was cancelled
appt-afterwards = How did your visit on { $day } go? Do you have a next date?
appt-next-date = It has been a while since your last visit. Do you have a next date?
appt-add-date = Add a date
appt-not-now = Not now
appt-later = OK. When you have a date, send /appointments.
appt-jot = Write a note
appt-not-there = I did not go
