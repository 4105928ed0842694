## Notes, and text that nobody asked for.

note-ask = Write your note and send it. You can skip this. No one reads it right now. If you need help, tap { key-help }.
note-offer = Keep this as a note for today?
note-card-open = Your check-in is still open too. For that, please tap a button on the card.
note-keep = Save as note
note-no = No
note-card = My check-in
note-kept = Saved as a note. No one reads it right now. If you need help, tap { key-help }.
note-dropped = OK. I did not keep it.
note-gone = That text is no longer here. You can send it again.

unreadable = I can only read text and buttons. If you need help now, tap { key-help }.
