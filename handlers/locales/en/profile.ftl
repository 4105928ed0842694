## What Telegram shows of the bot: name (64), short description (120), description (512), menu entries (256).

profile-name = Check-in diary
profile-short = A private diary that asks how you are after treatment. Not for emergencies.
profile-description = I ask short questions after ketamine treatment and keep your answers in one place. You can show them to your care team.

    I am a program, not a doctor. Nobody reads along. I am not for emergencies.
profile-danger = In danger? Call { $emergency }. To talk to a person now: { $line }. In another country: findahelpline.com.
profile-danger-elsewhere = In danger? Call 112 or your local emergency number. To talk to a person now: findahelpline.com. In the US, call 911 if you are in danger, or call or text 988 to talk.
profile-run = I am run by the people who gave you my address.
profile-run-by = I am run by: { $clinic }.

command-start = Start here
command-checkin = Today's check-in
command-summary = Your chart
command-history = The last days: look, change, fill in
command-appointments = Your visits to the clinic
command-treatment = Treatments: had and planned
command-ask = Questions for your next visit
command-forms = Standard forms your care team knows
command-support = Who can see what, and stop it
command-reminders = When I write to you
command-pause = Be quiet for a while
command-settings = Time, days, language and more
command-privacy = What I store and who can see it
command-urgent = Get help now
command-help = What I can do
