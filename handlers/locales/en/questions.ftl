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
