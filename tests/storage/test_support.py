"""Sharing on both databases: exactly what was ticked arrives, nothing else, and nothing after it was taken back.

Ben and Dr. Dora support Ana, each with scopes of their own. Cleo is another patient.
"""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from sqlmodel import Session

from care.due import Drop, DueState, Failure, Kind, Send
from care.sharing import MOST_UPDATES_A_DAY, SCOPES, Link, LinkState, Scope, What, new_code, scope_of
from care.treatments import TreatmentKind
from care.visits import VisitKind
from storage import asks, checkins, due, notes, patients, previews, shares, support, supporting, treatments, visits
from storage.asks import LineKind
from storage.database import Database
from storage.sealing import Keyring
from storage.visits import NewVisit
from tests.storage.people import (
    ANA,
    CLEO,
    DAY,
    HOUR,
    MINUTE,
    NOON,
    STRANGER,
    begin_as,
    claimed,
    deliver_all,
    fill_in,
    open_card,
    rows_of,
)

BEN, DORA = 7_000_000_002, 7_000_000_004
EVERYTHING = frozenset(Scope)
BERLIN = "Europe/Berlin"
SUNDAY_MORNING = NOON + 22 * HOUR
MONDAY = NOON + 2 * DAY


def a_code(word: str) -> str:
    return new_code(sha256(word.encode()).digest())


def invited(session: Session, *scopes: Scope, helper: int | None = BEN, now: datetime = NOON, word: str = "") -> str:
    """Invite somebody and give the code."""
    support.name_me(session, ANA, "Ana")
    draft = support.draft(session, ANA, now, bound_chat_id=helper, name="somebody")
    assert draft is not None
    support.set_scopes(session, ANA, draft.id, scopes)
    code = a_code(f"{helper} {now} {word}")
    assert support.issue(session, ANA, draft.id, code, now) is not None
    return code


def linked(session: Session, *scopes: Scope, helper: int = BEN, now: datetime = NOON, confirmed: bool = True) -> Link:
    """Link Ana with a support person, and let the first word to them be sent."""
    code = invited(session, *(scopes or EVERYTHING), helper=helper, now=now)
    link = supporting.accept(session, helper, code, "Ben", "en", now)
    assert link is not None
    if confirmed:
        link = support.confirm(session, ANA, link.id, now)
        assert link is not None
        deliver_all(session, now)
        support.change(session, ANA, link.id, scopes, now)
    found = support.link_of(session, ANA, link.id)
    assert found is not None
    return found[1]


def live_until(session: Session, moment: datetime, now: datetime = NOON) -> list[due.Begun]:
    """Deliver everything in its turn up to a moment; give what was begun of sharing."""
    begun: list[due.Begun] = []
    while (coming := due.next_moment(session)) is not None and coming <= moment:
        now = max(now, coming)
        begun += deliver_all(session, now, by=f"t{now.timestamp()}")
    return [one for one in begun if one.share is not None]


def arrived(begun: list[due.Begun], helper: int = BEN) -> list[What]:
    """List what was sent to a support person, in its order."""
    sent = [one for one in begun if isinstance(one.decision, Send)]
    return [one.share.update.what for one in sent if one.share is not None and one.share.link.chat_id == helper]


def check_in_well(session: Session) -> None:
    fill_in(session, ANA, open_card(session, ANA).check_in.id)


def check_in_dizzy(session: Session, day: datetime = NOON) -> None:
    number = open_card(session, ANA, day).check_in.id
    for code, value in {"mood": 3, "energy": 1, "dizziness": 2, "faint": 0, "nausea": 1}.items():
        checkins.answer(session, ANA, number, code, value, 0, day)


def check_in_extra(session: Session) -> None:
    check_in_well(session)
    card = checkins.open_extra(session, ANA, "1/77", NOON)
    assert card is not None
    for code, value in {"mood": 3, "energy": 1, "dizziness": 0, "nausea": 0}.items():
        checkins.answer(session, ANA, card.check_in.id, code, value, 0, NOON)


