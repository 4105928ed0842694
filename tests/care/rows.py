"""Ana, who lives by London's clocks, and one row of each kind that is owed to her on 10 January 2026."""

from dataclasses import replace
from datetime import date, timedelta

from care.due import Due, Kind
from care.people import Patient, State
from tests.care.moments import at

LONDON = "Europe/London"  # winter: what the clocks show is UTC
ANA = Patient(1, 1001, "en", State.ACTIVE, zone=LONDON, country="GB", daily_minute=19 * 60, plan_version=3)
NIGHT_OWL = replace(ANA, daily_minute=23 * 60)
DAY = date(2026, 1, 10)
OVER = at("2026-01-11 04:00")

DAILY = Due(1, 1, Kind.DAILY, "2026-01-10", "1", 3, at("2026-01-10 19:00"), OVER)
NUDGE = Due(2, 1, Kind.NUDGE, "2026-01-10", "1", 3, at("2026-01-10 21:00"), at("2026-01-10 22:30"))
SNOOZE = Due(3, 1, Kind.SNOOZE, "2026-01-10/7", "x", 3, at("2026-01-10 21:00"), at("2026-01-11 00:00"))
CLOSE = Due(4, 1, Kind.CLOSE, "2026-01-10/7", "1", 0, OVER, OVER + timedelta(days=2))
