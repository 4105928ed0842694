## /support: the patient's side of sharing with people they trust.

support-what = Someone you trust can get short updates from me. You choose who and what. Nothing is shared before you tick it.
    They never see your notes, how strong an urge was, or that you opened the help card.
    You can stop at any time with one tap. It works at once.
support-nobody = You share nothing with anyone now.
support-linked = These people are linked with you:
support-open = These invitations are open:
support-line = • { $name }: { $told }
support-sees = can see: { $scopes }
support-sees-nothing = is linked, but nothing is ticked
support-waits = said yes. Is it the right person?
support-paused = is paused by you
support-rests = can see: { $scopes }. Wants no messages for now.
support-no-name = your support person
support-until = open until { $until }
support-invite = Invite someone
support-shared = What was shared
support-my-name = My name
support-invitation-of = Invitation: { $name }
support-invitation-unnamed = Invitation
support-invitation-any = for whoever has the link

support-scope-checked_in = check-ins (yes or no)
support-scope-mood_week = mood of the week
support-scope-side_effects = side effects
support-scope-visits = visits
support-scope-please_call = please call me

support-tick-checked_in = If I checked in: yes or no
support-tick-mood_week = My mood of the week
support-tick-side_effects = Side effects, if not mild
support-tick-visits = Visits and the ride home
support-tick-please_call = My “please call me”
support-on = ✓ { $label }
support-off = ☐ { $label }

support-one = { $name } { $told }
support-change-ask = What may { $name } see? Tap to tick or untick. It counts at once. What waits to be sent under the old choice is dropped.
support-change = Change
support-pause = Pause
support-go = Go on
support-stop = Stop sharing
support-call-name = Ask { $name } to call
support-wishes-off = No more “thinking of you”
support-wishes-on = Allow “thinking of you”
support-yes = Yes, it is
support-no = No, stop this
support-back = Back

support-said-confirmed = Done. { $name } now gets what you ticked, and knows that it begins.
support-said-changed = Saved. It counts from now on.
support-said-paused = Done. { $name } gets nothing until you tap Go on.
support-said-goes = Done. { $name } gets updates again.
support-said-stopped = Done. { $name } gets nothing more. I only say that sharing has ended.
support-said-refused = Done. Nothing was shared, and nothing will be.
support-said-asked = I ask { $name } to call you. I cannot tell when they see it. If you need help right now, tap { key-help }.
support-said-lately = You asked { $name } in the last 24 hours, so I do not ask again yet. If you need help right now, tap { key-help }.
support-said-muted = Saved. You will not get these from { $name }.
support-said-unmuted = Saved. { $name } can send you these once a day.
support-said-withdrawn = Done. The link does not work any more.

support-name-ask = Under which name shall I invite? The other person sees it. Tap, or type a name.
support-name-unread = Please type a name with 1 to { $most } letters, or tap a button.
support-named = Saved. Others will see: { $name }

support-who-ask = Who do you want to invite?
    If you pick a person, the link works for that person only. I write to no one: you send the link.
support-pick = Pick from my contacts
support-anyone = Without picking
support-pick-ask = Tap the new key below to pick a person. Picking invites no one yet.
support-key-pick = Pick a person
support-picked = The link will work for { $name } only.
support-picked-unnamed = The link will work for that person only.
support-pick-self = That is you. Please pick someone else.
support-pick-linked = { $name } is linked with you already.
support-full = You can have 3 support people, open invitations included. Stop one or take one back to make room.
support-often = You made 5 invitations in a day. Please try again tomorrow.

support-ticks-ask = What may { $name } see? Nothing is ticked at first. You see an example before anything is made.
support-preview = Show an example
support-cancel = Cancel
support-preview-head = This is what { $name } would have received this week:
support-preview-scope = { $label }:
support-preview-more = { $n ->
        [one] and 1 more like this
       *[other] and { $n } more like this
    }
support-preview-none-checked_in = There is nothing to show yet. After a check-in they read that you did it, not what you said. After a day without one they read that too.
support-preview-none-mood_week = There is no mood to show yet. On Monday they get the middle of your week and if it went up or down.
support-preview-none-side_effects = There was nothing to tell this week. They only hear of it when you say moderate or severe.
support-preview-none-visits = No visit is coming up. The day before one they read when it is, and if you need a ride.
support-preview-none-please_call = They get this only when you tap the button.
support-preview-consent = If you make the invitation, you agree that I share this. You can take it back at any time under /support.
support-consent-version = 1
support-make = Make the invitation
support-ticks-back = Change

support-made = Send this to { $name }:
    { $link }

    It works once, until { $until }. { $for }
    If the link does nothing, they can open @{ $bot }, tap Start and send this code:
    { $code }
support-made-bound = It works for { $name } only.
support-made-any = Whoever has it can answer first, so send it to no one else. I ask you before anything is shared.
support-copy-code = Copy code
support-copy-link = Copy link
support-picture = The link as a picture. Another phone can scan it.
support-open-one = { $name }: this invitation is open until { $until }. Once they say yes, I ask you if it is the right person.
support-open-sees = They would see: { $scopes }
support-again = New link
support-take-back = Take it back

support-ledger = What was shared, newest first:
support-ledger-none = Nothing was shared so far.
support-ledger-line = { $when } · { $name } · { $outcome }
support-outcome-sent = sent
support-outcome-sending = on its way
support-outcome-unknown = may have arrived
support-outcome-not_sent = not sent
support-outcome-taken_back = sent, then deleted
support-earlier = Earlier
support-newest = Newest

support-reminder = { $name } can see: { $scopes }.