def a_visit(session: Session, at: datetime = NOON + 47 * HOUR) -> int:
    made = visits.make(session, ANA, [NewVisit(at, BERLIN, VisitKind.TREATMENT)], NOON)
    assert made is not None
    return made.new[0].id


def visit_cancelled(session: Session) -> None:
    number = a_visit(session)
    live_until(session, NOON + 24 * HOUR)
    visits.cancel(session, ANA, number, NOON + 25 * HOUR)


def visit_moved(session: Session) -> None:
    number = a_visit(session)
    live_until(session, NOON + 24 * HOUR)
    visits.move(session, ANA, number, NOON + 9 * DAY, NOON + 25 * HOUR)


def call(session: Session) -> None:
    for link in support.links_of(session, ANA):
        support.ask_to_call(session, ANA, link.id, "1", NOON)


def write_all_sorts(session: Session) -> None:
    """Do what can never be shared: notes, questions, a treatment, a preparation, choices."""
    number = open_card(session, ANA).check_in.id
    notes.write(session, ANA, 900, "a hard day", number, NOON)
    asks.add(session, ANA, 901, LineKind.QUESTION, "what about sleep", NOON)
    treatments.had(session, ANA, NOON - 3 * HOUR, NOON - HOUR, kind=TreatmentKind.NASAL)
    patients.choose(session, ANA, {"daily_minute": 21 * 60}, NOON)
    checkins.answer(session, ANA, number, "mood", 2, 0, NOON)
    checkins.answer(session, ANA, number, "dizziness", 3, 0, NOON)


@dataclass(frozen=True)
class Happening:
    """Something that happens to Ana, until when one waits, and all that may be told of it."""

    act: Callable[[Session], object]
    until: datetime
    tells: tuple[What, ...] = ()


HAPPENINGS = {
    "a good day": Happening(check_in_well, NOON + HOUR, (What.CHECKED_IN,)),
    "a dizzy day": Happening(check_in_dizzy, NOON + HOUR, (What.CHECKED_IN, What.SIDE_EFFECTS)),
    "a second entry": Happening(check_in_extra, NOON + HOUR, (What.CHECKED_IN,)),
    "a day without a word": Happening(lambda session: None, SUNDAY_MORNING, (What.MISSED,)),
    "a week": Happening(check_in_well, MONDAY, (What.CHECKED_IN, What.MISSED, What.MOOD_WEEK)),
    "a visit": Happening(a_visit, NOON + 24 * HOUR, (What.MISSED, What.VISIT)),
    "a visit cancelled": Happening(visit_cancelled, NOON + 26 * HOUR, (What.VISIT_OFF,)),
    "a visit moved": Happening(visit_moved, NOON + 26 * HOUR, (What.VISIT_OFF,)),
    "a wish for a call": Happening(call, NOON + HOUR, (What.PLEASE_CALL,)),
    "a lot that is nobody's business": Happening(write_all_sorts, NOON + HOUR),
}
TICKED = [frozenset[Scope](), *(frozenset({scope}) for scope in SCOPES), EVERYTHING]


@pytest.mark.parametrize("ticked", TICKED, ids=lambda scopes: "+".join(sorted(scopes)) or "nothing")
@pytest.mark.parametrize("name", HAPPENINGS)
def test_exactly_what_was_ticked_arrives(session: Session, name: str, ticked: frozenset[Scope]) -> None:
    happening = HAPPENINGS[name]
    begin_as(session, ANA)
    begin_as(session, CLEO)
    linked(session, *ticked)
    linked(session, *(EVERYTHING - ticked), helper=DORA)
    happening.act(session)
    begun = live_until(session, happening.until)
    for helper, scopes in ((BEN, ticked), (DORA, EVERYTHING - ticked)):
        wanted = [what for what in happening.tells if scope_of(what) in scopes]
        assert sorted(arrived(begun, helper)) == sorted(wanted)
    events = [one.due.event for one in begun if isinstance(one.decision, Send)]
    assert len(events) == len(set(events))
    assert live_until(session, happening.until) == []


