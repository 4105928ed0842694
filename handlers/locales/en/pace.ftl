## How often the bot writes. These come unasked and light up on lock screens: no word of health in a first line.

pace-easing = I have not heard from you for three days, and that is OK. From now on I will write once a week.
    Tap "{ pace-daily }" to switch back.
pace-last = I have not heard from you for four weeks, and that is OK. This is my last message.
    I stop writing now, also before visits. What you told me is still kept.
    If you want me to write again, tap "{ pace-again }" or send /resume. You can check in at any time with /checkin.
    If you need help now, tap { key-help } or send /urgent.
pace-daily = Every day
pace-every2 = Every 2 days
pace-weekly = Once a week
pace-again = Write to me again
pace-often = { $pace ->
        [every2] every 2 days
        [weekly] once a week
       *[daily] { $days }
    }
pace-set = OK. Your check-in comes at { $time }: { $often }.
pace-clocks = Clocks change on { $day }. Your check-in stays at { $time }. There is nothing to do.
