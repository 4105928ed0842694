## Small steps: one under a saved card, now and then. Plain words, no figures of speech.
## Wording awaits clinical review: docs/clinical-review.md.

step-offer = One small idea, if you like:
step-more = More like this
step-not = Not for me
step-thanks-more = Thanks. I will show more like this.
step-thanks-not = I will not show this again.

step-care1 = Step outside for two minutes and look at something green.
step-care2 = Take a slow walk, even just around the block.
step-care3 = Breathe in for four counts and out for six. Do it five times.
step-care4 = Make one small thing: a sketch, a song list, a snack.
step-care5 = Sit by a window with a warm drink. There is nothing else to do.
step-care6 = Stretch your neck, back and legs for as long as one song lasts.
step-watch1 = Write one line about today. What felt easier? What felt harder?
step-watch2 = Look at your chart for the last week. Is there a day that stands out?
step-watch3 = Change can be slow. A small change for the better still counts.
step-watch4 = If your chart shows a low day, note what came before it: sleep, food, stress.
step-people1 = Text one person you trust. A simple hello is enough.
step-people2 = Tell someone one true thing about how you feel.
step-people3 = Ask a friend to walk with you or sit with you this week.
step-people4 = You can add a support person here. They see only what you choose.
step-visit1 = Write down one question for your next visit.
step-visit2 = Keep your next visit, even if you feel well. It helps plan what comes next.
step-visit3 = If you need to miss a visit, tell your clinic early and pick a new time.
step-day1 = Today, rest comes first. Big choices can wait until tomorrow.
step-day2 = Keep the lights low, plan very little, and have water close by.
step-low1 = Pick the smallest thing you can do lying down: one slow breath.

settings-steps = Small steps
settings-steps-ask = Shall I add one small idea under your check-in now and then? At most once a day.
