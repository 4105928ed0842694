## Before a visit: what there is to do, the one thing to tell, the notes to show.

visit-hub = Getting ready for your visit on { $day }. Do as much as you like.
visit-over = Your visit on { $day } is over. Your questions stay until you have asked them.
visit-off = Your visit on { $day } is cancelled. Your questions stay for the next one.
visit-not-found = I do not know that visit. Send /appointments to see your list.
visit-short-questions = Short questions
visit-questions = My questions ({ $n })
visit-back = Back

visit-main-ask = What is the one thing you most want to tell your care team? Write it and send it. No one reads it right now. If you need help, tap { key-help }.
visit-main-now = Until now it says: { $text }
visit-main-keep = Keep it
visit-main-remove = Take it out
visit-main-kept = Kept. It is in your summary.

visit-notes-ask = Tap the notes you want to show. Tap again to leave one out.
visit-notes-none = There are no notes from these days. You can write one to me at any time.
visit-notes-newer = Newer
visit-notes-older = Older
visit-note-line = { $n }. { $day }: { $text }

## The draft of the summary, in the person's own voice. Wording awaits clinical review: docs/clinical-review.md.

visit-draft-top = This is a draft. I send it to no one. Tap a part to leave it out or put it back.
visit-draft-kept-back = Some answers are more private, so they stay out. Tap { visit-part-private } to put them in.
visit-draft-title = Summary for my visit on { $day }
visit-draft-own = My own answers. Not checked by anyone.
visit-draft-since = Since my last visit: { $first } to { $last }
visit-draft-days = Last { $days } days: { $first } to { $last }

visit-part-treatments = Treatments
visit-part-treatments-discreet = Sessions
visit-part-mood = Mood
visit-part-side-effects = Side effects
visit-part-side-effects-discreet = Body
visit-part-events = What came up
visit-part-private = Private answers
visit-part-change = Change
visit-part-forms = Forms
visit-part-main = Want to say
visit-part-questions = My questions
visit-part-notes = My notes

visit-head-treatments = Treatments
visit-head-mood = Mood (10 is best)
visit-head-side-effects = Side effects by hours since treatment
visit-head-events = What came up
visit-head-private = Also came up
visit-head-change = How I feel next to my last visit
visit-head-forms = Standard forms (more is worse)
visit-head-main = What I most want to say
visit-head-questions = My questions
visit-head-notes = My notes

visit-treatment = { $day } ({ $kind })
visit-form = { $day } · { $name }: { $score }
visit-treatments-none = None noted in this time
visit-kind-nasal = nasal spray
visit-kind-drip = drip
visit-kind-shot = shot
visit-kind-tablet = tablet or lozenge
visit-kind-other = other
visit-mood = Middle { $middle }, from { $lowest } to { $highest } ({ $n ->
        [one] 1 answer
       *[other] { $n } answers
    })
visit-mood-none = No answers in this time
visit-mood-few = There are too few answers to say how it changed.
visit-mood-before = In the days before, from { $first } on: middle { $middle } ({ $n ->
        [one] 1 answer
       *[other] { $n } answers
    }). Change: { $change }
visit-events-none = Nothing from the list
visit-event-told = { $what } (told on { $day })
visit-event-answer = { $day }: { $what }
visit-event-hours = { $day }: { $what }, told { $hours ->
        [one] about 1 hour
       *[other] about { $hours } hours
    } after treatment
visit-question = { $n }. { $text }
visit-note = { $day }: { $text }
visit-shortened = { $text } (shortened)
visit-page-back = Page before
visit-page-on = Next page
visit-picture = Picture
visit-picture-few = There are too few answers for a picture yet.
