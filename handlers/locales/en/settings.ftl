## /settings. Names of settings are button labels too: at most 14 characters.

settings-title = Your settings. Tap one to change it.
settings-saved = Saved.
settings-line = { $name }: { $value }
settings-time = Time
settings-days = Days
settings-pace = How often
settings-items = More questions
settings-visits = Before visits
settings-quiet = Quiet hours
settings-nudges = If I forget
settings-zone = Time zone
settings-travel = Travel
settings-discreet = Discreet
settings-start = Day start
settings-country = Help numbers
settings-language = Language
settings-back = Back
settings-present = ✓ { $label }
settings-on = On
settings-off = Off
settings-none = none
settings-every-day = every day
settings-span = { $start } to { $end }
settings-zone-value = { $city }, { $clock } now
settings-nudges-value = { $n ->
        [0] no reminder
        [one] 1 reminder
       *[other] { $n } reminders
    }
settings-items-value = { $n ->
        [0] none
       *[other] { $n } on
    }
settings-visit48 = 2 days
settings-visit24 = 1 day
settings-visit2 = 2 hours
settings-travel-value = { $city }, until { $day }

settings-time-unread = I could not read that as a time. Please type it like 20:30, or tap one above.
settings-days-ask = On which days shall I write to you? Tap a day to switch it.
settings-pace-ask = How often shall I ask how you are? The day after a treatment, and two days later, I ask in any case.
    If three check-ins in a row find no answer, I write once a week until you tell me more.
settings-items-ask = After my usual questions I can ask one more, at most one a day. I can also show a small idea. Tap one to read about it and to switch it on or off.
settings-visits-ask = How long before a visit shall I remind you? Tap one to switch it on or off.
settings-sleep-ask = Shall I ask how you slept, twice a week?
settings-anxious-ask = Shall I ask how anxious or on edge you felt, once a week?
settings-connect-ask = Shall I ask if you talked with someone you trust, once a week?
settings-did-ask = Shall I ask what you did for yourself, some days a week?
settings-crave-ask = Shall I ask how strong any urge to take more ketamine was, once a week? I tell nobody what you answer.
settings-bladder-ask = Shall I ask if it hurt to pee or you had to go far more often, once a month? I tell nobody what you answer.
settings-highs-ask = Shall I ask if you were wound up and slept far less, once a month? I tell nobody what you answer.

settings-quiet-ask = When shall I be quiet? In these hours I send nothing but a check-in at a time that you chose.
settings-quiet-from = From when shall I be quiet?
settings-quiet-to = Quiet from { $start } until when?
settings-nudges-ask = If you do not answer a check-in, how often shall I remind you that day? It comes later that day, without a sound. It never comes after 21:30 or in quiet hours.
settings-discreet-ask = In discreet mode my messages say nothing of your health before you tap them. Charts are covered.
settings-start-ask = When does your day begin? What you tell me before that time counts for the day before.
settings-country-ask = Which country are you in? I use it to show you the right help numbers.
settings-language-ask = Which language do you like best?
settings-travel-ask = Are you away from home? Tap the clock of the place where you are or will be. Then you say until when.
settings-away = You are away: { $where }.
settings-home = I am home
settings-until-ask = Until when shall I use the time of { $city }? After that I go back to your home time by myself.
settings-until = { $n ->
        [7] 1 week
        [14] 2 weeks
       *[other] { $n } days
    }: until { $day }
