## What a saved check-in says because of its answers; which and when stands in care/rules.toml.
## Wording awaits clinical review: docs/clinical-review.md.
## $call: "call your clinic today" with the phone where it is known. $emergency: a number. $line, $private: half a sentence.

guide-red = Please read this now:
guide-call-clinic = call your clinic today: { $phone }
guide-call-clinic-unknown = call your clinic today
guide-clinic = Your clinic: { $phone }.
guide-clinic-unknown = You can call your clinic.
guide-felt-before = You felt this after your last treatment too.

guide-red_body = Please sit or lie down. Call { $emergency } now if you fainted, hit your head, feel confused, or have chest pain, trouble breathing, a sudden very bad headache, or weakness on one side. If not, { $call }.
guide-nausea_red = Please get medical help today if you can't keep water down, see blood when you throw up, or have bad belly pain. Please { $call }. If you feel faint or very unwell, call { $emergency }.
guide-bladder_red = If you see blood, have a fever, or can't pee, it should not wait. Please { $call }. If you can't reach them and feel very unwell, call { $emergency }.
guide-floaty_late = Most people feel like themselves again by the next day. Please { $call }. Stay near someone you trust. If you see or hear things that others do not, call { $emergency }.
guide-bladder = Please tell your care team this week. If you see blood, have a fever, or can't pee, call them today.
guide-dizzy_late = It is more than a day since your treatment and you still feel dizzy. Please { $call }.
guide-dizzy_new = You feel dizzy, and I know of no treatment in the last 7 days. Please { $call }.
guide-nausea_late = It is more than a day since your treatment and you still feel sick. Please { $call }.
guide-nausea_new = You feel sick, and I know of no treatment in the last 7 days. Please { $call }.
guide-highs = Being wound up and needing far less sleep is something your care team should know about. Please { $call }.
guide-crave = Thank you for being open about this. Urges can happen. Please tell your care team. To talk to someone in private: { $private }.
guide-mood_low = It sounds like a hard time. You do not have to wait for your next visit. { $clinic } To talk to a person now: { $line }.
guide-mood_drop = Your mood is lower than in your last week. This can happen between treatments. It may help to talk with someone you trust, and to tell your care team.
guide-dizzy_early = Many people feel dizzy on treatment day. It most often fades within a few hours. Sit or lie down, stand up slowly, and sip water. Do not drive.
guide-nausea_early = Many people feel sick on treatment day. Take small sips of water. Eat plain food when you feel ready. If you were given a pill for nausea, use it as you were told.

guide-steps = Small steps
guide-not-now = Not now
guide-alone = Is there someone you can ask to look in on you?
guide-alone-ask = Is there someone you can ask to look in on you? I can ask a support person to call you. I do not say why.
