## Lines of messages that nobody asked for. They light up on lock screens: no word of health here.

due-late = This comes later than planned.
due-nudge = Your check-in is still open until { $time }. It is fine to skip.
