## /export: the person's copy. The name and the caption of the file stand in the chat for all to see: no word of health.

export-ask = Your copy holds all I keep of you: { $checkins ->
        [one] 1 check-in
       *[other] { $checkins } check-ins
    }, { $notes ->
        [one] 1 note
       *[other] { $notes } notes
    }, { $dates ->
        [one] 1 date
       *[other] { $dates } dates
    }, your settings, what I sent you and what was shared.

    It comes as one file, here in this chat. The file is not locked. Whoever opens it can read it all. Keep it in a safe place.
export-make = Make my copy
export-no = Not now
export-later = OK. You can send /export at any time.
export-owed = Making your copy ... It comes here in a moment.
export-waiting = I am making your copy. It comes here in a moment.
export-made = Your copy was made a short while ago. Look for the file above. You can have a new one in an hour.
export-done = Here it is.
export-file = Your copy. It is not locked, so keep it in a safe place.
export-nothing = I keep nothing about you.
export-helper = You are a support person. I keep the name you gave, your language, your time zone and your quiet hours. What was sent to you stands in this chat.
copy-readme = This is a copy of all that the check-in bot keeps of you.
    Made: { $moment } (UTC, the time of Greenwich).

    It is not locked. Whoever opens it can read it all.

    everything.json: all of it, word for word. A bot of the same kind can take it back from this file.
    The other files are tables. Any table program opens them. A line that begins like a formula has a ' before it there.

    person.csv: your settings
    consents.csv: what you said yes to, and when
    check_ins.csv: your check-ins
    answers.csv: your answers as they stand
    answer_changes.csv: each answer you ever gave
    notes.csv: your notes
    note_changes.csv: your notes before and after each change
    treatments.csv: treatments you told me of
    appointments.csv: your visits
    visit_lines.csv: what you want to say at a visit
    small_steps.csv: small steps I showed you
    messages.csv: what I sent you or left out, and when
    invitations.csv, support_persons.csv, sharing.csv: who may see what, and all that was sent to them

    A number in a column such as check_in or note is a row of that table. The first row has the number 1.
    All times are UTC. Not in here: what you typed in the last minutes and I have not read yet.
