"""What is still wanted at the moment of sending: a table with a reason on each row."""

from dataclasses import replace
from datetime import date

import pytest

from care.checkin import Outcome
from care.due import Decision, Drop, Due, DueState, Later, Send, Situation
from care.people import State
from care.schedule import QuietHours
from care.wanted import CLOSE_GRACE, still_wanted
from tests.care.moments import at
from tests.care.rows import ANA, CLOSE, DAILY, DAY, NIGHT_OWL, NUDGE, OVER, SNOOZE

EXPIRED = DueState.EXPIRED
NEW = Situation(ANA, None)
OPEN = Situation(ANA, Outcome.OPEN)
COMPLETE = Situation(ANA, Outcome.COMPLETE)
PAUSED = replace(ANA, state=State.PAUSED)


def decided(due: Due, situation: Situation, now: str) -> Decision:
    return still_wanted(due, situation, at(now))


@pytest.mark.parametrize(
    ("due", "situation", "now", "expected"),
    [
        # the daily prompt
        (DAILY, NEW, "2026-01-10 19:00", Send()),  # on time
        (DAILY, OPEN, "2026-01-10 19:00", Send()),  # began by herself and is not through
        (DAILY, COMPLETE, "2026-01-10 19:00", Drop("answered")),  # answered before the prompt
        (DAILY, Situation(ANA, Outcome.DECLINED), "2026-01-10 19:00", Drop("answered")),  # said "Not today"
        (DAILY, Situation(ANA, Outcome.CLOSED), "2026-01-10 19:00", Drop("answered")),  # closed
        (DAILY, Situation(ANA, None, [DAY]), "2026-01-10 19:00", Drop("prompted_already")),  # by an earlier row
        (DAILY, Situation(ANA, None, [date(2026, 1, 9)]), "2026-01-10 19:00", Send()),  # that was yesterday
        (DAILY, NEW, "2026-01-10 21:59", Send()),  # three hours late, before the quiet hours
        (DAILY, NEW, "2026-01-10 22:00", Drop("quiet_hours", EXPIRED)),  # they would hold it past the day's end
        (
            DAILY,
            Situation(replace(ANA, quiet=QuietHours(22 * 60, 4 * 60)), None),
            "2026-01-10 23:00",
            Drop("quiet_hours", EXPIRED),  # they end with the day
        ),
        (DAILY, NEW, "2026-01-11 04:00", Drop("too_late", EXPIRED)),  # the day is over
        (DAILY, NEW, "2026-01-13 19:00", Drop("too_late", EXPIRED)),  # days of outage
        (replace(DAILY, plan_version=2), NEW, "2026-01-10 19:00", Drop("plan_changed")),
        (DAILY, Situation(PAUSED, None), "2026-01-10 19:00", Drop("not_active")),  # paused without an end
        (
            DAILY,
            Situation(replace(PAUSED, paused_until=at("2026-01-10 19:01")), None),
            "2026-01-10 19:00",
            Drop("not_active"),  # the pause ends in a minute
        ),
        (
            DAILY,
            Situation(replace(PAUSED, paused_until=at("2026-01-10 19:00")), None),
            "2026-01-10 19:00",
            Send(),  # the pause has ended
        ),
        (DAILY, Situation(replace(ANA, state=State.STOPPED), None), "2026-01-10 19:00", Drop("not_active")),
        (DAILY, Situation(replace(ANA, state=State.UNREACHABLE), None), "2026-01-10 19:00", Drop("not_active")),
        (DAILY, Situation(replace(ANA, state=State.ONBOARDING), None), "2026-01-10 19:00", Drop("not_active")),
        (replace(DAILY, attempts=1), NEW, "2026-01-10 19:01", Send()),  # a try that is known to have failed
        (replace(DAILY, attempts=1, outcome_unknown=True), OPEN, "2026-01-10 19:05", Send()),  # unknown: once more
        (
            replace(DAILY, attempts=1, outcome_unknown=True),
            Situation(ANA, Outcome.OPEN, [DAY]),
            "2026-01-10 19:05",
            Send(),  # its own unknown send does not count against it
        ),
        (
            replace(DAILY, attempts=5, outcome_unknown=True),
            OPEN,
            "2026-01-10 19:05",
            Drop("outcome_unknown"),  # five sends in all
        ),
        (replace(DAILY, attempts=1, outcome_unknown=True), COMPLETE, "2026-01-10 19:05", Drop("answered")),  # it came
        # the time a person chose inside quiet hours is theirs
        (DAILY, Situation(NIGHT_OWL, None), "2026-01-10 23:00", Send()),  # chose 23:00
        (DAILY, Situation(NIGHT_OWL, None), "2026-01-10 23:30", Send()),  # half an hour late
        (DAILY, Situation(NIGHT_OWL, None), "2026-01-10 23:31", Drop("quiet_hours", EXPIRED)),  # too late for that
        (
            replace(DAILY, at=at("2026-01-10 22:10")),
            NEW,
            "2026-01-10 22:10",
            Drop("quiet_hours", EXPIRED),  # a retry after a long 429: nobody chose 22:10
        ),
        (
            DAILY,
            Situation(replace(ANA, quiet=QuietHours(18 * 60, 20 * 60)), None),
            "2026-01-10 19:31",
            Later(at("2026-01-10 20:00"), "quiet_hours"),  # held until they end
        ),
        (
            DAILY,
            Situation(replace(ANA, quiet=QuietHours(0, 1439)), None),
            "2026-01-10 20:00",
            Later(at("2026-01-10 23:59"), "quiet_hours"),  # quiet all day but a minute
        ),
        (DAILY, Situation(replace(ANA, quiet=QuietHours(0, 0)), None), "2026-01-11 03:59", Send()),  # no quiet hours
        # the nudge
        (NUDGE, OPEN, "2026-01-10 21:00", Send()),
        (NUDGE, OPEN, "2026-01-10 21:30", Send()),  # late, but in time
        (NUDGE, OPEN, "2026-01-10 21:31", Drop("too_late", EXPIRED)),  # no nudge after 21:30, quiet hours or not
        (
            NUDGE,
            Situation(replace(ANA, quiet=QuietHours(0, 0)), Outcome.OPEN),
            "2026-01-10 21:31",
            Drop("too_late", EXPIRED),
        ),
        (
            replace(NUDGE, at=at("2026-01-10 18:00"), expires_at=at("2026-01-10 19:30")),
            OPEN,
            "2026-01-10 19:29",
            Send(),
        ),
        (
            replace(NUDGE, at=at("2026-01-10 18:00"), expires_at=at("2026-01-10 19:30")),
            OPEN,
            "2026-01-10 19:30",
            Drop("too_late", EXPIRED),  # worth 90 minutes
        ),
        (
            NUDGE,
            Situation(replace(ANA, quiet=QuietHours(20 * 60, 21 * 60 + 15)), Outcome.OPEN),
            "2026-01-10 21:00",
            Later(at("2026-01-10 21:15"), "quiet_hours"),  # a nudge's hour was nobody's choice
        ),
        (NUDGE, COMPLETE, "2026-01-10 21:00", Drop("answered")),
        (NUDGE, Situation(ANA, Outcome.DECLINED), "2026-01-10 21:00", Drop("answered")),
        (NUDGE, NEW, "2026-01-10 21:00", Drop("nothing_open")),
        (NUDGE, Situation(PAUSED, Outcome.OPEN), "2026-01-10 21:00", Drop("not_active")),
        (replace(NUDGE, plan_version=2), OPEN, "2026-01-10 21:00", Drop("plan_changed")),
        (NUDGE, Situation(ANA, Outcome.OPEN, [DAY]), "2026-01-10 21:00", Send()),  # the prompt came before, of course
        (replace(NUDGE, attempts=1, outcome_unknown=True), OPEN, "2026-01-10 21:01", Drop("outcome_unknown")),  # never
        (replace(NUDGE, attempts=1), OPEN, "2026-01-10 21:01", Send()),  # known to have failed
        # the snooze
        (SNOOZE, OPEN, "2026-01-10 21:00", Send()),
        (SNOOZE, OPEN, "2026-01-10 21:59", Send()),
        (SNOOZE, OPEN, "2026-01-10 22:31", Drop("quiet_hours", EXPIRED)),  # too late to pass for her choice
        (
            replace(SNOOZE, at=at("2026-01-10 23:30"), expires_at=at("2026-01-11 02:30")),
            OPEN,
            "2026-01-10 23:30",
            Send(),  # she said 23:30
        ),
        (
            replace(SNOOZE, at=at("2026-01-10 22:45")),
            OPEN,
            "2026-01-10 22:45",
            Drop("quiet_hours", EXPIRED),  # she said 21:00; this is a retry
        ),
        (SNOOZE, COMPLETE, "2026-01-10 21:00", Drop("answered")),
        (SNOOZE, Situation(ANA, Outcome.CLOSED), "2026-01-10 21:00", Drop("answered")),  # the day is over
        (SNOOZE, NEW, "2026-01-10 21:00", Drop("nothing_open")),
        (SNOOZE, Situation(PAUSED, Outcome.OPEN), "2026-01-10 21:00", Drop("not_active")),
        (replace(SNOOZE, plan_version=4), OPEN, "2026-01-10 21:00", Drop("plan_changed")),
        (replace(SNOOZE, attempts=1, outcome_unknown=True), OPEN, "2026-01-10 21:01", Send()),  # she asked for it
        (replace(SNOOZE, attempts=5, outcome_unknown=True), OPEN, "2026-01-10 21:01", Drop("outcome_unknown")),
        (
            SNOOZE,
            Situation(replace(ANA, quiet=QuietHours(0, 0)), Outcome.OPEN),
            "2026-01-11 00:00",
            Drop("too_late", EXPIRED),  # worth three hours
        ),
        # closing the day's card: an edit, so neither pause nor quiet hours hold it
        (CLOSE, OPEN, "2026-01-11 04:00", Send()),
        (CLOSE, Situation(PAUSED, Outcome.OPEN), "2026-01-11 04:00", Send()),
        (CLOSE, Situation(replace(ANA, plan_version=9), Outcome.OPEN), "2026-01-11 04:00", Send()),
        (CLOSE, COMPLETE, "2026-01-11 04:00", Drop("answered")),
        (CLOSE, Situation(ANA, Outcome.DECLINED), "2026-01-11 04:00", Drop("answered")),
        (CLOSE, NEW, "2026-01-11 04:00", Drop("answered")),  # nothing there to close
        (CLOSE, OPEN, "2026-01-13 03:59", Send()),
        (CLOSE, OPEN, "2026-01-13 04:00", Drop("too_late", EXPIRED)),  # worth two days
        (replace(CLOSE, attempts=3, outcome_unknown=True), OPEN, "2026-01-11 04:05", Send()),  # the same edit again
        (
            CLOSE,
            Situation(ANA, Outcome.OPEN, last_answer_at=at("2026-01-11 03:45")),
            "2026-01-11 04:00",
            Later(at("2026-01-11 04:15"), "still_answering"),  # in the middle of it: half an hour from the last answer
        ),
        (
            CLOSE,
            Situation(ANA, Outcome.OPEN, last_answer_at=at("2026-01-11 03:30")),
            "2026-01-11 04:00",
            Send(),  # the half hour is over
        ),
        (
            CLOSE,
            Situation(replace(ANA, zone="America/New_York"), Outcome.OPEN),
            "2026-01-11 04:00",
            Later(at("2026-01-11 09:00"), "day_not_over"),  # she moved west meanwhile: it is still 23:00 of that day
        ),
        (
            CLOSE,
            Situation(replace(ANA, day_start=6 * 60), Outcome.OPEN),
            "2026-01-11 04:00",
            Later(at("2026-01-11 06:00"), "day_not_over"),  # she chose a later day start meanwhile
        ),
        (CLOSE, Situation(replace(ANA, zone="Asia/Tokyo"), Outcome.OPEN), "2026-01-11 04:00", Send()),  # moved east
    ],
)
def test_still_wanted(due: Due, situation: Situation, now: str, expected: Decision) -> None:
    assert decided(due, situation, now) == expected


def test_a_held_row_is_sent_when_its_new_moment_comes() -> None:
    situation = Situation(replace(ANA, quiet=QuietHours(18 * 60, 20 * 60)), None)
    held = decided(DAILY, situation, "2026-01-10 19:31")
    assert isinstance(held, Later)
    assert still_wanted(replace(DAILY, at=held.at), situation, held.at) == Send()


def test_grace_for_somebody_mid_card_ends_when_they_stop() -> None:
    now = OVER
    for _ in range(3):  # an answer at the last second of each grace prolongs it
        answering = Situation(ANA, Outcome.OPEN, last_answer_at=now)
        later = still_wanted(CLOSE, answering, now)
        assert later == Later(now + CLOSE_GRACE, "still_answering")
        now += CLOSE_GRACE
    assert still_wanted(CLOSE, answering, now) == Send()
