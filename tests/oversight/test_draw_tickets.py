"""Tickets and the text that is hashed: the same for every program. The vectors come from `sha256sum` and `sort`."""

from collections import Counter
from dataclasses import replace

import pytest

from casework.errors import Invalid
from oversight.spot_checks.frozen_list import ListedInspector, ListedVillage, Rule, read_list, sha256_of
from oversight.spot_checks.tickets import draw_from, inspector_of_replacement, village_ticket

SEED = "4163524163-5215364213"
TEXT = """format 1
plan 7
area 990100
listed 2026-03-02
days 2026-03-02 2026-04-30
lot 2
yearly 1
keys 100
seed dice
village 990101001 990101 10 1 lot
village 990101002 990101 14 2 lot
village 990101003 990101 10 4 year
village 990102001 990102 2 4 year
village 990102002 990102 10 4 key
village 990102003 990102 40 1 lot
inspector 3 990101
inspector 12
"""
SHA256 = "9d2eba08016c7c960338cdcb63c7d9c5111b06741886bf0f18760d5fb7de4bc3"
# for i in $(seq 1 28); do printf '%s|990101002|%s' $SEED $i | sha256sum; done | sort | head -1
TICKETS = {
    "990102003": (40, "02424a9088cedeb8ce3e191f9220ed5199c42e351c8ca2211aaab52e7eea3ce1", 19),
    "990102001": (8, "029ef68ab49bac980c4f72042a52adafc709cce0a35123a955c53d32cf3694d9", 2),
    "990101003": (40, "034c143d890adcbf7c849c997fcca94bb3919d6113151ae171de0bf908397b4e", 28),
    "990101002": (28, "055f9d5414704c40684d3de85042b9bb9e73de97fb31900d68e58b60e0d36a96", 5),
    "990102002": (40, "0565d6b6582bf5644d8bbd1cefe242b90bb9bbee1c543b102efbcf14d1eac441", 8),
    "990101001": (10, "62574ac7e981ab758ba0f658ff0c2c4b7c4e2ae141084d2de53356359c84d619", 7),
}


def test_the_text_and_its_hash_are_these_bytes() -> None:
    listed = read_list(TEXT)
    shuffled = replace(listed, villages=listed.villages[::-1], inspectors=listed.inspectors[::-1])
    assert shuffled.as_text() == TEXT
    assert sha256_of(TEXT) == SHA256


@pytest.mark.parametrize("code", sorted(TICKETS))
def test_a_ticket_is_the_lowest_of_as_many_hashes_as_the_weight(code: str) -> None:
    weight, value, number = TICKETS[code]
    assert (village_ticket(SEED, code, weight).value, village_ticket(SEED, code, weight).number) == (value, number)
    assert village_ticket(SEED, code, number).value == value
    if number > 1:
        assert village_ticket(SEED, code, number - 1).value > value


def test_key_villages_then_a_year_without_a_check_then_the_lot() -> None:
    result = draw_from(read_list(TEXT), SEED)
    assert [(one.code, one.rule, one.inspector) for one in result.drawn] == [
        ("990102002", Rule.KEY, 3),
        ("990102001", Rule.YEAR, 12),
        ("990102003", Rule.LOT, 3),
        ("990101003", Rule.LOT, 12),  # not drawn by its year, but by lot; 3 does not go to the own town
    ]
    assert [code for code, _ticket in result.reserve] == ["990101002", "990101001"]
    assert result.drawn[0].inspector_ticket.startswith("1a16620b2d31")


def test_a_share_of_the_key_villages_is_rounded_up() -> None:
    listed = read_list(TEXT)
    keys = tuple(replace(one, rule=Rule.KEY) for one in listed.villages)
    for share, count in ((100, 6), (50, 3), (34, 3), (33, 2), (1, 1), (0, 0)):
        drawn = draw_from(replace(listed, villages=keys, key_share=share, lot=0), SEED).drawn
        assert [one.rule for one in drawn] == [Rule.KEY] * count


def test_twice_the_weight_is_drawn_first_twice_as_often() -> None:
    villages = tuple(ListedVillage(code, "t", weight, 1, Rule.LOT) for code, weight in (("a", 6), ("b", 3), ("c", 3)))
    listed = replace(read_list(TEXT), villages=villages, lot=1)
    first = Counter(draw_from(listed, f"seed{number}").drawn[0].code for number in range(800))
    assert abs(first["a"] / 800 - 0.5) < 0.06
    assert abs(first["b"] / 800 - 0.25) < 0.06


def test_a_village_more_or_less_moves_nobody_elses_ticket() -> None:
    listed = replace(read_list(TEXT), lot=6, yearly=0, key_share=0)
    ranked = [one.code for one in draw_from(listed, SEED).drawn]
    fewer = replace(listed, villages=tuple(one for one in listed.villages if one.code != ranked[0]))
    assert [one.code for one in draw_from(fewer, SEED).drawn] == ranked[1:]


def test_nobody_goes_to_the_own_town_even_where_nobody_else_can() -> None:
    listed = replace(read_list(TEXT), inspectors=(ListedInspector(3, ("990101",)),))
    went = {one.code: one.inspector for one in draw_from(listed, SEED).drawn}
    assert went == {"990102002": 3, "990102001": 3, "990102003": 3, "990101003": None}


def test_who_was_to_go_to_an_excused_village_goes_to_its_replacement_outside_the_own_town() -> None:
    listed = read_list(TEXT)
    assert inspector_of_replacement(listed, SEED, "990102001", 3)[0] == 3
    assert inspector_of_replacement(listed, SEED, "990101001", 3)[0] == 12


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("lot 2\n", "", "line_missing"),
        ("lot 2\n", "lot 2\nlot 3\n", "line_unreadable"),
        ("lot 2", "lot 02", "line_unreadable"),
        ("lot 2", f"lot {'9' * 5000}", "line_unreadable"),
        ("lot 2", "lot two", "line_unreadable"),
        ("days 2026-03-02 2026-04-30", "days 2026-03-02", "line_unreadable"),
        ("listed 2026-03-02", "listed 2026-03-32", "line_unreadable"),
        ("seed dice", "seed mine", "line_unreadable"),
        ("format 1", "format 2", "line_unreadable"),
        ("990101001 990101 10 1 lot", "990101001 990101 101 4 lot", "line_unreadable"),
        ("990101001 990101 10 1 lot", "990101001 990101 0 4 lot", "line_unreadable"),
        ("990101001 990101 10 1 lot", "990101001 990101 10 1 luck", "line_unreadable"),
        ("inspector 3 990101", "inspector x", "line_unreadable"),
        ("inspector 3 990101", "inspector 12", "listed_twice"),
        ("village 990101001", "village 990101002", "listed_twice"),
        ("plan 7", "hello 7", "line_unreadable"),
    ],
)
def test_what_is_no_list_is_refused_with_its_line(old: str, new: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_list(TEXT.replace(old, new, 1))
    assert refused.value.code == code
    assert str(refused.value)


def test_a_list_that_would_keep_a_computer_busy_is_refused() -> None:
    villages = "".join(f"village {number} t 100 4 lot\n" for number in range(2000))
    with pytest.raises(Invalid) as refused:
        read_list(TEXT + villages)
    assert refused.value.code == "list_too_long"
