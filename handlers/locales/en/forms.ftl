## /forms: standard forms. Their questions stand in questions.ftl, in the instrument's own words. What is said around them
## awaits clinical review: docs/clinical-review.md. No form is ever read as good or bad here: a sum, and the one before.

form-name-phq2 = PHQ-2
form-name-phq8 = PHQ-8
form-name-phq9 = PHQ-9
form-name-gad2 = GAD-2
form-name-gad7 = GAD-7

form-about-phq2 = This is a short standard form about low mood. It asks 2 questions about the last 2 weeks. You can stop at any time.
form-about-phq9 = This is a standard form about low mood. It asks about the last 2 weeks. It takes about 2 minutes. You can stop at any time.
form-about-gad2 = This is a short standard form about worry. It asks 2 questions about the last 2 weeks. You can stop at any time.
form-about-gad7 = This is a standard form about worry. It asks about the last 2 weeks. It takes about 2 minutes. You can stop at any time.
form-lead-in = Over the last 2 weeks, how often have you been bothered by any of the following problems?

form-before-phq9 = The next question is about thoughts of death or of hurting yourself. You can skip it. Your answer does not alert anyone.
form-go-on = Go on
form-skip-it = Skip it

form-saved = { $name }: saved. No one reads it right now.
form-score = Your score is { $points } out of { $most }.
form-score-partly = You answered { $answered } of { $items } questions. Their sum is { $points }.
form-score-before = Last time it was { $points }.
form-score-before-partly = Last time you answered { $answered } of { $items }. Their sum was { $points }.
form-no-diagnosis = A score is not a diagnosis. Your care team can tell you what it means for you.
form-longer-ask = Would you like the longer form? It helps your care team.
form-offer = Fill in the { $name }
form-declined = OK, no form today. It is at /forms when you want it.
form-closed = This form is closed. You can start a new one.

## Unasked: this lights up on lock screens.

form-prompt = There is a short form today: { $n } questions. It is fine to skip.
form-start = Start

form-told = There are also standard forms that your care team may know. You can have them come by themselves, or fill one in now and then.
form-title = Standard forms. Care teams know them. Each is off until you switch it on.
form-line = { $name }: { $what }
form-off = off
form-on = on
form-on-next = on, next on { $day }
form-points = { $points } of { $most }
form-points-partly = { $points } ({ $answered } of { $items } answered)
form-last = last time { $score } on { $day }
form-day = Day of the week
form-day-line = They come on: { $day }.
form-day-ask = On which day of the week may a form come? It comes a little after your check-in.
form-any-day = Any day
form-often-days = When it is on, I ask it every { $n } days. I do not ask on the day of a treatment or on the day after.
form-before-visits = I also offer it before a visit, with your other questions.
form-nobody-alerted = Your answers alert no one, and I never share them. They are in your copy of your data, and in your history for 7 days.
form-switch-on = Switch on
form-switch-off = Switch off
form-now = Fill in now
