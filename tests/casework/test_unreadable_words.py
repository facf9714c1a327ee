"""Words that can't be recognised keep nobody from reporting: the report stands, and what it is about is found later."""

import pytest
from django.test import Client

from casework.clocks.resting import FIRST_REST
from casework.escalation.sweeping import sweep
from casework.lifecycle.reporting import classify_case
from casework.models import Case, CaseTraits, RestingRow
from casework.models.resting_row import ClockName
from casework.relapse import candidates, traits
from flows import steps
from tests.casework.poison import SECRET, PoisonError, poison, resting
from tests.cast import Cast
from tests.factories import item
from tests.walk import NOW, TODAY, reported


def test_the_report_is_saved_and_its_words_rest_until_they_can_be_read(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend = poison(monkeypatch, traits, "read", lambda *_, **__: True)
    case = reported(cast)
    assert Case.objects.filter(pk=case.pk).exists() and case.events.count() == 1
    assert not CaseTraits.objects.filter(case=case).exists()
    row = RestingRow.objects.get()
    assert (row.clock, row.row, row.case) == (ClockName.TRAITS, case.pk, case)
    assert row.error.startswith(PoisonError.__name__) and SECRET not in row.error
    mend()
    sweep(at=NOW + FIRST_REST)
    assert CaseTraits.objects.get(case=case).matched_at is not None
    assert resting() == []


def test_the_page_says_that_it_is_reported_and_the_administrator_sees_what_rests(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(monkeypatch, traits, "read", lambda *_, **__: True)
    client, watcher = Client(), Client()
    client.force_login(cast.inspector)
    watcher.force_login(cast.administrator)
    key = client.get("/cases/new").context["form"].initial["key"]
    said = {"key": key, "village": cast.willow.name, "description": "公开栏没有雨棚", "source": "spot_check"}
    answer = client.post("/cases/new", {**said, "found_on": TODAY.isoformat()})
    assert answer.status_code == 302
    case = Case.objects.get()
    home = watcher.get("/").content.decode()
    assert case.number in home and "PoisonError" in home


def test_a_case_that_can_not_be_matched_is_reported_and_matched_later(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend = poison(monkeypatch, candidates, "matches_of", lambda _pks: True)
    case = reported(cast)
    assert resting() == [(ClockName.CANDIDATES, case.pk)]
    assert CaseTraits.objects.get(case=case).matched_at is None
    mend()
    sweep(at=NOW + FIRST_REST)
    assert CaseTraits.objects.get(case=case).matched_at is not None
    assert resting() == []


def test_a_classification_is_kept_and_what_was_noted_before_is_not(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case = reported(cast)
    assert CaseTraits.objects.filter(case=case).exists()
    poison(monkeypatch, traits, "read", lambda *_, **__: True)
    steps.take(classify_case, case=case, item=item(3), severity=3, by=cast.county_supervisor, at=NOW)
    assert Case.objects.get(pk=case.pk).item == item(3)
    assert not CaseTraits.objects.filter(case=case).exists()
    assert resting() == [(ClockName.TRAITS, case.pk)]
