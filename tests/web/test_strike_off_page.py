"""The five tests of the strike-off stand each under its own proof, ticked one by one."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import Case, Closure, Person
from casework.queries import current_measures
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import case_at, reported
from tests.web.test_forms import hidden

SignedIn = Callable[[Person], Client]


def test_each_tick_comes_after_the_proof_that_it_is_about(cast: Cast, signed_in: SignedIn) -> None:
    case, other = case_at(Stage.STRIKE_OFF, cast), reported(cast, village=cast.poplar)
    page = signed_in(cast.county_supervisor).get(f"/cases/{case.number}/closure").content.decode()
    blocks = dict(re.findall(r'id="test-(\w+)">(.*?)</fieldset>', page, re.DOTALL))
    corrective, preventive = current_measures(case)
    proofs = {
        "measures_done": corrective.what,
        "violations_dealt_with": "李小琴",
        "result_meets_rule": "town_reviewer",
        "similar_looked_for": other.number,
        "cause_removed": preventive.what,
    }
    assert list(blocks) == list(proofs) == list(Closure.TESTS)
    for test, proof in proofs.items():
        assert blocks[test].index(proof) < blocks[test].index('type="checkbox"')
        assert blocks[test].count('type="checkbox"') == 1
    assert page.count('type="checkbox"') == len(Closure.TESTS), "no box ticks more than one of them"


@pytest.mark.parametrize("missing", Closure.TESTS)
def test_without_one_of_them_nothing_is_struck_off(missing: str, cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.STRIKE_OFF, cast)
    client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/closure"
    ticks = {test: "on" for test in Closure.TESTS if test != missing}
    answer = client.post(address, {**hidden(client, address), **ticks, "opinion": "已看过现场照片"})
    assert answer.status_code == 422
    assert f'id="id_{missing}_error"' in answer.content.decode() and "已看过现场照片" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).stage == Stage.STRIKE_OFF
