## The label of the button that does what a command does; at most 14 characters.

menu-checkin = Check in
menu-summary = My chart
menu-history = History
menu-appointments = Visits
menu-treatment = Treatments
menu-ask = My questions
menu-forms = Forms
menu-support = Sharing
menu-reminders = Reminders
menu-pause = Pause
menu-resume = Resume
menu-settings = Settings
menu-privacy = Privacy
menu-export = Get a copy
menu-delete = Delete all
menu-urgent = Help now
menu-help = Help
menu-start = Start
