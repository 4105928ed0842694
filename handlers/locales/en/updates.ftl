## What a support person gets, and what a patient hears about support persons.
## Both come unasked and light up on lock screens: no word of health in a first line.

updates-someone = Someone
updates-scope-line = • { $scope }
updates-scope-none = • nothing so far
updates-scope-checked-in = if { $name } has checked in: yes or no, nothing else
updates-scope-mood-week = the mood of { $name }'s week, as one number
updates-scope-side-effects = side effects, when they are moderate or worse
updates-scope-visits = the day and time of visits, and if a ride is needed
updates-scope-please-call = a request to call, when { $name } taps it

updates-checked-in = { $name } has checked in on { $day }.
updates-not-checked-in = { $name } has not checked in on { $day }. That can have many reasons.
updates-from = An update from { $name }
updates-from-day = An update from { $name } for { $day }:
updates-effect = { $effect }: { $level }
updates-week = { $name }'s week, { $first } to { $last }:
updates-mood = Mood { $mean } of 10, from { $days ->
        [one] 1 day
       *[other] { $days } days
    }.
updates-mood-higher = ↑ Higher than the week before.
updates-mood-lower = ↓ Lower than the week before.
updates-mood-same = → About the same as the week before.
updates-no-mood = There is no mood to show for that week. That can have many reasons.

updates-moment = { $day } at { $time }
updates-moment-in = { $day } at { $time } ({ $city } time)
updates-your-time = { $moment } (your time)
updates-visit-today = { $name } has a visit today, { $when }.
updates-visit-tomorrow = { $name } has a visit tomorrow, { $when }.
updates-visit-ahead = { $name } has a visit on { $when }.
updates-ride-ask = { $name } asked me to tell you: no driving until the next day. Can you give { $name } a ride?
updates-ride-can = I can
updates-ride-cannot = I can't
updates-ride-said-can = Thank you. I tell { $name } that you can give a ride on { $when }. If that changes, tap below.
updates-ride-said-cannot = That is fine. I tell { $name } that you can't give a ride on { $when }. If that changes, tap below.
updates-ride-changed = This visit does not stand like that any more, so there is nothing to answer. If you get word of visits, I write to you the day before the next one.
updates-visit-moved = { $name }'s visit has moved. It is now on { $when }.
updates-visit-off = { $name }'s visit on { $when } is off.
updates-visit-gone = The visit of { $name } that I told you about is off.

updates-please-call = { $name } asked me to send you this: please call or text them when you can. If you can't reach them and you are worried about them, call { $emergency }.
updates-emergency-there = your local emergency number
updates-started = { $name } has said yes. From now on you get:
    { $list }
    Send /updates to see this again, to pause or to leave.
updates-ended = Sharing has ended.

## To the patient.

updates-someone-invited = someone
updates-told-accepted = { $name } accepted. Is this the person you meant? I share nothing before you say yes.
updates-told-declined = Your invitation for { $name } was declined. That can have many reasons. Nothing was shared.
updates-told-wrong-account = Your invitation for { $name } was opened from another account than the one you picked. I showed nothing there.
updates-told-left = One of your support persons has left. I share nothing with them any more.
updates-told-unreachable = I can't reach one of your support persons any more. Sharing with them has ended.
updates-told-support = My support
updates-told-wish = From { $name }: { $wish }
updates-told-can-drive = { $name } can give you a ride on { $when }. Shall I note that you have one?
updates-told-cannot-drive = { $name } can't give you a ride on { $when }.
updates-told-cannot-drive-noted = { $name } can't give you a ride on { $when }. You noted that you have a ride. Is that still so?

updates-wish-thinking = Thinking of you.
updates-wish-glad = I am glad you are here.
updates-wish-here = I am here if you want to talk.
updates-wish-soon = See you soon.
updates-wish-rest = Rest well. No need to answer.
