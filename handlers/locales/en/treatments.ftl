## /treatment and /treated: treatments that were had, those to come, and setting up a course.
## The plans and the note for nasal sprays await clinical review: docs/clinical-review.md.

treatment-title = Your treatments
treatment-none = You have not told me of one yet.
treatment-count = { $n ->
        [one] You told me of one:
       *[other] You told me of { $n }. The last ones:
    }
treatment-coming = Coming up:
treatment-more = And { $n } more: see /appointments.
treatment-asked = After a treatment I ask how you feel: two hours after you leave, the next morning, and on the third day. For a tablet or lozenge it is three hours after you take it.
treatment-line = · { $moment }
treatment-with-kind = { $moment } · { $kind }
treatment-had = I had a treatment
treatment-set-up = Set up a course
treatment-add = Add one date
treatment-correct = Correct a past one
treatment-open = Coming: { $moment }
treatment-back = Back
treatment-mine = My treatments

treatment-which = Which one do you want to correct?
treatment-one = Treatment on { $moment }
treatment-time = Change time
treatment-kind = Change kind
treatment-take-back = Take it back
treatment-saved = Saved.
treatment-stale = That card is out of date. This is how it stands now.
treatment-taken-back = OK. That one is not on your list.
treatment-near = There is another treatment at about that time on your list. Please type another time.

treatment-kind-nasal = Nasal spray
treatment-kind-drip = IV drip
treatment-kind-shot = Shot
treatment-kind-tablet = Tablet or lozenge
treatment-kind-other = Other
treatment-kind-ask = What kind was it?
treatment-skip = Skip

treated-ask = When was your treatment?
treated-just = Just now
treated-earlier = Earlier today
treated-other = Another time
treated-hour = When did it begin? Tap the time that is closest. You can also type it, like this: 10:30
treated-type = When did it begin? Type the day and the time, like this: yesterday, 3 pm
treated-unread = I could not read a day and a time in that. Please type it like this: yesterday, 3 pm
treated-noted = Noted: your treatment on { $moment }.
treated-next-at = I will ask how you feel at { $time }.
treated-next-morning = I will ask how you feel in the morning, at { $time }.
treated-next-usual = Your check-ins go on as usual.
treated-paused = I do not write first at the moment. You can tell me how you feel with /checkin.
treated-care = Do not drive until tomorrow, after a good night of sleep.
treated-feel = How do you feel now?
treated-wrong = That was wrong
treated-not-yet = OK. Tell me when you are done.
treated-done = I'm done
treated-moved = It moved
treated-ahead = That is still ahead: { $moment }. Tell me when it is over.
treated-long-ago = That is too long ago for me to note. I can note the last two weeks.

course-pick = Which plan looks most like yours? You see all the dates before I keep them. If your clinic planned it in another way, go by your clinic.
course-line = · { $name }: { $about }
course-esketamine-trd = Nasal spray, 8 weeks
course-esketamine-trd-about = twice a week for 4 weeks, then once a week. 12 dates.
course-esketamine-mdsi = Nasal spray, 4 weeks
course-esketamine-mdsi-about = twice a week. 8 dates.
course-iv-6 = IV drip, 3 weeks
course-iv-6-about = twice a week. 6 dates.
course-im-sc = Shot, 3 weeks
course-im-sc-about = twice a week. 6 dates.
course-lozenge-kap = Tablet, 6 weeks
course-lozenge-kap-about = once a week. 6 dates.
course-other = Other: I add the dates
course-first = { $name }. When is your first one? Type the day and the time, like this: Dec 1, 3 pm
course-dates = { $name }. These are the dates, by the clock of { $city }. Shall I keep them?
course-date = · { $moment }
course-over = · { $moment } (over, I leave it out)
course-note = With each one I keep this note: { $note }
course-keep = { $n ->
        [one] Add 1 date
       *[other] Add all { $n }
    }
course-again = Another start
course-added = { $n ->
        [one] 1 date of this plan is on your list now.
       *[other] { $n } dates of this plan are on your list now.
    }
course-left-out = { $n ->
        [one] I left 1 date out.
       *[other] I left { $n } dates out.
    } I can keep up to 60 dates, and none that is over or more than a year ahead.
course-change = You can move or cancel each one in /appointments. If your clinic plans it in another way, go by your clinic.
course-nothing = I could not keep any of these dates. Please choose another start.
course-had-first = I had the first one
