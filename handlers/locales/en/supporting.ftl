## The support person: invitation, updates, leaving.

command-updates = What I get, and from whom
command-leave = Get no more updates
menu-updates = My updates
menu-leave = Leave

invited = { $name } invites you to get updates from this bot. You would get:
    { $list }
    { $name } chose this and can change it at any time.
invited-not = What this is not: no one watches over { $name } here, and it is not for emergencies. You do not have to answer or do anything. You can pause or leave at any time.
invited-kept = If you accept, { $name } sees your name as Telegram shows it. I keep that name, your language and your time zone until you leave. { $name } also has a list of what was sent to you, with your name.
invited-yes = Accept
invited-no = Decline
invited-report = Report: I do not want this
invited-accepted = Thank you. { $name } will now check that it is you. Until then I send you nothing.
invited-declined = OK. I have declined it, and I keep nothing about you. You owe no one a reason.
invited-reported = Thank you for telling me. This invitation does not work any more, and I keep nothing about you.
invited-already = You have already said yes to { $name }.
invited-used = This code was already used. Each code works once. If you still want updates, ask for a new one.
invited-expired = This code is too old: a code works for 48 hours. You can ask for a new one.
invited-unknown = I do not know this code. Please check it letter by letter, or open the link again.
invited-other = This invitation is for someone else's account. If it was meant for you, ask for a new one for this account.
invited-own = This is your own invitation. Send it to the person you want to invite.
invited-full = This invitation can't be used now, as all places are taken. You can ask the person who sent it.
invited-too-many-tries = That was a lot of codes for one hour. Please wait an hour, then try again.
invited-unread = That looks like a code, but it is not one. A code has 20 letters and digits, in four groups of five. Please check it, or open the link again.

supporting-none = You get no updates from anyone here. If someone gave you a code, send it to me.
supporting-from = From { $name } you get:
    { $list }
supporting-waiting = { $name } has not said yet that it is you. Until then I send nothing.
supporting-quiet-now = At the moment nothing comes from { $name }.
supporting-paused = You have paused your updates. I send you nothing until you tap Resume.
supporting-resumed = OK. You get updates again.
supporting-hello = Hello. You get updates here as a support person. What would you like to do?
supporting-self = Check-ins for myself
supporting-no-messages = I can't pass on messages, and nobody reads what you write here. If you want to say something, please call or text the person yourself.
supporting-help = You get updates from somebody who asked for your support. I send only what they chose.

    /updates: what you get and from whom
    /pause, /resume: be quiet, or start again
    /leave: get no more updates
    /privacy: what I keep about you

    No one watches over anyone here, and it is not for emergencies. If someone is in danger, tap { key-help } or send /urgent.

supporting-zone-ask = What time is it for you now? I use it to show you times by your own clock and to be quiet at night. Tap your clock.
supporting-zone-confirm = It is { $clock } in { $city }. Is that your time?
supporting-later = Not now
supporting-quiet-ask = When shall I be quiet? In these hours I send you nothing, except when someone asks you to call.

supporting-wish = Thinking of you
supporting-wish-to = Thinking of you: { $name }
supporting-wish-ask = Which of these shall I send to { $name }? You can send one a day.
supporting-wish-sent = OK. I send it to { $name }.
supporting-wish-lately = You sent one to { $name } in the last day. One a day is the most.

supporting-leave-which = Whom do you want to leave?
supporting-leave-ask = Do you want to leave? Then you get no more updates from { $name }. I tell { $name } that a support person has left, and I erase what I keep about you here.
supporting-leave-yes = Leave
supporting-leave-no = Stay
supporting-left = You have left. I have erased what I kept about you here. The messages that you got stay in this chat until you delete them.

supporting-kept-button = What I keep
supporting-kept = What I keep about you: the number by which Telegram knows this chat, your name as Telegram showed it, your language, your time zone, your quiet hours, and when you last sent a wish. Your name is locked with a key of your own.
    The person you support sees your name, that you said yes, and what you told them with a button. They also have a list of what I sent you. It has your name on it and stays with them.
    If you type a wrong code, I keep the time of it for a day.
    Telegram keeps this chat on its servers. Chats with bots are not end-to-end encrypted.
    To have it all erased: /leave.