def stop(session: Session, link: Link, now: datetime) -> None:
    support.end(session, ANA, link.id, now)


def untick(session: Session, link: Link, now: datetime) -> None:
    support.change(session, ANA, link.id, (), now)


def pause(session: Session, link: Link, now: datetime) -> None:
    support.pause(session, ANA, link.id, True, now)


def rest(session: Session, link: Link, now: datetime) -> None:
    supporting.rest(session, BEN, True, now)


def leave(session: Session, link: Link, now: datetime) -> None:
    supporting.leave(session, BEN, link.id, now)


def vanish(session: Session, link: Link, now: datetime) -> None:
    supporting.unreachable(session, link.id, now)


REVOKED: list[Callable[[Session, Link, datetime], None]] = [stop, untick, pause, rest, leave, vanish]


@pytest.mark.parametrize("revoke", REVOKED)
def test_nothing_arrives_after_sharing_was_taken_back(
    session: Session, revoke: Callable[[Session, Link, datetime], None]
) -> None:
    begin_as(session, ANA)
    link = linked(session, *SCOPES)
    a_visit(session)
    check_in_dizzy(session)
    call(session)
    revoke(session, link, NOON + MINUTE)
    begun = live_until(session, MONDAY)
    assert set(arrived(begun)) <= {What.ENDED}
    assert (What.ENDED in arrived(begun)) is (revoke is stop)


@pytest.mark.parametrize("revoke", [stop, untick, pause, leave])
def test_what_waits_dies_in_the_transaction_that_takes_sharing_back(
    session: Session, revoke: Callable[[Session, Link, datetime], None]
) -> None:
    begin_as(session, ANA)
    link = linked(session, *SCOPES)
    other = linked(session, *SCOPES, helper=DORA)
    a_visit(session)
    check_in_dizzy(session)
    revoke(session, link, NOON + MINUTE)
    owed = rows_of(session, ANA, kind=Kind.SHARE, state=DueState.WAITING)
    assert [row.event for row in owed if row.event.startswith(f"s{link.id}.") and "/ended/" not in row.event] == []
    assert [row.event for row in owed if row.event.startswith(f"s{other.id}.")] != []


@pytest.mark.parametrize("revoke", REVOKED)
def test_what_was_claimed_before_and_begins_after_is_not_sent(
    session: Session, revoke: Callable[[Session, Link, datetime], None]
) -> None:
    begin_as(session, ANA)
    link = linked(session, *SCOPES)
    check_in_dizzy(session)
    rows = [row for row in claimed(session, NOON + MINUTE) if row.kind is Kind.SHARE]
    assert len(rows) == 2
    revoke(session, link, NOON + MINUTE)
    for row in rows:
        begun = due.begin(session, row.id, "t", NOON + MINUTE)
        assert begun is not None
        assert not isinstance(begun.decision, Send)


def test_a_send_that_failed_is_not_repeated_once_sharing_has_ended(session: Session) -> None:
    begin_as(session, ANA)
    link = linked(session, Scope.CHECKED_IN)
    check_in_well(session)
    (row,) = [row for row in claimed(session, NOON + MINUTE) if row.kind is Kind.SHARE]
    assert due.begin(session, row.id, "t", NOON + MINUTE) is not None
    stop(session, link, NOON + MINUTE)
    due.failed(session, row.id, "t", Failure.SLOW_DOWN, timedelta(seconds=5), NOON + MINUTE)
    assert arrived(live_until(session, NOON + HOUR)) == [What.ENDED]


