"""The support person's side of sharing, on both databases: who may answer a code, and what leaving takes with it."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, func, select

from care.due import Failure, Kind
from care.people import State
from care.schedule import QuietHours
from care.sharing import (
    MOST_WRONG_CODES_AN_HOUR,
    Invitation,
    InvitationState,
    Link,
    LinkState,
    Scope,
    What,
    new_code,
)
from care.visits import Appointment, VisitKind
from storage import due, links, patients, shares, support, supporting, visits
from storage.tables import CodeTryRow, DataKeyRow, InvitationRow, SupportPersonRow
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
ALL = frozenset(Scope)


def code(n: int = 1) -> str:
    return new_code(bytes([n]) * 13)


def invited(session: Session, n: int = 1, *, bound: int | None = None, chat_id: int = ANA) -> Invitation:
    made = support.draft(session, chat_id, NOON + n * timedelta(seconds=1), bound_chat_id=bound, name="Ben")
    assert made is not None
    support.set_scopes(session, chat_id, made.id, ALL)
    issued = support.issue(session, chat_id, made.id, code(n), NOON)
    assert issued is not None
    return issued


def accepted(session: Session, n: int = 1, *, chat_id: int = BEN, name: str = "Ben") -> Link:
    invited(session, n)
    link = supporting.accept(session, chat_id, code(n), name, "en", NOON)
    assert link is not None
    return link


def linked(session: Session, n: int = 1, *, chat_id: int = BEN) -> Link:
    link = support.confirm(session, ANA, accepted(session, n, chat_id=chat_id).id, NOON)
    assert link is not None
    deliver_all(session, NOON)
    return link


def refused(session: Session, chat_id: int = BEN, n: int = 1, *, later: timedelta = timedelta()) -> str:
    return supporting.look(session, chat_id, code(n), NOON + later).refused


def notices(session: Session) -> list[str]:
    return [row.event.partition("/")[2] for row in rows_of(session, ANA, kind=Kind.NOTICE)]


def count(session: Session, table: type) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def planned_visit(session: Session, ahead: timedelta = 3 * DAY) -> Appointment:
    made = visits.make(session, ANA, [NewVisit(NOON + ahead, "Europe/Berlin", VisitKind.TREATMENT)], NOON)
    assert made is not None
    return made.new[0]


def test_an_invitation_shows_who_invites_to_what(session: Session) -> None:
    begin_as(session, ANA)
    support.name_me(session, ANA, "Ana")
    invited(session)
    seen = supporting.look(session, BEN, code(), NOON)
    assert (seen.refused, seen.patient_name) == ("", "Ana")
    assert seen.invitation is not None
    assert seen.invitation.scopes == ALL
    assert count(session, SupportPersonRow) == 0


def test_accepting_makes_a_link_that_waits_for_the_patient_and_tells_them(session: Session) -> None:
    begin_as(session, ANA)
    link = accepted(session)
    assert (link.state, link.name, link.scopes, link.zone) == (LinkState.WAITING, "Ben", ALL, None)
    assert notices(session) == ["accepted"]
    assert supporting.supported(session, BEN) == [(link, "")]
    assert rows_of(session, ANA, kind=Kind.SHARE) == []


def test_a_code_is_accepted_once(session: Session) -> None:
    begin_as(session, ANA)
    first = accepted(session)
    assert supporting.accept(session, BEN, code(), "Ben", "en", NOON) is None
    assert supporting.accept(session, DORA, code(), "Dora", "en", NOON) is None
    assert (refused(session), refused(session, DORA)) == ("already", "used")
    assert links.of_patient(session, first.patient_id) == [first]
    assert notices(session) == ["accepted"]


@pytest.mark.parametrize("reported", [False, True])
def test_declining_keeps_nothing_and_tells_the_patient_no_more_than_that(session: Session, reported: bool) -> None:
    begin_as(session, ANA)
    invited(session)
    assert supporting.refuse(session, BEN, code(), NOON, reported=reported)
    assert not supporting.refuse(session, BEN, code(), NOON, reported=reported)
    assert notices(session) == ["declined"]
    assert refused(session) == "used"
    assert count(session, SupportPersonRow) == 0
    state = session.exec(select(InvitationRow.state)).one()
    assert state == (InvitationState.REPORTED if reported else InvitationState.DECLINED)


def test_a_code_works_for_48_hours(session: Session) -> None:
    begin_as(session, ANA)
    invited(session)
    assert refused(session, later=48 * HOUR - MINUTE) == ""
    assert refused(session, later=48 * HOUR) == "expired"
    assert supporting.accept(session, BEN, code(), "Ben", "en", NOON + 48 * HOUR) is None
    assert not supporting.refuse(session, BEN, code(), NOON + 48 * HOUR)


def test_a_bound_code_works_for_its_account_alone_and_the_patient_hears_of_another_once(session: Session) -> None:
    begin_as(session, ANA)
    invited(session, bound=BEN)
    for _ in range(3):
        seen = supporting.look(session, DORA, code(), NOON)
        assert (seen.refused, seen.invitation, seen.patient_name) == ("other", None, "")
    assert supporting.accept(session, DORA, code(), "Dora", "en", NOON) is None
    assert notices(session) == ["wrong_account"]
    assert refused(session) == ""


def test_a_bound_code_that_was_taken_back_is_no_news_for_the_patient(session: Session) -> None:
    begin_as(session, ANA)
    support.withdraw(session, ANA, invited(session, bound=BEN).id)
    assert refused(session, DORA) == "other"
    assert refused(session) == "used"
    assert notices(session) == []


def test_nobody_supports_themselves(session: Session) -> None:
    begin_as(session, ANA)
    invited(session)
    assert refused(session, ANA) == "own"
    assert supporting.accept(session, ANA, code(), "Ana", "en", NOON) is None


def test_two_patients_can_support_each_other(session: Session) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    invited(session)
    invited(session, 2, chat_id=CLEO)
    assert supporting.accept(session, CLEO, code(), "Cleo", "en", NOON)
    assert supporting.accept(session, ANA, code(2), "Ana", "en", NOON)
    assert [link.patient_id for link, _ in supporting.supported(session, CLEO)] != [
        link.patient_id for link, _ in supporting.supported(session, ANA)
    ]


def test_a_fourth_support_person_finds_no_place(session: Session) -> None:
    patient = begin_as(session, ANA)
    for n in (1, 2, 3):
        accepted(session, n, chat_id=BEN + 10 * n)
    kept = {"state": "open", "made_at": NOON, "expires_at": NOON + DAY, "scopes": frozenset[str]()}
    session.add(InvitationRow(patient_id=patient.id, code_hash=support.hash_of(code(4)), **kept))
    session.flush()
    assert refused(session, DORA, 4) == "full"
    assert supporting.accept(session, DORA, code(4), "Dora", "en", NOON) is None


def test_who_is_linked_already_needs_no_other_code(session: Session) -> None:
    begin_as(session, ANA)
    linked(session)
    invited(session, 2)
    assert refused(session, BEN, 2) == "already"


def test_after_five_wrong_codes_in_an_hour_none_is_looked_at(session: Session) -> None:
    begin_as(session, ANA)
    invited(session)
    for n in range(MOST_WRONG_CODES_AN_HOUR):
        assert refused(session, n=100 + n) == "unknown"
    assert refused(session) == "too_many_tries"
    assert supporting.accept(session, BEN, code(), "Ben", "en", NOON) is None
    assert refused(session, DORA) == ""
    assert refused(session, later=HOUR) == ""
    supporting.forget_tries(session, NOON + DAY)
    assert count(session, CodeTryRow) == 0


def test_what_is_no_code_at_all_counts_as_a_try(session: Session) -> None:
    assert supporting.look(session, BEN, None, NOON).refused == "unknown"
    assert supporting.look(session, BEN, "", NOON).refused == "unknown"
    assert count(session, CodeTryRow) == 2


def test_leaving_erases_the_support_person_and_tells_the_patient(session: Session) -> None:
    begin_as(session, ANA)
    keys = count(session, DataKeyRow)
    link = linked(session)
    visit = planned_visit(session)
    assert rows_of(session, ANA, kind=Kind.SHARE, state="waiting")
    assert supporting.leave(session, BEN, link.id, NOON)
    assert not supporting.leave(session, BEN, link.id, NOON)
    assert links.one(session, link.id) is None
    assert rows_of(session, ANA, kind=Kind.SHARE, state="waiting") == []
    assert count(session, DataKeyRow) == keys
    assert notices(session)[-1] == "left"
    visits.cancel(session, ANA, visit.id, NOON)
    assert rows_of(session, ANA, kind=Kind.SHARE, state="waiting") == []


def test_nobody_leaves_for_another(session: Session) -> None:
    begin_as(session, ANA)
    link = linked(session)
    assert not supporting.leave(session, CLEO, link.id, NOON)
    assert not supporting.leave(session, ANA, link.id, NOON)
    assert links.one(session, link.id) == link


def test_a_block_ends_every_link_of_the_one_who_blocked(session: Session) -> None:
    begin_as(session, ANA)
    link, other = linked(session), linked(session, 2, chat_id=DORA)
    supporting.lost(session, BEN, NOON)
    supporting.lost(session, BEN, NOON)
    assert links.one(session, link.id) is None
    assert links.one(session, other.id) == other
    assert notices(session)[-1:] == ["unreachable"]


def test_whoever_left_can_be_invited_again_and_nothing_old_comes_with_it(session: Session) -> None:
    begin_as(session, ANA)
    first = linked(session)
    supporting.leave(session, BEN, first.id, NOON)
    again = accepted(session, 2)
    assert (again.id > first.id, again.state) == (True, LinkState.WAITING)


def test_ending_and_saying_yes_again_before_the_word_of_it_went_out(session: Session) -> None:
    begin_as(session, ANA)
    first = linked(session)
    support.end(session, ANA, first.id, NOON)
    again = accepted(session, 2)
    assert (again.id, again.state, again.name) == (first.id, LinkState.WAITING, "Ben")
    assert again.version > first.version


def test_choices_hold_for_all_links_of_a_support_person_and_for_nobody_else(session: Session) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    accepted(session)
    invited(session, 2, chat_id=CLEO)
    supporting.accept(session, BEN, code(2), "Ben", "en", NOON)
    accepted(session, 3, chat_id=DORA)
    supporting.set_zone(session, BEN, "America/New_York")
    supporting.set_quiet(session, BEN, QuietHours(60, 120))
    supporting.rest(session, BEN, True, NOON)
    for link, _ in supporting.supported(session, BEN):
        assert (link.zone, link.quiet, link.paused_at) == ("America/New_York", QuietHours(60, 120), NOON)
    ((other, _),) = supporting.supported(session, DORA)
    assert (other.zone, other.paused_at) == (None, None)
    supporting.rest(session, BEN, False, NOON)
    assert all(link.paused_at is None for link, _ in supporting.supported(session, BEN))


def test_a_wish_goes_once_a_day(session: Session) -> None:
    begin_as(session, ANA)
    link = linked(session)
    assert supporting.wish(session, BEN, link.id, "thinking", NOON) == "sent"
    assert supporting.wish(session, BEN, link.id, "thinking", NOON + 23 * HOUR) == "lately"
    assert notices(session)[-1:] == ["wish_thinking"]
    assert supporting.wish(session, BEN, link.id, "soon", NOON + DAY) == "sent"
    assert supporting.wish(session, CLEO, link.id, "soon", NOON + 3 * DAY) is None


def test_a_muted_wish_is_answered_as_kindly_and_tells_nobody(session: Session) -> None:
    begin_as(session, ANA)
    link = linked(session)
    before = notices(session)
    support.mute_wishes(session, ANA, link.id, True)
    assert supporting.wish(session, BEN, link.id, "thinking", NOON) == "sent"
    assert supporting.wish(session, BEN, link.id, "thinking", NOON) == "lately"
    assert notices(session) == before


def test_who_is_not_confirmed_sends_no_wish(session: Session) -> None:
    begin_as(session, ANA)
    assert supporting.wish(session, BEN, accepted(session).id, "thinking", NOON) is None


def test_an_answer_about_a_ride_is_told_and_a_changed_one_again(session: Session) -> None:
    begin_as(session, ANA)
    link, visit = linked(session), planned_visit(session)
    that = (visit.id, visit.version)
    before = len(notices(session))
    for can in (True, True, False, True):
        assert supporting.can_drive(session, BEN, link.id, that, can, NOON + MINUTE * len(notices(session)))
    can, cannot = (f"{said}_drive.{visit.id}.{visit.version}" for said in ("can", "cannot"))
    assert notices(session)[before:] == [can, cannot, can]


def test_nothing_is_told_of_a_visit_that_is_not_known_or_does_not_stand_so(session: Session) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    link, visit = linked(session), planned_visit(session)
    before = notices(session)
    for forged in ((visit.id, 2), (visit.id + 1, 1), (0, 0)):
        assert not supporting.can_drive(session, BEN, link.id, forged, True, NOON)
    assert not supporting.can_drive(session, CLEO, link.id, (visit.id, 1), True, NOON)
    assert not supporting.can_drive(session, BEN, link.id, (visit.id, 1), True, visit.at)
    support.change(session, ANA, link.id, {Scope.CHECKED_IN}, NOON)
    assert not supporting.can_drive(session, BEN, link.id, (visit.id, 1), True, NOON)
    assert notices(session) == before


def test_roles_are_told_apart(session: Session) -> None:
    begin_as(session, ANA)
    assert supporting.roles(session, STRANGER) == (False, False)
    assert supporting.roles(session, ANA) == (True, False)
    linked(session)
    assert (supporting.roles(session, BEN), supporting.is_only_one(session, BEN)) == ((False, True), True)
    begin_as(session, BEN)
    assert (supporting.roles(session, BEN), supporting.is_only_one(session, BEN)) == ((True, True), False)


def test_word_of_a_cancelled_visit_is_dropped_when_the_visit_is_on_again(session: Session) -> None:
    begin_as(session, ANA)
    linked(session)
    visit = planned_visit(session)
    soon = NOON + 2 * DAY + MINUTE
    assert What.VISIT in [one.share.update.what for one in deliver_all(session, soon) if one.share]
    visits.cancel(session, ANA, visit.id, soon)
    visits.restore(session, ANA, visit.id, soon)
    deliver_all(session, soon + MINUTE)
    (row,) = (row for row in rows_of(session, ANA, kind=Kind.SHARE) if "/visit_off/" in row.event)
    assert (row.state, row.why) == ("dropped", "visit_changed")


def test_word_of_a_moved_visit_says_the_new_moment(session: Session) -> None:
    begin_as(session, ANA)
    linked(session)
    visit = planned_visit(session)
    soon = NOON + 2 * DAY + MINUTE
    deliver_all(session, soon)
    visits.move(session, ANA, visit.id, visit.at + DAY, soon)
    (said,) = [one.share for one in deliver_all(session, soon + MINUTE) if one.share]
    assert said.update.what is What.VISIT_OFF
    assert said.visit is not None
    assert said.visit.at == visit.at + DAY


def test_an_update_stands_only_while_its_link_and_its_scope_do(session: Session) -> None:
    begin_as(session, ANA)
    link, visit = linked(session), planned_visit(session)
    share = shares.of_visit(session, link, visit.id, visit.version, NOON)
    assert share is not None
    assert shares.stands(session, share)
    support.pause(session, ANA, link.id, True, NOON)
    assert not shares.stands(session, share)
    support.pause(session, ANA, link.id, False, NOON)
    support.change(session, ANA, link.id, ALL - {Scope.MOOD_WEEK}, NOON)
    assert shares.stands(session, share)
    support.end(session, ANA, link.id, NOON)
    assert not shares.stands(session, share)


def test_the_keys_and_names_of_two_support_persons_are_their_own(session: Session) -> None:
    begin_as(session, ANA)
    one, other = accepted(session), accepted(session, 2, chat_id=DORA, name="Dora")
    assert [link.name for link in links.of_patient(session, one.patient_id)] == ["Ben", "Dora"]
    rows = session.exec(select(SupportPersonRow).order_by(col(SupportPersonRow.id))).all()
    assert len({row.key_id for row in rows}) == 2
    assert b"Ben" not in (rows[0].name_sealed or b"")
    assert other.id != one.id


@pytest.mark.parametrize(
    ("failure", "outcome", "stays"), [(Failure.UNREACHABLE, "not_sent", False), (Failure.UNKNOWN, "unknown", True)]
)
def test_an_update_that_did_not_arrive_is_not_sent_again(
    session: Session, failure: Failure, outcome: str, stays: bool
) -> None:
    begin_as(session, ANA)
    link = linked(session)
    fill_in(session, ANA, open_card(session, ANA).check_in.id)
    row = next(row for row in claimed(session, NOON, "x") if row.kind is Kind.SHARE)
    begun = due.begin(session, row.id, "x", NOON)
    assert begun is not None
    assert begun.share is not None
    shares.note(session, begun.due, begun.share, "words", NOON)
    due.failed(session, row.id, "x", failure, None, NOON)
    assert support.ledger(session, ANA, 1)[0].outcome == outcome
    assert (links.one(session, link.id) is not None) is stays
    assert ("unreachable" in notices(session)) is not stays
    patient = patients.find(session, ANA)
    assert patient is not None
    assert patient.state is State.ACTIVE
    assert all(one.id != row.id for one in claimed(session, NOON + HOUR, "y"))
