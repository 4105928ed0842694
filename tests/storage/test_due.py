"""The due table: nothing twice, nothing lost, nothing that is no longer wanted."""

import asyncio
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlmodel import Session, select, update

from care.checkin import Outcome
from care.due import Drop, Due, DueState, Failure, Kind, Later, NewDue, Send
from care.owed import NUDGE_AFTER
from care.people import State
from care.wanted import MOST_REPEATS
from storage import checkins, due, patients
from storage.database import Database
from storage.tables import DueRow
from tests.storage.people import (
    ANA,
    CLEO,
    DAY,
    EVENING,
    HOUR,
    MINUTE,
    NOON,
    TODAY,
    begin_as,
    claimed,
    deliver_all,
    fill_in,
    open_card,
    rows_of,
)

SECOND = timedelta(seconds=1)
WAITING, LEASED, SENT, DROPPED = DueState.WAITING, DueState.LEASED, DueState.SENT, DueState.DROPPED


def begun_prompt(session: Session) -> due.Begun:
    (row,) = claimed(session, EVENING, "t")
    begun = due.begin(session, row.id, "t", EVENING)
    assert begun is not None
    return begun


def row_of(session: Session, owed: Due) -> DueRow:
    session.expire_all()
    return session.get_one(DueRow, owed.id)


def test_nothing_is_claimed_before_its_time(session: Session) -> None:
    begin_as(session, ANA)
    moment = due.next_moment(session)
    assert moment is not None
    assert claimed(session, moment - SECOND) == []
    (row,) = claimed(session, moment)
    assert (row.kind, row.event, row.attempts, row.outcome_unknown) == (Kind.DAILY, "2025-03-01", 0, False)
    assert due.next_moment(session) is None


def test_the_same_work_is_owed_once(session: Session) -> None:
    ana = begin_as(session, ANA)
    new = NewDue(ana.id, Kind.NUDGE, "2025-03-01", "1", 2, NOON, NOON + HOUR)
    due.insert(session, new)
    due.insert(session, new)
    assert len(rows_of(session, ANA, kind=Kind.NUDGE)) == 1


def test_prompts_go_before_closings_and_the_oldest_first(session: Session) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO, daily_minute=12 * 60 + 30)
    open_card(session, ANA, NOON - DAY)
    rows = claimed(session, EVENING)
    assert [row.kind for row in rows] == [Kind.DAILY, Kind.DAILY, Kind.CLOSE]
    assert rows[0].at < rows[1].at


def test_a_claimed_row_is_nobody_elses_until_its_lease_ends(session: Session) -> None:
    begin_as(session, ANA)
    (mine,) = claimed(session, EVENING, "mine")
    assert claimed(session, EVENING + 59 * SECOND, "theirs") == []
    (theirs,) = claimed(session, EVENING + 60 * SECOND, "theirs")
    assert (theirs.id, theirs.outcome_unknown) == (mine.id, False)


def test_sending_a_prompt_opens_the_card_and_owes_the_nudge_the_closing_and_tomorrow(session: Session) -> None:
    begin_as(session, ANA, daily_minute=12 * 60)
    now = NOON + 5 * MINUTE
    (row,) = claimed(session, now)
    begun = due.begin(session, row.id, "t", now)
    assert begun is not None
    assert begun.check_in is not None
    assert (begun.decision, begun.check_in.day, begun.due.attempts) == (Send(), TODAY, 1)
    assert due.sent(session, row.id, "t", 77, now) is None
    card = checkins.find(session, ANA, begun.check_in.id)
    assert card is not None
    assert card.check_in.message_id == 77
    assert {(r.kind, r.event[:10]) for r in rows_of(session, ANA, state=WAITING)} == {
        ("nudge", "2025-03-01"),
        ("close", "2025-03-01"),
        ("daily", "2025-03-02"),
    }


