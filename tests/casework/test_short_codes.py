"""The short code of a case on paper: read back however it is written, and wrong when one sign is."""

from itertools import combinations

import pytest

from casework.errors import Invalid
from casework.values.short_codes import LENGTH, MOST, SIGNS, case_of, code_of

KEYS = (0, 1, 2, 4711, 1_000_000, MOST - 1)


def refused(words: str) -> str:
    with pytest.raises(Invalid) as refusal:
        case_of(words)
    assert refusal.value.field == "code"
    return refusal.value.code


@pytest.mark.parametrize("key", KEYS)
def test_a_code_leads_back_to_its_case(key: int) -> None:
    assert case_of(code_of(key)) == key


def test_it_is_read_however_it_is_written() -> None:
    code = code_of(4711)
    plain = code.replace("-", "")
    full_width = "".join(chr(ord(sign) + 0xFEE0) for sign in plain)
    for written in (plain, plain.lower(), f" {code} ", " ".join(plain), full_width):
        assert case_of(written) == 4711


@pytest.mark.parametrize("key", KEYS)
def test_one_wrong_sign_is_noticed_wherever_it_stands(key: int) -> None:
    plain = code_of(key).replace("-", "")
    for place in range(LENGTH):
        for sign in set(SIGNS) - {plain[place]}:
            assert refused(plain[:place] + sign + plain[place + 1 :]) == "code_wrong"


@pytest.mark.parametrize("key", KEYS)
def test_any_two_swapped_signs_are_noticed(key: int) -> None:
    plain = code_of(key).replace("-", "")
    for one, other in combinations(range(LENGTH), 2):
        signs = list(plain)
        signs[one], signs[other] = signs[other], signs[one]
        if signs[one] != signs[other]:
            assert refused("".join(signs)) == "code_wrong"


def test_no_sign_is_taken_for_another() -> None:
    assert not set(SIGNS) & set("01OQILSZBGUVN")
    assert len(set(SIGNS)) == 23


@pytest.mark.parametrize("words", ["", "ABC", "ABCDEFGHJ", "OOOO-0000", "\x00" * 8, "9" * 4000, "村务监督委员会一"])
def test_what_can_be_no_code_is_refused_with_a_sentence(words: str) -> None:
    assert refused(words) == "code_unreadable"
