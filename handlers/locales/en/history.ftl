## /history.

history-title = Today and the 7 days before. Tap a day to see it, change it or fill it in.
history-line = { $day }: { $what }
history-complete = complete
history-partly = partly filled in
history-skipped = skipped
history-none = nothing yet
history-extras = { $n ->
        [one] 1 extra check-in
       *[other] { $n } extra check-ins
    }
history-notes = { $n ->
        [one] 1 note
       *[other] { $n } notes
    }
history-empty = No answers for this day.
history-late = Filled in later.
history-extra = Extra check-in
history-after = After your treatment:
history-visit = Before your visit:
history-form = { $name }:
history-answer = { $name }: { $answer }
history-answer-skipped = skipped
history-note = Note { $n }: { $text }
history-notes-more = { $n ->
        [one] 1 more note is kept.
       *[other] { $n } more notes are kept.
    }
history-change = Change an answer
history-change-extra = Change the extra check-in
history-change-form = Change the { $name }
history-fill = Fill in
history-drop = Remove note { $n }
history-back = All days
history-drop-ask = Remove this note? It cannot come back.
history-drop-yes = Remove it
history-drop-no = Keep it