def test_the_nudge_takes_the_place_of_the_card_before(session: Session) -> None:
    begin_as(session, ANA, daily_minute=12 * 60)
    deliver_all(session, NOON + 5 * MINUTE, message_id=77)
    now = NOON + 5 * MINUTE + NUDGE_AFTER
    (row,) = claimed(session, now)
    begun = due.begin(session, row.id, "t", now)
    assert begun is not None
    assert begun.check_in is not None
    assert (begun.due.kind, begun.decision, begun.check_in.message_id) == (Kind.NUDGE, Send(), 77)
    assert due.sent(session, row.id, "t", 78, now) == 77
    assert due.sent(session, row.id, "t", 79, now) is None


def test_a_prompt_for_a_card_already_open_asks_on_that_card(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    checkins.card_shown(session, ANA, number, 60)
    begun = begun_prompt(session)
    assert begun.check_in is not None
    assert begun.check_in.id == number
    assert due.sent(session, begun.due.id, "t", 61, EVENING) == 60


def test_a_prompt_for_a_day_answered_meanwhile_is_not_sent(session: Session) -> None:
    begin_as(session, ANA)
    (row,) = claimed(session, EVENING)
    fill_in(session, ANA, open_card(session, ANA).check_in.id, EVENING)
    begun = due.begin(session, row.id, "t", EVENING)
    assert begun is not None
    assert begun.decision == Drop("answered")
    assert rows_of(session, ANA, kind=Kind.DAILY, state=WAITING)[0].event == "2025-03-02"


def test_a_prompt_that_is_a_day_late_expires_and_todays_is_owed(session: Session) -> None:
    begin_as(session, ANA)
    now = EVENING + DAY + HOUR
    (row,) = claimed(session, now)
    begun = due.begin(session, row.id, "t", now)
    assert begun is not None
    assert begun.decision == Drop("too_late", DueState.EXPIRED)
    (owed,) = rows_of(session, ANA, state=WAITING)
    assert owed.event == "2025-03-02"
    assert [one.decision for one in deliver_all(session, now)] == [Send()]
    assert [row.event for row in rows_of(session, ANA, kind=Kind.DAILY, state=WAITING)] == ["2025-03-03"]


def test_a_machine_that_slept_between_send_and_mark_owes_the_card_of_the_day_it_wakes_on(session: Session) -> None:
    begin_as(session, ANA)
    begun = begun_prompt(session)
    woken = EVENING + DAY + HOUR
    due.sent(session, begun.due.id, "t", 77, woken)
    assert [row.event for row in rows_of(session, ANA, kind=Kind.DAILY, state=WAITING)] == ["2025-03-02"]
    assert Send() in [one.decision for one in deliver_all(session, woken) if one.due.kind is Kind.DAILY]


def test_a_late_prompt_waits_for_the_end_of_quiet_hours(session: Session) -> None:
    begin_as(session, ANA, daily_minute=20 * 60, day_start=12 * 60)
    now = EVENING + 4 * HOUR
    (row,) = claimed(session, now)
    begun = due.begin(session, row.id, "t", now)
    assert begun is not None
    assert isinstance(begun.decision, Later)
    (held,) = rows_of(session, ANA, kind=Kind.DAILY, state=WAITING)
    assert (held.at, held.why, held.attempts) == (begun.decision.at, "quiet_hours", 0)


def test_a_closing_freezes_the_card_at_the_end_of_the_day(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    checkins.answer(session, ANA, number, "mood", 4, 0, NOON)
    deliver_all(session, EVENING)
    begun = deliver_all(session, NOON + 16 * HOUR)
    assert [one.due.kind for one in begun] == [Kind.CLOSE]
    card = checkins.find(session, ANA, number)
    assert card is not None
    assert card.check_in.outcome is Outcome.CLOSED
    assert card.check_in.value("mood") == 4


@pytest.mark.parametrize("outage", [True, False])
def test_a_day_is_closed_even_when_its_card_cannot_be_edited(session: Session, outage: bool) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    deliver_all(session, EVENING)
    now = NOON + (4 * DAY if outage else 16 * HOUR)
    (row,) = [row for row in claimed(session, now) if row.kind is Kind.CLOSE]
    due.begin(session, row.id, "t", now)
    if not outage:
        due.failed(session, row.id, "t", Failure.REFUSED, None, now)
    card = checkins.find(session, ANA, number)
    assert card is not None
    assert card.check_in.outcome is Outcome.CLOSED


def test_whoever_is_in_mid_card_at_the_end_of_the_day_gets_half_an_hour(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    deliver_all(session, EVENING)
    checkins.answer(session, ANA, number, "mood", 4, 0, NOON + 16 * HOUR - MINUTE)
    (begun,) = deliver_all(session, NOON + 16 * HOUR)
    assert begun.decision == Later(NOON + 16 * HOUR + 29 * MINUTE, "still_answering")


def test_a_send_whose_outcome_nobody_knows_is_tried_again_but_not_for_ever(session: Session) -> None:
    begin_as(session, ANA)
    begun_prompt(session)
    decisions: list[object] = []
    while Drop("outcome_unknown") not in decisions:
        n = len(decisions) + 1
        now = EVENING + n * 2 * MINUTE
        (row,) = claimed(session, now, f"t{n}")
        assert (row.outcome_unknown, row.attempts) == (True, n)
        begun = due.begin(session, row.id, f"t{n}", now)
        assert begun is not None
        decisions.append(begun.decision)
    assert decisions[:-1] == [Send()] * (MOST_REPEATS - 1)
    assert len(rows_of(session, ANA, kind=Kind.DAILY, state=WAITING)) == 1


def test_a_card_is_frozen_before_it_is_shown_as_closed(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    deliver_all(session, EVENING)
    now = NOON + 16 * HOUR
    (row,) = claimed(session, now)
    begun = due.begin(session, row.id, "t", now)
    assert begun is not None
    assert begun.decision == Send()
    late = checkins.answer(session, ANA, number, "mood", 4, 0, now)
    assert late is not None
    assert (late.changed, late.check_in.outcome) == (False, Outcome.CLOSED)
    (again,) = claimed(session, now + 2 * MINUTE, "t2")
    begun = due.begin(session, again.id, "t2", now + 2 * MINUTE)
    assert begun is not None
    assert begun.decision == Send()


def test_a_slow_down_is_no_attempt(session: Session) -> None:
    begin_as(session, ANA)
    now = EVENING
    for n in range(MOST_REPEATS + 2):
        (row,) = claimed(session, now, f"t{n}")
        begun = due.begin(session, row.id, f"t{n}", now)
        assert begun is not None
        assert begun.decision == Send()
        due.failed(session, row.id, f"t{n}", Failure.SLOW_DOWN, MINUTE, now)
        now += MINUTE
    assert row_of(session, begun.due).attempts == 0


def test_a_nudge_whose_outcome_nobody_knows_is_never_sent_again(session: Session) -> None:
    begin_as(session, ANA, daily_minute=12 * 60)
    deliver_all(session, NOON + 5 * MINUTE)
    now = NOON + NUDGE_AFTER + 6 * MINUTE
    (row,) = claimed(session, now)
    due.begin(session, row.id, "t", now)
    (begun,) = deliver_all(session, now + 2 * MINUTE, "t2")
    assert begun.decision == Drop("outcome_unknown")


def test_a_holder_that_slept_past_its_lease_may_neither_send_nor_mark(session: Session) -> None:
    begin_as(session, ANA)
    (row,) = claimed(session, EVENING, "sleeper")
    later = EVENING + 2 * MINUTE
    assert due.begin(session, row.id, "sleeper", later) is None
    assert claimed(session, later, "heir")
    assert due.sent(session, row.id, "sleeper", 5, later) is None
    due.failed(session, row.id, "sleeper", Failure.REFUSED, None, later)
    held = row_of(session, row)
    assert (held.state, held.token, held.message_id) == (LEASED, "heir", None)
    begun = due.begin(session, row.id, "heir", later)
    assert begun is not None
    assert begun.decision == Send()


def test_a_result_that_comes_after_the_lease_still_counts_while_nobody_took_over(session: Session) -> None:
    begin_as(session, ANA)
    begun = begun_prompt(session)
    due.sent(session, begun.due.id, "t", 5, EVENING + 2 * MINUTE)
    assert row_of(session, begun.due).state == SENT


def test_passing_failures_are_tried_again_with_growing_pauses_and_then_given_up(session: Session) -> None:
    begin_as(session, ANA)
    now = EVENING
    pauses = []
    for n in range(5):
        (row,) = claimed(session, now, f"t{n}")
        begun = due.begin(session, row.id, f"t{n}", now)
        assert begun is not None
        assert begun.decision == Send()
        due.failed(session, row.id, f"t{n}", Failure.PASSING, None, now)
        held = row_of(session, row)
        if held.state == WAITING:
            pauses.append((held.at - now).total_seconds())
            now = held.at
    assert pauses == [5, 30, 120, 600]
    assert (held.state, held.why) == (DueState.DEAD, "passing")
    assert due.stuck(session, now).dead == 1
    assert rows_of(session, ANA, kind=Kind.DAILY, state=WAITING)[0].event == "2025-03-02"


def test_a_refused_send_is_given_up_at_once_and_a_slow_down_waits_as_asked(session: Session) -> None:
    begin_as(session, ANA)
    begun = begun_prompt(session)
    due.failed(session, begun.due.id, "t", Failure.SLOW_DOWN, timedelta(seconds=17), EVENING)
    assert row_of(session, begun.due).at == EVENING + 17 * SECOND
    (row,) = claimed(session, EVENING + 17 * SECOND)
    due.begin(session, row.id, "t", EVENING + 17 * SECOND)
    due.failed(session, row.id, "t", Failure.REFUSED, None, EVENING + 18 * SECOND)
    assert row_of(session, begun.due).state == DueState.DEAD


def test_whoever_cannot_be_reached_is_left_alone(session: Session) -> None:
    begin_as(session, ANA)
    begun = begun_prompt(session)
    due.failed(session, begun.due.id, "t", Failure.UNREACHABLE, None, EVENING)
    patient = patients.find(session, ANA)
    assert patient is not None
    assert patient.state is State.UNREACHABLE
    assert not rows_of(session, ANA, state=WAITING)
    assert (row_of(session, begun.due).state, row_of(session, begun.due).why) == (DROPPED, "unreachable")
    assert patients.unplanned(session, EVENING, 10) == []


def test_a_failed_attempt_before_a_change_of_plan_makes_no_second_prompt(session: Session) -> None:
    begin_as(session, ANA)
    begun = begun_prompt(session)
    due.failed(session, begun.due.id, "t", Failure.PASSING, None, EVENING)
    patients.choose(session, ANA, {"daily_minute": 22 * 60}, EVENING)
    assert [row.event for row in rows_of(session, ANA, kind=Kind.DAILY, state=WAITING)] == ["2025-03-02"]


def test_thirty_days_bring_one_prompt_a_day_at_wall_time_across_the_clock_change(session: Session) -> None:
    begin_as(session, ANA, nudges=0)
    prompts = []
    for hour in range(30 * 24):
        now = NOON + hour * HOUR
        prompts += [one.due for one in deliver_all(session, now) if one.due.kind is Kind.DAILY]
        patients.choose(session, ANA, {"heard_at": now}, now)  # nobody is silent
    assert [one.event for one in prompts] == [str(TODAY + n * DAY) for n in range(30)]
    assert {one.at.hour for one in prompts if one.day < TODAY + 29 * DAY} == {19}
    assert prompts[-1].at.hour == 18  # summer time began that morning


def test_stuck_counts_what_is_overdue(session: Session) -> None:
    begin_as(session, ANA)
    moment = due.next_moment(session)
    assert moment is not None
    assert due.stuck(session, moment + 5 * MINUTE) == due.Stuck(0, None, 0)
    assert due.stuck(session, moment + 6 * MINUTE) == due.Stuck(1, moment, 0)


def test_settled_rows_are_swept_after_120_days_and_what_still_waited_is_given_up(session: Session) -> None:
    begin_as(session, ANA)
    deliver_all(session, EVENING)
    due.sweep(session, EVENING + 119 * DAY)
    assert rows_of(session, ANA, state=SENT)
    due.sweep(session, EVENING + 121 * DAY)
    assert not rows_of(session, ANA, state=SENT)
    assert {row.state for row in rows_of(session, ANA)} == {DueState.EXPIRED}


async def test_many_claimers_at_once_never_get_the_same_row(database: Database) -> None:
    for n in range(40):
        await database.write(begin_as, 5000 + n)

    async def worker(name: str) -> list[int]:
        mine: list[int] = []
        while rows := await database.write(due.claim, name, EVENING, 3, 60):
            mine += [row.id for row in rows]
        return mine

    parts = await asyncio.gather(*(worker(f"w{n}") for n in range(6)))
    ids = [number for part in parts for number in part]
    assert len(ids) == len(set(ids)) == 40


@pytest.mark.slow
async def test_two_processes_share_the_work_without_a_double(database: Database, database_url: str) -> None:
    for n in range(40):
        await database.write(begin_as, 5000 + n)
    code = (
        "import asyncio, sys\n"
        "from storage import due\n"
        "from storage.database import Database\n"
        "from storage.sealing import Keyring\n"
        "from tests.databases import OPERATOR_KEY\n"
        "from tests.storage.people import EVENING\n"
        "async def main():\n"
        "    database = Database.open(sys.argv[1], Keyring.from_text(OPERATOR_KEY))\n"
        "    while rows := await database.write(due.claim, sys.argv[2], EVENING, 2, 60):\n"
        "        print(*(row.id for row in rows), flush=True)\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
    )
    racers = [
        subprocess.Popen([sys.executable, "-c", code, database_url, name], stdout=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    outputs = await asyncio.gather(*(asyncio.to_thread(racer.communicate) for racer in racers))
    ids = [number for output, _ in outputs for number in output.split()]
    assert len(ids) == len(set(ids)) == 40


async def test_an_answer_during_the_decision_is_seen_or_comes_after_it(database: Database) -> None:
    for n in range(10):
        chat = 6000 + n
        await database.write(begin_as, chat)
        card = await database.write(open_card, chat)
        (row,) = [r for r in await database.write(claimed, EVENING, f"t{n}") if r.kind is Kind.DAILY]
        begun, _ = await asyncio.gather(
            database.write(due.begin, row.id, f"t{n}", EVENING),
            database.write(fill_in, chat, card.check_in.id, EVENING),
        )
        assert begun is not None
        assert begun.decision in (Send(), Drop("answered"))
        await database.write(lambda session: session.connection().execute(update(DueRow).values(state=SENT)) and None)


def test_a_row_that_nobody_can_decide_on_is_given_up_after_a_day_and_planned_anew(session: Session) -> None:
    ana = begin_as(session, ANA)
    claimed(session, EVENING)
    due.sweep(session, EVENING + DAY)
    assert rows_of(session, ANA)[0].state == LEASED
    due.sweep(session, EVENING + 2 * DAY)
    assert rows_of(session, ANA)[0].state == DueState.EXPIRED
    assert patients.unplanned(session, EVENING + 2 * DAY, 10) == [ana.id]


def test_every_waiting_row_of_the_table_has_a_lane(session: Session) -> None:
    begin_as(session, ANA)
    open_card(session, ANA)
    assert {(row.kind, row.lane) for row in session.exec(select(DueRow)).all()} == {("daily", 3), ("close", 4)}
