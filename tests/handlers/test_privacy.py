"""The policy."""

from tests.handlers.harness import Phone


async def test_the_policy_names_what_is_stored_and_who_can_see_it_and_what_was_agreed(ana: Phone) -> None:
    await ana.writes("/privacy")
    assert "not end-to-end encrypted" in ana.last.text
    assert "No one reads along" in ana.last.text
    assert "Lindenhof Clinic" in ana.last.text
    assert "storing your answers: Oct 14, 2026 (text 1)" in ana.last.text
    assert "messages at your times: Oct 14, 2026 (text 1)" in ana.last.text


async def test_the_full_text_opens_in_place_and_folds_again(ana: Phone) -> None:
    await ana.writes("/privacy")
    short = ana.last.text
    await ana.taps("Full text")
    assert "HIPAA" in ana.last.text
    await ana.taps("In short")
    assert ana.last.text == short
    assert len(ana.messages) == 1


async def test_a_stranger_can_read_it_before_agreeing_to_anything(stranger: Phone) -> None:
    await stranger.writes("/privacy")
    assert "What I store" in stranger.last.text
    assert "You agreed" not in stranger.last.text
    await stranger.taps("Full text")
    assert "HIPAA" in stranger.last.text


async def test_nothing_is_promised_that_does_not_exist(ana: Phone) -> None:
    await ana.writes("/privacy")
    await ana.taps("Full text")
    assert "/export" not in ana.last.text
    assert "/delete" not in ana.last.text
