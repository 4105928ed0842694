## /delete: two questions and a receipt; and the words before data of people who are gone are deleted.

erase-first = This deletes all I keep of you:
erase-helps = { $n ->
        [one] You stop being a support person. The other person is told that you left.
       *[other] You stop being a support person for { $n } people. They are told that you left.
    }
erase-for-good = It happens at once and for good. I cannot bring it back.
erase-shared = Whoever sees what you share is told only that sharing has ended.
erase-copy = Make a copy first
erase-on = Go on
erase-no = Keep it all
erase-second = Last question. Once I delete it, I will not know you any more. There is no way back.

    I can also clear this chat of your check-ins and notes from the last two days. The rest stays until you delete the chat in Telegram. So does a copy that I sent you.
erase-all = Delete everything
erase-clear = Delete, and clear this chat
erase-keep = No, keep it
erase-kept = OK. I keep it all.
erase-nothing = I keep nothing about you. What was deleted stays deleted.
erase-receipt = All is deleted. This is your receipt. Time: { $moment } UTC.
erase-kind-check-ins = { $n ->
        [one] 1 check-in
       *[other] { $n } check-ins
    }
erase-kind-answers = { $n ->
        [one] 1 answer
       *[other] { $n } answers, with every change
    }
erase-kind-notes = { $n ->
        [one] 1 note
       *[other] { $n } notes, with every change
    }
erase-kind-dates = { $n ->
        [one] 1 date
       *[other] { $n } dates
    }
erase-kind-lines = { $n ->
        [one] 1 line for a visit
       *[other] { $n } lines for visits
    }
erase-kind-steps = { $n ->
        [one] 1 small step
       *[other] { $n } small steps
    }
erase-kind-messages = { $n ->
        [one] 1 line on when I write to you
       *[other] { $n } lines on when I write to you
    }
erase-kind-sharing = { $n ->
        [one] 1 line on sharing
       *[other] { $n } lines on sharing
    }
erase-kind-consents = { $n ->
        [one] 1 yes that you gave
       *[other] { $n } times you said yes
    }
erase-backups = { $n ->
        [one] Old backups are gone after 1 day.
       *[other] Old backups are gone after { $n } days.
    } Until then they are kept locked.
erase-no-backups = There are no backups.
erase-code = Code of this receipt: { $code }
    With it the people who run this bot can see that the receipt is real. Your name is not in it.
erase-bye = Telegram still has this chat. You can delete it there. Take good care. { key-help } works for you at any time.
erase-sharing-ended = Sharing has ended.
erase-idle = I have not heard from you for a long time. I do not keep things for ever: on { $day } I will delete all I have of you.
    Shall I keep it? One tap is enough. You need not do anything else.
erase-idle-keep = Keep it for me
