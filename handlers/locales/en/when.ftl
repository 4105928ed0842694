## Dates and times that people type.

when-ask = Type the day and the time, like this: Dec 1, 3 pm
when-which = I can read that in more than one way. Which one is it?
when-echo = { $moment } ({ $city } time). Right?
when-before-change = { $time } (before the clocks change)
when-after-change = { $time } (after the clocks change)
when-unread-nothing = I could not read a day and a time in that. Please type it like this: Dec 1, 3 pm
when-unread-too-long = That is too long for me to read. Please type just the day and the time, like this: Dec 1, 3 pm
when-unread-no-hour = { $day }, at what time? Please type it like this: 3 pm
when-unread-past = That day or time has gone by. Please type one that is still ahead, like this: Dec 1, 3 pm
when-unread-future = That day or time is still ahead. Please type one that has gone by, like this: yesterday, 3 pm
when-unread-too-far = That is too far from today for me to note. Please check the day and type it again.
when-unread-skipped = The clocks go forward that night, and that time is left out. Please type another time.
