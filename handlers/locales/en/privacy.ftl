## /privacy: the policy. It must stay true of what the bot does; it awaits review by a lawyer: docs/clinical-review.md.

privacy-short = What I store: your check-in answers, your notes and your settings. Not your name, not your number.
    Where: on the computer of the people who run this bot. Your answers and notes are locked there with a key of your own.
    Telegram also keeps this chat on its servers. Chats with bots are not end-to-end encrypted.
    Who can see it: you. No one reads along. I send nothing to your clinic or to anyone else.
    For how long: until you ask to have it erased.
    To stop: send /stop. Saying no does not change your care.
privacy-full = What I store
    The answers you give in check-ins, with every change. The notes you write. Your settings: language, time zone, times, days, country. The number by which Telegram knows this chat. When I wrote to you, and what you agreed to. I do not store your name, your phone number or where you are. If you share your location, I use it once to find your time zone, and then I drop it.

    Why
    To ask you at your times, and to show you your own answers. For nothing else. There are no ads, and nothing is sold.

    Where
    On the computer of the people who run this bot. Answers and notes are locked with a key of your own. The keys are kept apart from the answers. Times and states, such as "answered at 20:04", are not locked.
    What you type comes to me through Telegram. Telegram keeps this chat on its servers. Chats with bots are not end-to-end encrypted. Please do not send ID numbers or photos of papers.

    Who can see it
    You, in this chat, and whoever can open your phone or your Telegram. No one reads along, and no one is told when you feel worse. The people who run the bot look after its computer and hold the keys. They could open your answers, but they do not need to for running it. Your clinic sees only what you show them.

    For how long
    Until you ask to have it erased. If you stop before you say yes, I forget you after a day. A message that could not be handled is kept locked for 14 days at most, then dropped.

    What you can do
    Change an answer or remove a note: /history. Stop my messages: /stop. Hide details in new messages: /settings, Discreet. Ask the people who run the bot for a copy of your answers, or ask them to erase them. Erasing does not clear this chat: delete the chat in Telegram too. You can also set Telegram to delete this chat by itself after some time.

    You must be 18 or older. This bot does not meet the US health privacy law (HIPAA) and is for your own use.
privacy-contact = For a copy, to have your data erased, or with a question: ask the people who gave you this bot's address.
privacy-contact-clinic = For a copy, to have your data erased, or with a question: { $clinic }.
privacy-agreed = You agreed to:
    { $list }
privacy-consent-storing = storing your answers
privacy-consent-reminders = messages at your times
privacy-consent = { $name }: { $day } (text { $version })
privacy-consent-ended = { $name }: { $day } (text { $version }), ended { $ended }
privacy-more = Full text
privacy-less = In short
