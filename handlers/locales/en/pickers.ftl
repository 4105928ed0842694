## Choosing a time zone, a time of day and a country.

zone-clocks = What time is it for you now?
    Tap your clock.
zone-all-clocks = Which clock shows your time right now?
zone-cities = It is { $time } in these places. Which one keeps the same time as you all year?
zone-confirm = It is { $clock } in { $city }. So your check-in at { $time } is { $hours ->
        [0] { $minutes ->
            [0] right now
            [one] in { $minutes } minute
           *[other] in { $minutes } minutes
        }
       *[other] in { $hours } h { $minutes } min
    }. Right?
zone-here = Use my location
zone-here-ask = Tap "{ key-location }" below. I use it once to find your time zone. I do not keep it.
zone-here-done = Thanks. I do not keep your location.
zone-moved = OK. I go by the clock of { $city } from now on.
zone-yes = Yes, that is right
zone-no = No

time-ask = When should I write to you each day? Pick a time when you are mostly free.
    You can also type a time, such as 20:30.
time-grid = Pick a time. You can also type one, such as 20:30.
time-morning = Morning { $time }
time-midday = Midday { $time }
time-evening = Evening { $time }

country-elsewhere = Somewhere else

picker-other = Other
picker-back = Back

## The keys under the chat.

key-help = Help now
key-location = Share my location
