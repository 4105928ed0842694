## /privacy: the policy. It must stay true of what the bot does; it awaits review by a lawyer: docs/clinical-review.md.

privacy-short = What I store: your check-in answers, your notes, your dates and your settings. Not your phone number, and no name unless you give me one.
    Where: on the computer of the people who run this bot. Your answers and notes are locked there with a key of your own.
    Telegram also keeps this chat on its servers. Chats with bots are not end-to-end encrypted.
    Who can see it: you. No one reads along. I send nothing to your clinic. If you add a support person, they see what you tick, and no more.
privacy-kept = For how long: until you delete it with /delete. { $kept }
    A copy of it all: /export. To stop my messages: /stop. Saying no does not change your care.
privacy-full = What I store
    The answers you give in check-ins, with every change. The notes you write. Your treatments and visits, if you tell me of them. Your settings: language, time zone, times, days, country. The number by which Telegram knows this chat. When I wrote to you, and what you agreed to. If you share: the name you give, who your support person is, and each thing I sent them. If I showed you the help card: when, for about 90 days, and not what you wrote. I do not store your phone number or where you are. If you share your location, I use it once to find your time zone, and then I drop it.

    Why
    To ask you at your times, and to show you your own answers. To tell a support person what you ticked. For nothing else. There are no ads, and nothing is sold.

    Where
    On the computer of the people who run this bot. Answers, notes and names are locked with a key of your own. The keys are kept apart from the answers. Times and states, such as "answered at 20:04", are not locked.
    What you type comes to me through Telegram. Telegram keeps this chat on its servers. Chats with bots are not end-to-end encrypted. Please do not send ID numbers or photos of papers.

    Who can see it
    You, in this chat, and whoever can open your phone or your Telegram. No one reads along, and no one is told when you feel worse, unless you share that. The people who run the bot look after its computer and hold the keys. They could open your answers, but they do not need to for running it. Your clinic sees only what you show them.
privacy-kept-full = For how long
    Until you delete it with /delete. { $kept } If you stop before you say yes, I forget you after a day. A message that could not be handled is kept locked for 14 days at most, then dropped. Backups are kept for { $days } days, so what you delete is gone from them after that time.
privacy-idle = If I do not hear from you for { $months } months, I write to you twice. Then I delete it.
privacy-for-ever = I do not delete it by myself.
privacy-rights = What you can do
    See it all and take it with you: /export. Delete it all: /delete. Change an answer or remove a note: /history. Stop my messages: /stop. Take back one thing you said yes to: the button below. Hide details in new messages: /settings, Discreet.
    Deleting does not clear all of this chat: delete the chat in Telegram too. You can also set Telegram to delete this chat by itself after some time.

    You must be 18 or older. This bot does not meet the US health privacy law (HIPAA) and is for your own use.
privacy-contact = With a question, ask the people who gave you this bot's address.
privacy-contact-clinic = With a question, ask { $clinic }.
privacy-agreed = What you said yes to:
privacy-each = You can take back each one by itself. It holds from that moment on.
privacy-links = You share with { $n ->
        [one] 1 person
       *[other] { $n } people
    } now.
privacy-consent-storing = storing your answers
privacy-consent-reminders = messages at your times
privacy-consent-sharing = sharing what you tick
privacy-consent = { $name }: { $day } (text { $version })
privacy-consent-ended = { $name }: { $day } (text { $version }), ended { $ended }
privacy-back-storing = Take back: storing
privacy-back-reminders = Take back: messages
privacy-back-sharing = Take back: sharing
privacy-again-reminders = Say yes to messages again
privacy-storing-back = Without your yes I may not keep anything. So taking it back means that I delete it all. You can make a copy first.
privacy-consents = What I said yes to
privacy-return = Back
privacy-more = Full text
privacy-less = In short