def test_an_update_of_unknown_outcome_is_never_sent_again(session: Session) -> None:
    begin_as(session, ANA)
    linked(session, Scope.CHECKED_IN)
    check_in_well(session)
    (row,) = [row for row in claimed(session, NOON + MINUTE) if row.kind is Kind.SHARE]
    begun = due.begin(session, row.id, "t", NOON + MINUTE)
    assert begun is not None
    assert begun.share is not None
    shares.note(session, row, begun.share, "Ana checked in.", NOON + MINUTE)
    assert support.ledger(session, ANA, 9)[0].outcome == shares.SENDING
    (again,) = deliver_all(session, NOON + HOUR, by="another")  # the process died, and the lease ran out
    assert again.decision == Drop("outcome_unknown")
    assert support.ledger(session, ANA, 9)[0].outcome == shares.UNKNOWN


def test_before_the_patient_says_that_the_name_is_right_nothing_is_shared(session: Session) -> None:
    begin_as(session, ANA)
    link = linked(session, *SCOPES, confirmed=False)
    check_in_dizzy(session)
    a_visit(session)
    assert support.ask_to_call(session, ANA, link.id, "1", NOON) is None
    assert arrived(live_until(session, MONDAY)) == []


def test_paused_sharing_goes_on_with_what_comes_then(session: Session) -> None:
    begin_as(session, ANA)
    link = linked(session, *SCOPES)
    number = a_visit(session)
    pause(session, link, NOON)
    check_in_well(session)
    support.pause(session, ANA, link.id, False, NOON + HOUR)
    begun = live_until(session, NOON + 25 * HOUR)
    assert arrived(begun) == [What.VISIT]
    assert number


def test_a_support_person_who_rests_misses_nothing_that_comes_afterwards(session: Session) -> None:
    begin_as(session, ANA)
    linked(session, Scope.MOOD_WEEK, Scope.VISITS)
    check_in_well(session)
    supporting.rest(session, BEN, True, NOON)
    a_visit(session, NOON + 9 * DAY)
    assert arrived(live_until(session, MONDAY)) == []
    supporting.rest(session, BEN, False, MONDAY)
    assert arrived(live_until(session, MONDAY + 8 * DAY, MONDAY)) == [What.VISIT, What.MOOD_WEEK]


def test_a_visit_of_tomorrow_is_told_of_soon_and_once_for_each_moment(session: Session) -> None:
    begin_as(session, ANA)
    link = linked(session, *SCOPES)
    number = a_visit(session, NOON + 6 * HOUR)
    assert arrived(live_until(session, NOON + 10 * MINUTE)) == []
    assert arrived(live_until(session, NOON + 20 * MINUTE)) == [What.VISIT]
    support.change(session, ANA, link.id, EVERYTHING - {Scope.MOOD_WEEK}, NOON + HOUR)
    assert arrived(live_until(session, NOON + 2 * HOUR)) == []
    visits.move(session, ANA, number, NOON + 8 * HOUR, NOON + 2 * HOUR)
    assert arrived(live_until(session, NOON + 3 * HOUR)) == [What.VISIT_OFF, What.VISIT]


def test_a_visit_that_waits_for_the_morning_survives_a_change_of_other_scopes(session: Session) -> None:
    begin_as(session, ANA)
    link = linked(session, *SCOPES)
    a_visit(session, NOON + 36 * HOUR)  # at midnight: the word the day before falls into quiet hours
    assert arrived(live_until(session, NOON + 12 * HOUR)) == []
    support.change(session, ANA, link.id, EVERYTHING - {Scope.MOOD_WEEK, Scope.CHECKED_IN}, NOON + 13 * HOUR)
    assert arrived(live_until(session, NOON + 21 * HOUR)) == [What.VISIT]


