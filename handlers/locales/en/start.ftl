## The first minutes. The texts "intro-..." await clinical and legal review: docs/clinical-review.md.
## Raise the consent version whenever a consent text below changes its meaning.

consent-version = 2026-11-2

start-language = Which language do you like best?

intro-what = Hi. I am a check-in bot. I ask short questions after your ketamine treatment and keep your answers in one place. You can show them to your care team.
intro-not = I am a computer program, not a doctor or a nurse. No one reads your messages as you send them. I cannot call for help.
intro-emergency = If you are in danger, call { $emergency }. To talk to a person now: { $line }. Tap { key-help } at any time.
intro-age = This bot is for people who are 18 or older. Are you 18 or older?
age-yes = I am 18 or older
age-no = I am younger
age-stop = This bot is for adults, so it stops here. Nothing was stored. If you need to talk to someone, tap { key-help }.

intro-privacy = Telegram stores this chat on its servers. Chats with bots are not end-to-end encrypted. Please do not send ID numbers or photos of papers.
intro-consent = Your answers are health data. May I store them to show you your check-ins? You can stop at any time, get a copy with /export, and delete it all with /delete.
consent-more = I store your answers, your notes and the settings you choose. They are locked with a key of your own.
    I use them to show you your check-ins and to write to you at the time you pick.
    Only you see them here. You choose what you show to others. No one is told when you feel worse.
    The people who run this bot look after the computer it runs on. They do not read along.
    You can say no now, and you can stop at any time. Your care does not depend on it.
consent-agree = I agree
consent-read = Read more
consent-no = No thanks
consent-declined = That is fine. I store nothing. If you change your mind, send /start.
    { key-help } works for you too.

country-ask = Which country are you in? I use it to show you the right help numbers.
country-other = Another country

start-done = All set. I will write to you each day at { $time }. Want to try a check-in now?
start-try = Try one now
start-not-now = Not now
start-treatments = My treatments
start-visit = My visits
start-later = OK. If you want me, send /checkin or /help.
start-buttons = Please use the buttons here.

start-hello = Hello. What would you like to do?
start-off = Hello. Your check-ins are off. Shall I write to you again?
start-stay-off = Leave them off
