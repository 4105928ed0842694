## /summary: the caption of the picture, the twin in words, and what to say when there are too few answers.

summary-period = { $days } days: { $first } to { $last }
summary-answered = Answered: { $answered } of { $days } days
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
summary-own = These are your own answers. They are not a test result.
summary-few = { $n ->
        [0] There are no answers from these { $days } days yet. After two check-ins you see a picture here.
        [one] There is 1 answer from these { $days } days. With one more you see a picture here.
       *[other] There are { $n } answers from these { $days } days.
    }
summary-few-here = These days hold too few answers to see much.
summary-days = { $days } days
summary-words = In words
summary-earlier = Earlier days
summary-later = Later days
summary-day = { $day }: { $answers }
summary-extra-day = { $day }, extra: { $answers }
summary-week = 7-day mean: { $mean }
summary-gap-day = { $day }: no answers
summary-gap = { $first } to { $last }: no answers