def test_quiet_hours_hold_updates_back_but_not_a_wish_for_a_call(session: Session) -> None:
    begin_as(session, ANA)
    linked(session, Scope.CHECKED_IN, Scope.PLEASE_CALL)
    late = NOON + 11 * HOUR
    fill_in(session, ANA, open_card(session, ANA, late).check_in.id, late)
    for link in support.links_of(session, ANA):
        support.ask_to_call(session, ANA, link.id, "1", late)
    assert arrived(live_until(session, late + MINUTE)) == [What.PLEASE_CALL]
    (held,) = [row for row in rows_of(session, ANA, kind=Kind.SHARE) if row.why == "quiet_hours"]
    assert held.at == datetime(2025, 3, 2, 7, 0, tzinfo=NOON.tzinfo)
    assert arrived(live_until(session, SUNDAY_MORNING)) == [What.CHECKED_IN]


def test_quiet_hours_are_those_of_the_support_persons_own_zone(session: Session) -> None:
    begin_as(session, ANA)
    linked(session, Scope.CHECKED_IN)
    supporting.set_zone(session, BEN, "Asia/Tokyo")
    late = NOON + 3 * HOUR  # 23:00 in Tokyo
    fill_in(session, ANA, open_card(session, ANA, late).check_in.id, late)
    assert arrived(live_until(session, NOON + 11 * HOUR)) == []
    assert arrived(live_until(session, NOON + 12 * HOUR)) == [What.CHECKED_IN]


def test_a_day_brings_four_updates_at_most_and_a_call_besides(session: Session) -> None:
    begin_as(session, ANA)
    link = linked(session, Scope.SIDE_EFFECTS, Scope.PLEASE_CALL)
    for n in range(MOST_UPDATES_A_DAY + 2):
        card = checkins.open_extra(session, ANA, f"1/{n}", NOON)
        assert card is not None
        for code, value in {"mood": 3, "energy": 1, "dizziness": 2, "faint": 0, "nausea": 1}.items():
            checkins.answer(session, ANA, card.check_in.id, code, value, 0, NOON)
    support.ask_to_call(session, ANA, link.id, "1", NOON)
    sent = arrived(live_until(session, NOON + HOUR))
    assert sent.count(What.SIDE_EFFECTS) <= MOST_UPDATES_A_DAY
    assert What.PLEASE_CALL in sent
    assert {row.why for row in rows_of(session, ANA, kind=Kind.SHARE, state=DueState.DROPPED)} >= {"enough_today"}


def test_a_call_is_asked_for_once_a_day(session: Session) -> None:
    begin_as(session, ANA)
    link = linked(session, Scope.PLEASE_CALL)
    assert support.ask_to_call(session, ANA, link.id, "1", NOON) == "asked"
    assert support.ask_to_call(session, ANA, link.id, "2", NOON + 23 * HOUR) == "lately"
    assert support.ask_to_call(session, ANA, link.id, "3", NOON + 25 * HOUR) == "asked"


def test_side_effects_that_were_put_right_before_sending_are_not_told(session: Session) -> None:
    begin_as(session, ANA)
    linked(session, Scope.SIDE_EFFECTS)
    check_in_dizzy(session)
    number = open_card(session, ANA).check_in.id
    checkins.answer(session, ANA, number, "dizziness", 0, 1, NOON)
    assert arrived(live_until(session, NOON + HOUR)) == []


def test_an_entry_made_for_an_earlier_day_tells_nothing(session: Session) -> None:
    begin_as(session, ANA, NOON - 3 * DAY)
    linked(session, *SCOPES)
    card = checkins.open_past(session, ANA, (NOON - 2 * DAY).date(), NOON)
    assert card is not None
    fill_in(session, ANA, card.check_in.id, NOON)
    assert arrived(live_until(session, NOON + HOUR)) == []


