## /summary: the caption of the picture, the twin in words, the days after treatments, and too few answers.

summary-period = { $days } days: { $first } to { $last }
summary-period-since = { $days ->
        [one] Since your last treatment, today: { $last }
       *[other] Since your last treatment, { $days } days: { $first } to { $last }
    }
summary-answered = Answered: { $answered } of { $days ->
        [one] 1 day
       *[other] { $days } days
    }
summary-mood = Mood: middle { $middle }, from { $lowest } to { $highest } ({ $n ->
        [one] 1 answer
       *[other] { $n } answers
    })
summary-effect = { $name }: on { $days } of { $answered ->
        [one] 1 day
       *[other] { $answered } days
    }, at worst { $worst }
summary-effect-none = { $name }: none ({ $answered ->
        [one] 1 day
       *[other] { $answered } days
    })
summary-extras = { $n ->
        [one] 1 extra check-in
       *[other] { $n } extra check-ins
    }
summary-treatments = { $n ->
        [one] Treatments: 1, on { $last }
       *[other] Treatments: { $n }, last on { $last }
    }
summary-own = These are your own answers. They are not a test result.
summary-few = { $n ->
        [0] There are no answers from these { $days } days yet. After two check-ins you see a picture here.
        [one] There is 1 answer from these { $days } days. With one more you see a picture here.
       *[other] There are { $n } answers from these { $days } days.
    }
summary-few-since = { $n ->
        [0] There are no answers from this time yet. After two check-ins you see a picture here.
        [one] There is 1 answer from this time. With one more you see a picture here.
       *[other] There are { $n } answers from this time.
    }
summary-few-here = These days hold too few answers to see much.
summary-days = { $days } days
summary-since = Since treatment
summary-since-discreet = Since last
summary-after = After treatments
summary-after-discreet = After each
summary-hours = By hours
summary-words = In words
summary-back = Back
summary-earlier = Earlier days
summary-later = Later days

## The twin in words.

summary-day = { $day }: { $answers }
summary-extra-day = { $day }, extra: { $answers }
summary-after-day = { $day }, after treatment: { $answers }
summary-week = 7-day mean: { $mean }
summary-treated = treatment
summary-treated-alone = { $day }: treatment
summary-treated-gap = { $day }: treatment, no answers
summary-gap-day = { $day }: no answers
summary-gap = { $first } to { $last }: no answers

## The days after treatments: how mood moved. No verdict here, numbers alone.

summary-fade = After treatments, last { $days } days
summary-fade-what = Each number is your mood next to the day before the treatment. +2 means two points up.
summary-fade-middle = Middle of all
summary-fade-all = { $days ->
        [one] 1 day after: { $change }
       *[other] { $days } days after: { $change }
    } ({ $n ->
        [one] 1 answer
       *[other] { $n } answers
    })
summary-fade-all-none = { $days ->
        [one] 1 day after: no answers
       *[other] { $days } days after: no answers
    }
summary-fade-each = Each treatment
summary-fade-before = day before: { $mood }
summary-fade-before-none = no answer the day before
summary-fade-one = { $days ->
        [one] 1 day: { $change }
       *[other] { $days } days: { $change }
    }
summary-fade-none = no answer
summary-fade-next = then the next treatment
summary-fade-coming = more days to come
summary-fade-few = This needs your mood from the day before a treatment and from a later day. There is not enough of both yet.

## Side effects by the hours since treatment.

summary-hours-title = Side effects by hours since treatment, last { $days } days
summary-window = { $first } to { $last } hours
summary-window-last = over { $first } hours
summary-window-guessed = ~{ $window }
summary-hours-felt = { $window }: felt { $any } of { $answered ->
        [one] 1 time
       *[other] { $answered } times
    }, moderate or severe { $moderate ->
        [one] 1 time
       *[other] { $moderate } times
    }, at worst { $worst }
summary-hours-mild = { $window }: felt { $any } of { $answered ->
        [one] 1 time
       *[other] { $answered } times
    }, at worst { $worst }
summary-hours-none = { $window }: none ({ $answered ->
        [one] 1 answer
       *[other] { $answered } answers
    })
summary-hours-guess = ~ means I guessed when a treatment ended: { $hours } hours after it began.
summary-hours-few = This needs an answer about how your body felt after a treatment. There is none from the last { $days } days yet.
