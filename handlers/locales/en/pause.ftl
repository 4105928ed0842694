## /pause, /stop, /resume.

pause-ask = For how long shall I be quiet? You can still check in, and { key-help } still works.
pause-days = { $days ->
        [one] 1 day
        [7] 1 week
       *[other] { $days } days
    }
pause-open = Until I say
pause-stop = Stop
pause-active = OK. I will write to you at { $time } again.
pause-not-begun = I do not write to you yet. Send /start to choose when I may.
pause-stopped = I have stopped, and I will not write to you first.
    What you told me is still kept. Tap Privacy to see how to have it erased.
pause-paused = I am quiet until { $day }, { $time }. You can still check in, and { key-help } still works.
pause-paused-open = I am quiet until you tell me to go on. You can still check in, and { key-help } still works.
pause-unreachable = I am quiet because my messages did not reach you. Shall I go on?
