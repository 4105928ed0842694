## The daily card.

card-today = Time for your check-in · { $day }
card-past = Check-in for { $day }. Please answer as it was on that day.
card-extra = Extra check-in · { $day }
card-visit = Getting ready for your visit
card-ticked = ✓ { $label }
card-question = { $place } of { $count } · { $question }
card-answer = { $name }: { $answer }
card-skipped = skipped

card-start = Start
card-explain = What do these mean?
card-back = Back
card-skip = Skip
card-later = Later
card-not-today = Not today
card-leave = Leave it
card-clear = No answer
card-keep = Keep it

daily-done-low = Thank you for telling me. Hard days count too. Your check-in is saved.
daily-done-mid = Thanks. Your check-in is saved.
daily-done-high = Thanks, that is good to hear. Your check-in is saved.
card-saved = Saved { $time } · { $answers }
card-saved-past = Saved { $time } for { $day } · { $answers }
card-week = Mood: 7-day middle { $middle } ({ $n ->
        [one] { $n } answer
       *[other] { $n } answers
    })
card-nobody-reads = No one is reading this right now. If you need help, tap { key-help }.

card-note = Add a note
card-change = Change an answer
card-chart = My chart
card-done = Done
card-another = Another entry
card-visit-main = What I most want to say
card-visit-notes = Pick notes to show
card-visit-draft = See the summary
card-which = Which answer do you want to change?

later-ask = When should I show it again?
later-soon = In 30 min
later-hours = In 2 hours
later-evening = This evening
later-tomorrow = Tomorrow with the next one
later-quiet = That is { $time }, in your quiet hours. Still remind me?
later-yes = Yes
later-other = Another time
later-set = OK. I will show it again at { $time }.
later-now = Do it now
later-next = OK. I will write again with your next check-in.

card-declined = OK, no check-in for { $day }. You can still fill it in.
card-fill-after-all = Fill in after all
card-closed = Check-in for { $day }: closed. You can still fill it in.
card-closed-for-good = Check-in for { $day }: closed.
card-left = Check-in for { $day }: closed. That is fine.
card-fill = Fill in
card-leave-it = Fine, leave it

press-out-of-date = This card is out of date. Here is the way to a new one.
press-fresh = Open my check-in
press-not-found = This card is out of date. Send /checkin for a new one.
