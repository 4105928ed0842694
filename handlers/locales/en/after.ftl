## The cards around a treatment. First lines come unasked and light up on lock screens: no word of health in them.
## Wording awaits clinical review: docs/clinical-review.md.

after-heading = Time for a short check-in
after-morning = Good morning. How are you, the day after?
after-three-days = Three days have passed. Here are a few short questions.

after-open = How do you feel after your treatment? If all is fine, tap { after-all-fine }.
after-all-fine = All fine
after-care = Do not drive or use machines until tomorrow, after a good night of sleep. Skip alcohol. Rest, sip water, and stand up slowly. If your clinic told you other steps, follow your clinic.

many-hint = Tap all that fit, then tap { many-done }.
many-done = That's all
