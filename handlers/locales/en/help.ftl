## /help, /about, /cancel and commands that do not exist.

help-text = I ask how you are once a day and keep your answers for you.

    /checkin: today's check-in, at any time
    /summary: your chart
    /history: the last days, to change or fill in
    /appointments: your visits to the clinic
    /treatment: treatments you had and those to come
    /ask: questions for your next visit
    /forms: standard forms your care team knows
    /support: share chosen things with someone you trust
    /reminders: when I write to you, and why
    /pause, /stop, /resume: be quiet, or start again
    /settings: time, days, language and more
    /privacy: what I store and who can see it
    /export, /delete: get a copy of everything, or delete it
    /about: what I am and what I am not
    /cancel: forget what you were typing

    You can write a note to me at any time. You can also change your message later, and I change the note.

    Nobody reads along. If you are in danger, tap { key-help } or send /urgent.
help-newcomer = I am a check-in bot for people after ketamine treatment. Send /start to see what I do and to say yes or no.
    I store nothing before you say yes.

    Nobody reads along. If you are in danger, tap { key-help } or send /urgent.
help-about = I am a check-in bot: a diary that asks. I keep your answers and show them to you.
    I am not a doctor and not a medical device. I do not watch over you, find an illness or tell you what to take. For that, talk to your care team.
    I am not for emergencies. If you are in danger, tap { key-help } or send /urgent.
help-run = I am free software. The people who gave you my address run me on their own computer.
help-run-by = I am free software. I am run by: { $clinic }.
help-cancelled = OK. I am not waiting for any text.
help-unknown = I do not know that command. Did you mean one of these?
