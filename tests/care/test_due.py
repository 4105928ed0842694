"""What is owed after a prompt and at a day's end, and when a failed send is tried again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from care.checkin import Outcome
from care.due import CARDS, Drop, Due, DueState, Failure, Kind, Lane, Later, NewDue, Send, Situation, lane
from care.owed import closing, nudges_after_prompt, snooze, spread
from care.people import Patient
from care.schedule import QuietHours
from care.wanted import RETRY_DELAYS, may_repeat, next_try, still_wanted
from tests.care.moments import at, shown
from tests.care.rows import ANA, CLOSE, DAILY, DAY, LONDON, NIGHT_OWL, NUDGE, SNOOZE

NOW = at("2026-01-10 19:00")
SECONDS = [int(delay.total_seconds()) for delay in RETRY_DELAYS]


@pytest.mark.parametrize(
    ("attempts", "failure", "wait", "expected"),
    [
        (1, Failure.UNREACHABLE, None, Drop("unreachable")),  # blocked, deleted, never started
        (1, Failure.REFUSED, None, Drop("refused", DueState.DEAD)),  # our mistake: trying again cannot help
        (1, Failure.PASSING, None, 5),
        (2, Failure.PASSING, None, 30),
        (3, Failure.PASSING, None, 120),
        (4, Failure.PASSING, None, 600),
        (5, Failure.PASSING, None, Drop("passing", DueState.DEAD)),
        (0, Failure.PASSING, None, 5),  # a failure before the first send began
        (1, Failure.UNKNOWN, None, 5),  # a line cut after the request had left: a prompt goes once more
        (5, Failure.UNKNOWN, None, Drop("outcome_unknown")),  # but not for ever
        (1, Failure.OURS, None, 5),  # a fault in our code is tried again, in case it was the moment's
        (5, Failure.OURS, None, Drop("ours", DueState.DEAD)),  # but never for ever
        (1, Failure.SLOW_DOWN, 17, 17),  # what Telegram asked for
        (1, Failure.SLOW_DOWN, None, 5),  # it did not say
        (1, Failure.SLOW_DOWN, 0, 5),  # or said nonsense
        (9, Failure.SLOW_DOWN, 17, 17),  # 429 never kills a row; lateness does
    ],
)
def test_what_follows_a_failed_send(attempts: int, failure: Failure, wait: int | None, expected: int | Drop) -> None:
    asked = None if wait is None else timedelta(seconds=wait)
    decision = next_try(replace(DAILY, attempts=attempts), failure, NOW, asked)
    if isinstance(expected, int):
        assert decision == Later(NOW + timedelta(seconds=expected), failure.value)
    else:
        assert decision == expected


@pytest.mark.parametrize(
    ("due", "attempts", "repeats"),
    [(DAILY, 1, True), (DAILY, 4, True), (DAILY, 5, False), (SNOOZE, 5, False), (NUDGE, 1, False), (CLOSE, 1, True)],
)
def test_a_send_of_unknown_outcome_is_repeated(due: Due, attempts: int, repeats: bool) -> None:
    assert may_repeat(replace(due, attempts=attempts)) is repeats


def test_prompts_go_before_closings() -> None:
    assert {lane(kind) for kind in (*CARDS, Kind.AFTERWARDS)} == {Lane.PROMPT}
    assert (lane(Kind.VISIT), lane(Kind.TREATED)) == (Lane.APPOINTMENT, Lane.APPOINTMENT)
    assert (lane(Kind.CLOSE), lane(Kind.NEXT_DATE)) == (Lane.DIGEST, Lane.DIGEST)
    assert sorted(Lane) == [Lane.REPLY, Lane.SAFETY, Lane.APPOINTMENT, Lane.PROMPT, Lane.DIGEST]


@pytest.mark.parametrize(
    ("patient", "sent", "expected"),
    [
        (ANA, "2026-01-10 19:00", ["21:00"]),  # one, two hours later
        (replace(ANA, nudges=0), "2026-01-10 17:00", []),
        (replace(ANA, nudges=2), "2026-01-10 17:00", ["19:00", "21:00"]),
        (replace(ANA, nudges=2), "2026-01-10 18:00", ["20:00"]),  # the second would come at 22:00
        (replace(ANA, nudges=50), "2026-01-10 08:00", ["10:00", "12:00"]),  # never more than two
        (replace(ANA, nudges=-1), "2026-01-10 17:00", []),
        (ANA, "2026-01-10 19:30", ["21:30"]),  # the last possible minute
        (ANA, "2026-01-10 19:31", []),
        (replace(ANA, quiet=QuietHours(0, 0)), "2026-01-10 19:31", []),  # 21:30 holds without quiet hours too
        (NIGHT_OWL, "2026-01-10 23:00", []),  # 01:00 is tomorrow by the clock
        (replace(NIGHT_OWL, quiet=QuietHours(0, 0)), "2026-01-10 23:00", []),
        (replace(ANA, daily_minute=60, quiet=QuietHours(0, 0)), "2026-01-11 01:30", []),  # 03:30 of the small hours
        (replace(ANA, daily_minute=60, quiet=QuietHours(0, 0)), "2026-01-11 02:00", []),  # 04:00: the day is over
        (replace(ANA, quiet=QuietHours(19 * 60, 8 * 60)), "2026-01-10 17:00", []),  # quiet from 19:00, sharp
        (replace(ANA, quiet=QuietHours(19 * 60, 8 * 60)), "2026-01-10 16:59", ["18:59"]),
        (replace(ANA, quiet=QuietHours(480, 479)), "2026-01-10 12:00", []),  # quiet all day
        (replace(ANA, nudges=2), "2026-01-10 04:30", ["08:30"]),  # 06:30 is quiet, 08:30 is not
        (replace(ANA, zone="America/New_York"), "2026-01-11 00:00", ["02:00"]),  # 19:00 and 21:00 there
    ],
)
def test_nudges_after_a_prompt(patient: Patient, sent: str, expected: list[str]) -> None:
    nudges = nudges_after_prompt(patient, DAY, at(sent))
    assert [f"{nudge.at:%H:%M}" for nudge in nudges] == expected
    assert all(nudge.expires_at - nudge.at == timedelta(minutes=90) for nudge in nudges)
    assert len({nudge.slot for nudge in nudges}) == len(nudges)


def test_nudges_tell_the_time_of_the_place_where_the_person_is() -> None:
    abroad = replace(ANA, zone="America/New_York", travel_zone=LONDON, travel_until=DAY)
    assert [f"{nudge.at:%H:%M}" for nudge in nudges_after_prompt(abroad, DAY, at("2026-01-10 19:00"))] == ["21:00"]
    assert nudges_after_prompt(abroad, DAY, at("2026-01-10 20:00")) == []  # 22:00 in London, only 17:00 at home


@pytest.mark.parametrize(
    ("patient", "closes"),
    [
        (ANA, "2026-01-11 04:00"),
        (replace(ANA, day_start=0), "2026-01-11 00:00"),
        (replace(ANA, zone="Asia/Tokyo"), "2026-01-10 19:00"),
        (replace(ANA, travel_zone="Asia/Tokyo", travel_until=date(2026, 1, 11)), "2026-01-10 19:00"),  # there
        (replace(ANA, travel_zone="Asia/Tokyo", travel_until=DAY), "2026-01-11 04:00"),  # the day goes on at home
        (replace(ANA, travel_zone="Asia/Tokyo", travel_until=date(2026, 1, 9)), "2026-01-11 04:00"),  # back home
        (replace(ANA, travel_zone="America/New_York", travel_until=DAY), "2026-01-11 09:00"),  # the day is over there
    ],
)
def test_a_days_card_closes_when_the_day_is_over(patient: Patient, closes: str) -> None:
    close = closing(patient, DAY, 7)
    assert close == NewDue(1, Kind.CLOSE, "2026-01-10/7", "1", 0, at(closes), at(closes) + timedelta(days=2))
    row = Due(4, 1, Kind.CLOSE, close.event, close.slot, 0, close.at, close.expires_at)
    assert still_wanted(row, Situation(patient, Outcome.OPEN), close.at) == Send()


def test_a_snooze_is_owed_once_for_a_card_and_a_moment() -> None:
    later = at("2026-01-10 21:00")
    row = snooze(ANA, DAY, 7, later)
    assert row == snooze(ANA, DAY, 7, later)
    assert (row.at, row.expires_at, row.plan_version) == (later, later + timedelta(hours=3), 3)
    assert row.slot != snooze(ANA, DAY, 7, later + timedelta(minutes=30)).slot
    assert Due(1, 1, row.kind, row.event, row.slot, 3, row.at, row.expires_at).day == DAY


def test_people_are_spread_over_four_minutes() -> None:
    offsets = [spread(n) for n in range(1, 2 * 241 + 1)]
    assert min(offsets) == timedelta()
    assert max(offsets) == timedelta(minutes=4)
    assert all(offsets.count(offset) == 2 for offset in offsets)  # evenly
    assert shown(at("2026-01-10 19:00") + spread(1), LONDON) == "2026-01-10 19:00"


def test_every_kind_of_failure_and_of_work_has_a_decision() -> None:
    for due in (DAILY, NUDGE, SNOOZE, CLOSE):
        for failure in Failure:
            for attempts in range(8):
                decision = next_try(replace(due, attempts=attempts), failure, NOW)
                assert isinstance(decision, Drop) or decision.at > NOW


def test_a_later_decision_always_lies_ahead_and_before_the_row_expires() -> None:
    for due in (DAILY, NUDGE, SNOOZE, CLOSE):
        for step in range(72):
            now = at("2026-01-10 00:00") + timedelta(minutes=47 * step)
            decision = still_wanted(due, Situation(ANA, Outcome.OPEN), now)
            if isinstance(decision, Later):
                assert now < decision.at < due.expires_at
