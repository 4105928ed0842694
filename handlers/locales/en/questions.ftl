## The questions, by code: the question, its short name, and a label for each answer.
## Wording awaits clinical review: docs/clinical-review.md.

question-mood = How was your mood today? 0 is the worst. 10 is the best.
short-mood = Mood
option-mood-0 = 0
option-mood-1 = 1
option-mood-2 = 2
option-mood-3 = 3
option-mood-4 = 4
option-mood-5 = 5
option-mood-6 = 6
option-mood-7 = 7
option-mood-8 = 8
option-mood-9 = 9
option-mood-10 = 10

question-energy = How much energy did you have today?
short-energy = Energy
option-energy-0 = None
option-energy-1 = Low
option-energy-2 = Some
option-energy-3 = Good
option-energy-4 = A lot

question-dizziness = In the last 24 hours, did you feel dizzy? How bad was it at its worst?
short-dizziness = Dizziness
option-dizziness-0 = None
option-dizziness-1 = Mild
option-dizziness-2 = Moderate
option-dizziness-3 = Severe

question-faint = Did you faint or fall?
short-faint = Faint or fall
option-faint-0 = No
option-faint-1 = Almost
option-faint-2 = Yes

question-nausea = In the last 24 hours, did you feel sick to your stomach? How bad was it at its worst?
short-nausea = Nausea
option-nausea-0 = None
option-nausea-1 = Mild
option-nausea-2 = Moderate
option-nausea-3 = Severe

question-vomit = Did you throw up?
short-vomit = Threw up
option-vomit-0 = No
option-vomit-1 = Once
option-vomit-2 = Twice or more
option-vomit-3 = I can't keep water down

explain-scale = Mild: I noticed it. Moderate: it slowed me down. Severe: I had to stop or lie down.

## One of these a day, after the four.

question-sleep = How did you sleep last night?
short-sleep = Sleep
option-sleep-0 = Very badly
option-sleep-1 = Badly
option-sleep-2 = So-so
option-sleep-3 = Well
option-sleep-4 = Very well

question-anxious = How anxious or on edge did you feel today?
short-anxious = Anxiety
option-anxious-0 = None
option-anxious-1 = Mild
option-anxious-2 = Moderate
option-anxious-3 = Severe

question-connect = Did you talk with someone you trust today?
short-connect = Talked
option-connect-0 = No
option-connect-1 = A little
option-connect-2 = Yes

question-crave = This week, how strong was any urge to take more ketamine than planned?
short-crave = Urges
option-crave-0 = None
option-crave-1 = Mild
option-crave-2 = Moderate
option-crave-3 = Strong

question-bladder = This month, did it hurt to pee, or did you have to go much more often or in a rush?
short-bladder = Bladder
option-bladder-0 = No
option-bladder-1 = A little
option-bladder-2 = A lot
option-bladder-3 = I saw blood or can't pee

question-highs = In the last few days, were you much more wound up than usual and needed far less sleep?
short-highs = Wound up
option-highs-0 = No
option-highs-1 = A bit
option-highs-2 = Yes

question-did = What did you do for yourself today?
short-did = Did today
option-did-0 = Moved my body
option-did-1 = Went outside
option-did-2 = Made something
option-did-3 = Sat quietly
option-did-4 = Talked with someone
option-did-5 = Rested
option-did-6 = Not today

## After a treatment. "-after", "-morning" and "-visit" are the wordings of those sets; the others use the plain one.

question-mood-morning = How is your mood this morning? 0 is the worst. 10 is the best.
question-dizziness-after = Dizzy right now?
question-dizziness-morning = Since you woke up, how bad was any dizziness?
question-nausea-after = Sick to your stomach right now?
question-nausea-morning = Since you woke up, how sick to your stomach did you feel?

question-sleepy = Sleepy right now?
short-sleepy = Sleepiness
option-sleepy-0 = None
option-sleepy-1 = Mild
option-sleepy-2 = Moderate
option-sleepy-3 = Severe

question-headache = Headache right now?
question-headache-morning = Since you woke up, how bad was any headache?
short-headache = Headache
option-headache-0 = None
option-headache-1 = Mild
option-headache-2 = Moderate
option-headache-3 = Severe

question-floaty = Do you feel spaced out, or like things are not real?
short-floaty = Spaced out
option-floaty-0 = None
option-floaty-1 = Mild
option-floaty-2 = Moderate
option-floaty-3 = Severe

question-safe = Is someone with you, or can someone check on you today?
short-safe = Someone near
option-safe-0 = No
option-safe-1 = Soon
option-safe-2 = Yes

question-change = Next to how you were before treatment, how do you feel now?
question-change-visit = Since your last visit, how do you feel overall?
short-change = Change
option-change-0 = A lot worse
option-change-1 = A bit worse
option-change-2 = The same
option-change-3 = A bit better
option-change-4 = A lot better

question-tolerability = How hard or easy was your last treatment for you?
short-tolerability = Treatment was
option-tolerability-0 = Very hard
option-tolerability-1 = Hard
option-tolerability-2 = In between
option-tolerability-3 = Easy
option-tolerability-4 = Very easy

