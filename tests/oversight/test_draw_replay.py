"""Promise 56: a draw is repeated from its sheet alone, and the replay says when list or seed are not what they should be."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from casework.errors import Invalid
from oversight.models import PlannedDraw
from oversight.spot_checks.freezing import Beacon
from oversight.spot_checks.reading import draw_to_read, record_of
from oversight.spot_checks.replay import read_record, replay
from oversight.spot_checks.seeding import enter_beacon
from tests.cast import Cast
from tests.oversight.draws import SEED, drawn, frozen
from tests.oversight.test_draw_tickets import SHA256, TEXT
from tests.walk import NOW

RECORD = (
    f"{TEXT}sha256 {SHA256}\nfrozen 2026-03-02T10:00:00+08:00\nseed-value {SEED}\nseeded 2026-03-02T10:05:00+08:00\n"
    "drawn 990102002 3\ndrawn 990102001 12\ndrawn 990102003 3\ndrawn 990101003 12\n"
)


def command(words: str, tmp_path: Path, *options: str) -> str:
    file, out = tmp_path / "record.txt", StringIO()
    file.write_text(words, "utf-8")
    call_command("replay_draw", str(file), *options, stdout=out)
    return out.getvalue()


def test_the_record_alone_repeats_the_draw(tmp_path: Path) -> None:
    found = replay(read_record(RECORD))
    assert found.holds
    assert found.is_same_draw
    said = command(RECORD, tmp_path)
    assert f"sha256 {SHA256}" in said
    assert "1 990102002 key 0565d6b6582bf5644d8bbd1cefe242b90bb9bbee1c543b102efbcf14d1eac441 3" in said
    assert "NO" not in said


def test_a_list_changed_after_its_hash_is_said(tmp_path: Path) -> None:
    changed = RECORD.replace("990101001 990101 10 1 lot", "990101001 990101 11 1 lot")
    found = replay(read_record(changed))
    assert (found.is_same_list, found.is_seed_later, found.holds) == (False, True, False)
    with pytest.raises(CommandError):
        command(changed, tmp_path)


@pytest.mark.parametrize("seeded", ["2026-03-02T09:59:59+08:00", "2026-03-02T10:00:00+08:00"])
def test_a_seed_known_before_the_list_is_said(seeded: str) -> None:
    found = replay(read_record(RECORD.replace("2026-03-02T10:05:00+08:00", seeded)))
    assert (found.is_same_list, found.is_seed_later, found.holds) == (True, False, False)


def test_another_seed_draws_others_and_that_is_said() -> None:
    found = replay(read_record(RECORD.replace(f"seed-value {SEED}", f"seed-value {SEED[:-1]}1")))
    assert (found.is_same_draw, found.holds) == (False, False)


def test_a_seed_of_another_kind_than_was_named_is_said() -> None:
    for seed in ("1234512345", "7777777777", "abcdef0123456789"):
        found = replay(read_record(RECORD.replace(SEED, seed)))
        assert (found.is_seed_as_named, found.holds) == (False, False)


def test_without_hash_and_times_it_says_that_it_cannot_tell(tmp_path: Path) -> None:
    found = replay(read_record(TEXT, seed=SEED))
    assert (found.is_same_list, found.is_seed_later, found.is_same_draw, found.holds) == (None, None, None, False)
    assert command(TEXT, tmp_path, "--seed", SEED).count("\n? ") == 3
    said = command(
        TEXT,
        tmp_path,
        *("--seed", SEED, "--sha256", SHA256.upper()),
        *("--frozen-at", "2026-03-02T10:00:00+08:00", "--seeded-at", "2026-03-02T10:05:00+08:00"),
    )
    assert said.count("\nok ") == 2


def test_paper_breaks_lines_and_adds_blanks_and_numbers_of_pages() -> None:
    broken = RECORD.replace(SHA256, f"{SHA256[:30]}\r\n{SHA256[30:]}").replace("\n", "  \r\n\r\n")
    broken = broken.replace(SEED, f"{SEED[:11]}\n  {SEED[11:]}").replace("village 9", "  village\t9")
    assert replay(read_record("\ufeff" + broken.replace("inspector 12", "— 1 / 2 —\n\finspector 12"))).holds


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("", "text"),
        (TEXT, "seed"),
        (RECORD.replace(SEED, "a b|c"), "seed"),
        (RECORD.replace("2026-03-02T10:00:00+08:00", "yesterday"), "text"),
        (RECORD.replace("2026-03-02T10:00:00+08:00", "2026-13-02T10:00:00+08:00"), "text"),
        (RECORD.replace("drawn 990102002 3", "drawn 990102002 x"), "text"),
        (RECORD.replace("village ", "\x00 "), "text"),
        ("9" * 1_000_001, "text"),
    ],
)
def test_what_cannot_be_replayed_says_what_is_wrong(words: str, field: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        replay(read_record(words))
    assert refused.value.field == field
    with pytest.raises(CommandError):
        command(words, tmp_path)


def test_the_record_of_a_draw_replays_it(cast: Cast) -> None:
    made = drawn(cast, lot=2, yearly=1)
    found = replay(read_record(record_of(draw_to_read(PlannedDraw.objects.get(pk=made.pk))).as_text()))
    assert found.holds
    assert found.is_same_draw
    rows = made.villages.order_by("rank").values_list("village__code", "ticket", "inspector", "inspector_ticket")
    assert [(one.code, one.ticket.value, one.inspector, one.inspector_ticket) for one in found.result.drawn] == list(
        rows
    )


def test_a_beacons_draw_replays_too(cast: Cast) -> None:
    made = frozen(cast, beacon=Beacon("双色球", "2026025", NOW + timedelta(days=1)))
    value = "03 08 12 19 27 28 11"
    enter_beacon(draw=made, round="2026025", value=value, by=cast.county_supervisor, at=NOW + timedelta(days=2))
    found = replay(read_record(record_of(draw_to_read(made)).as_text()))
    assert found.holds
    assert made.seed.value == "03081219272811"


def test_a_missing_file_is_a_sentence() -> None:
    with pytest.raises(CommandError):
        call_command("replay_draw", "/nowhere/record.txt")