def test_the_ledger_keeps_the_words_sealed_and_outlives_the_link(session: Session) -> None:
    begin_as(session, ANA)
    link = linked(session, Scope.CHECKED_IN)
    check_in_well(session)
    (row,) = [row for row in claimed(session, NOON + MINUTE) if row.kind is Kind.SHARE]
    begun = due.begin(session, row.id, "t", NOON + MINUTE)
    assert begun is not None
    assert begun.share is not None
    shares.note(session, row, begun.share, "Ana checked in.", NOON + MINUTE)
    due.sent(session, row.id, "t", 71, NOON + MINUTE)
    supporting.leave(session, BEN, link.id, NOON + MINUTE)
    (told,) = support.ledger(session, ANA, 5)
    assert (told.what, told.scope, told.outcome, told.name, told.text) == (
        "checked_in",
        "checked_in",
        "sent",
        "Ben",
        "Ana checked in.",
    )
    assert support.ledger(session, CLEO, 5) == []


def test_the_example_of_an_invitation_is_what_would_have_been_sent(session: Session) -> None:
    begin_as(session, ANA, NOON - 9 * DAY)
    check_in_dizzy(session)
    a_visit(session)
    code = invited(session, *SCOPES)
    (one,) = support.invitations_of(session, ANA, NOON)
    example = previews.of_invitation(session, ANA, one.id, NOON)
    assert {scope: [share.update.what for share in found] for scope, found in example.items()} == {
        Scope.CHECKED_IN: [What.CHECKED_IN],
        Scope.MOOD_WEEK: [What.MOOD_WEEK],
        Scope.SIDE_EFFECTS: [What.SIDE_EFFECTS],
        Scope.VISITS: [What.VISIT],
        Scope.PLEASE_CALL: [What.PLEASE_CALL],
    }
    assert example[Scope.SIDE_EFFECTS][0].effects == {"dizziness": 2}
    assert example[Scope.MOOD_WEEK][0].weeks[0] == 3
    assert previews.of_invitation(session, CLEO, one.id, NOON) == {}
    assert code


def test_an_example_shows_the_ticked_scopes_alone(session: Session) -> None:
    begin_as(session, ANA)
    check_in_dizzy(session)
    invited(session, Scope.VISITS)
    (one,) = support.invitations_of(session, ANA, NOON)
    assert previews.of_invitation(session, ANA, one.id, NOON) == {Scope.VISITS: []}


def test_an_invitation_without_a_tick_gets_no_code(session: Session) -> None:
    begin_as(session, ANA)
    draft = support.draft(session, ANA, NOON)
    assert draft is not None
    assert support.issue(session, ANA, draft.id, a_code("x"), NOON) is None


def test_what_an_open_invitation_shares_cannot_be_changed_any_more(session: Session) -> None:
    begin_as(session, ANA)
    invited(session, Scope.VISITS)
    (one,) = support.invitations_of(session, ANA, NOON)
    support.set_scopes(session, ANA, one.id, EVERYTHING)
    (after,) = support.invitations_of(session, ANA, NOON)
    assert after.scopes == {Scope.VISITS}


def test_a_used_or_expired_code_tells_no_name(session: Session) -> None:
    begin_as(session, ANA)
    code = invited(session, Scope.VISITS, helper=None)
    seen = supporting.look(session, BEN, code, NOON + 49 * HOUR)
    assert (seen.refused, seen.patient_name, seen.invitation) == ("expired", "", None)
    assert supporting.accept(session, BEN, code, "Ben", "en", NOON) is not None
    seen = supporting.look(session, CLEO, code, NOON + HOUR)
    assert (seen.refused, seen.patient_name, seen.invitation) == ("used", "", None)


def test_only_a_patient_can_invite(session: Session) -> None:
    assert support.draft(session, STRANGER, NOON) is None
    assert support.why_not(session, STRANGER, NOON) == "stranger"


def test_who_was_never_confirmed_leaves_nothing_behind(session: Session) -> None:
    begin_as(session, ANA)
    link = linked(session, *SCOPES, confirmed=False)
    after = support.end(session, ANA, link.id, NOON)
    assert after is not None
    assert after.state is LinkState.ENDED
    assert support.links_of(session, ANA) == []
    assert supporting.supported(session, BEN) == []
    assert arrived(live_until(session, NOON + HOUR)) == []


