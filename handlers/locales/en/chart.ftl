## The words on the picture of /summary.

chart-title = Your mood over { $days } days
chart-title-since = Your mood since your last treatment
chart-title-discreet = { $days ->
        [one] Your day
       *[other] Your last { $days } days
    }
chart-dates = { $first } to { $last }
chart-best = 10 = best
chart-worst = 0 = worst
chart-dot = one day
chart-late = filled in later
chart-extra = extra check-in
chart-mean = mean of 7 days
chart-treatment = treatment
chart-since = Days since treatment
chart-nothing = No answers in these days
