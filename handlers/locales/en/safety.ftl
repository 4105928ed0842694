## The card that answers words of suicide and self-harm. Texts from docs/clinical-review.md; they await review by a
## clinician. A card is shorter than 600 characters, so that it is read.

safety-full = I am glad you told me. I am a computer program, so I can't keep you safe. People can, right now. In danger? Call { $emergency }. To talk: { $line }. Or go to someone you trust and tell them. You do not have to be sure. You can just call.
safety-late = I was offline and only see your message now. If you are in danger, call { $emergency }. To talk to a person now: { $line }.
safety-soft = If any of that is about not feeling safe, people are there for you now: { $line }. Tap { key-help } for more.

safety-item-nine = You said you have had thoughts of death or of hurting yourself. Many people have such thoughts, and help works. Please tell your care team soon. Your answer did not alert anyone. To talk to a person now: { $line }. In danger? Call { $emergency }.

safety-people = Message my support person
safety-anybody = Message someone I trust
safety-write = I'd rather text
safety-go-on = I'm OK, go on
safety-got-wrong = You got me wrong

safety-ok = OK. { key-help } is always at the bottom of this chat.
safety-ok-saved = OK. Your check-in is saved. { key-help } is always at the bottom of this chat.
safety-wrong = Thanks for telling me. I look for some words, so I get it wrong at times.

safety-text = You can write to people here:
safety-text-none = I know no number to text in your country yet. This page lists more places, and some have a chat: { $place }

safety-which = Whom shall I ask to call you? They will not see what you wrote here.
safety-preview = { $name } would get just this:
    “{ $text }”
    They will not see what you wrote here.
safety-send = Send
safety-share = You can send this to someone you trust. Tap the button to copy it:
safety-share-text = Please call or text me when you can. I would like to talk.
safety-copy = Copy this text

## Unasked, on the next day: it lights up on lock screens.

safety-hello = Hello. A short word from me.
safety-next-day = Yesterday I showed you the help card. I hope today is a bit easier. { key-help } is still here.