question-events = Has any of this come up since your treatment?
question-events-visit = Has any of this come up since your last visit?
short-events = Came up
option-events-0 = Threw up
option-events-1 = Fainted or fell
option-events-2 = Chest pain
option-events-3 = Very bad headache
option-events-4 = Pain when I pee
option-events-5 = Far less sleep but wound up
option-events-6 = Strong urge for more ketamine
option-events-7 = Thoughts of hurting myself
option-events-8 = New medicine
option-events-9 = Pregnant or trying
option-events-10 = None

## The standard forms: the instrument's own words, not to be changed. Other languages use the official translations.

form-often-0 = Not at all
form-often-1 = Several days
form-often-2 = More than half the days
form-often-3 = Nearly every day

question-phq1 = Little interest or pleasure in doing things.
short-phq1 = Interest
option-phq1-0 = { form-often-0 }
option-phq1-1 = { form-often-1 }
option-phq1-2 = { form-often-2 }
option-phq1-3 = { form-often-3 }

question-phq2 = Feeling down, depressed, or hopeless.
short-phq2 = Down
option-phq2-0 = { form-often-0 }
option-phq2-1 = { form-often-1 }
option-phq2-2 = { form-often-2 }
option-phq2-3 = { form-often-3 }

question-phq3 = Trouble falling or staying asleep, or sleeping too much.
short-phq3 = Sleep
option-phq3-0 = { form-often-0 }
option-phq3-1 = { form-often-1 }
option-phq3-2 = { form-often-2 }
option-phq3-3 = { form-often-3 }

question-phq4 = Feeling tired or having little energy.
short-phq4 = Tired
option-phq4-0 = { form-often-0 }
option-phq4-1 = { form-often-1 }
option-phq4-2 = { form-often-2 }
option-phq4-3 = { form-often-3 }

question-phq5 = Poor appetite or overeating.
short-phq5 = Appetite
option-phq5-0 = { form-often-0 }
option-phq5-1 = { form-often-1 }
option-phq5-2 = { form-often-2 }
option-phq5-3 = { form-often-3 }

question-phq6 = Feeling bad about yourself, or that you are a failure or have let yourself or your family down.
short-phq6 = About yourself
option-phq6-0 = { form-often-0 }
option-phq6-1 = { form-often-1 }
option-phq6-2 = { form-often-2 }
option-phq6-3 = { form-often-3 }

question-phq7 = Trouble concentrating on things, such as reading the newspaper or watching television.
short-phq7 = Concentration
option-phq7-0 = { form-often-0 }
option-phq7-1 = { form-often-1 }
option-phq7-2 = { form-often-2 }
option-phq7-3 = { form-often-3 }

question-phq8 = Moving or speaking so slowly that other people could have noticed. Or the opposite, being so fidgety or restless that you have been moving around a lot more than usual.
short-phq8 = Slow, restless
option-phq8-0 = { form-often-0 }
option-phq8-1 = { form-often-1 }
option-phq8-2 = { form-often-2 }
option-phq8-3 = { form-often-3 }

question-phq9 = Thoughts that you would be better off dead, or of hurting yourself in some way.
short-phq9 = Death or harm
option-phq9-0 = { form-often-0 }
option-phq9-1 = { form-often-1 }
option-phq9-2 = { form-often-2 }
option-phq9-3 = { form-often-3 }

question-gad1 = Feeling nervous, anxious, or on edge.
short-gad1 = Nervous
option-gad1-0 = { form-often-0 }
option-gad1-1 = { form-often-1 }
option-gad1-2 = { form-often-2 }
option-gad1-3 = { form-often-3 }

question-gad2 = Not being able to stop or control worrying.
short-gad2 = Control worry
option-gad2-0 = { form-often-0 }
option-gad2-1 = { form-often-1 }
option-gad2-2 = { form-often-2 }
option-gad2-3 = { form-often-3 }

question-gad3 = Worrying too much about different things.
short-gad3 = Worry
option-gad3-0 = { form-often-0 }
option-gad3-1 = { form-often-1 }
option-gad3-2 = { form-often-2 }
option-gad3-3 = { form-often-3 }

question-gad4 = Trouble relaxing.
short-gad4 = Relaxing
option-gad4-0 = { form-often-0 }
option-gad4-1 = { form-often-1 }
option-gad4-2 = { form-often-2 }
option-gad4-3 = { form-often-3 }

question-gad5 = Being so restless that it is hard to sit still.
short-gad5 = Restless
option-gad5-0 = { form-often-0 }
option-gad5-1 = { form-often-1 }
option-gad5-2 = { form-often-2 }
option-gad5-3 = { form-often-3 }

question-gad6 = Becoming easily annoyed or irritable.
short-gad6 = Irritable
option-gad6-0 = { form-often-0 }
option-gad6-1 = { form-often-1 }
option-gad6-2 = { form-often-2 }
option-gad6-3 = { form-often-3 }

question-gad7 = Feeling afraid, as if something awful might happen.
short-gad7 = Afraid
option-gad7-0 = { form-often-0 }
option-gad7-1 = { form-often-1 }
option-gad7-2 = { form-often-2 }
option-gad7-3 = { form-often-3 }

question-phq_hard = How difficult have these problems made it for you to do your work, take care of things at home, or get along with other people?
short-phq_hard = How hard
option-phq_hard-0 = Not difficult at all
option-phq_hard-1 = Somewhat difficult
option-phq_hard-2 = Very difficult
option-phq_hard-3 = Extremely difficult