def test_two_people_link_again_after_an_end_and_nothing_old_comes(session: Session) -> None:
    begin_as(session, ANA)
    first = linked(session, *SCOPES)
    check_in_well(session)
    support.end(session, ANA, first.id, NOON)
    again = linked(session, Scope.VISITS, now=NOON + MINUTE)
    assert again.scopes == {Scope.VISITS}
    assert What.ENDED not in arrived(live_until(session, NOON + HOUR, NOON + MINUTE))


@pytest.fixture
async def pair(database_url: str, keyring: Keyring, database: Database) -> tuple[Database, Database]:
    """Two processes on one database."""
    return database, Database.open(database_url, keyring)


async def _owed(database: Database, n: int) -> tuple[int, int]:
    """Link Ben anew and owe him a word; give the link's number and the due row's."""

    def work(session: Session) -> tuple[int, int]:
        now = NOON + n * DAY
        link = linked(session, Scope.PLEASE_CALL, now=now)
        assert support.ask_to_call(session, ANA, link.id, "1", now) == "asked"
        rows = [row for row in due.claim(session, "theirs", now, 100, 600) if row.kind is Kind.SHARE]
        wanted = [row for row in rows if "/please_call/" in row.event]
        return link.id, wanted[-1].id

    return await database.write(work)


async def test_no_send_begins_once_a_revocation_is_committed_by_another_process(
    pair: tuple[Database, Database], report: Callable[[str], None], backend: str
) -> None:
    ours, theirs = pair
    await ours.write(begin_as, ANA)
    luck, took, outcomes = random.Random(4), [], []
    for n in range(40):
        link, row = await _owed(ours, n)
        now = NOON + n * DAY
        committed, begun_at = 0.0, 0.0

        async def revoke(link: int = link, now: datetime = now, wait: float = luck.random() / 200) -> None:
            nonlocal committed
            await asyncio.sleep(wait)
            began = time.monotonic()
            await ours.write(support.end, ANA, link, now)
            committed = time.monotonic()
            took.append(committed - began)

        async def begin(row: int = row, now: datetime = now, wait: float = luck.random() / 200) -> bool:
            nonlocal begun_at
            await asyncio.sleep(wait)
            begun_at = time.monotonic()
            begun = await theirs.write(due.begin, row, "theirs", now)
            return begun is not None and isinstance(begun.decision, Send)

        _, is_sent = await asyncio.gather(revoke(), begin())
        outcomes.append(is_sent)
        assert not (is_sent and begun_at > committed)
        again = await theirs.write(due.begin, row, "theirs", now)
        assert again is None or not isinstance(again.decision, Send)
        await ours.write(supporting.unreachable, link, now)
        await ours.write(deliver_all, now)
    await theirs.close()
    assert max(took) < 1
    report(
        f"revoking on {backend}: {max(took) * 1000:.0f} ms at most, in force at once;"
        f" {sum(outcomes)} of {len(outcomes)} sends had begun before"
    )


async def test_two_processes_never_begin_the_same_update(pair: tuple[Database, Database]) -> None:
    ours, theirs = pair
    await ours.write(begin_as, ANA)
    await ours.write(linked, *SCOPES)
    await ours.write(check_in_dizzy)

    async def work(database: Database, name: str) -> list[str]:
        rows = await database.write(due.claim, name, NOON + MINUTE, 100, 60)
        begun = [await database.write(due.begin, row.id, name, NOON + MINUTE) for row in rows]
        return [one.due.event for one in begun if one and one.share and isinstance(one.decision, Send)]

    first, second = await asyncio.gather(work(ours, "one"), work(theirs, "two"))
    assert len(first) + len(second) == 2
    assert not set(first) & set(second)
    await theirs.close()


def test_nobody_linked_costs_nothing_that_waits(session: Session) -> None:
    begin_as(session, ANA)
    check_in_dizzy(session)
    a_visit(session)
    assert rows_of(session, ANA, kind=Kind.SHARE) == []
