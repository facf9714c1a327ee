"""No form says Django's own words: each says in a sentence of ours what to fill in, and names the field."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.test import Client
from django.urls import get_resolver
from django.utils import translation

from casework.models import Person
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import case_at
from web.pages.form_words import WordedForm, djangos_own, sentences_for

SignedIn = Callable[[Person], Client]
DJANGOS = (
    "这个字段是必填项",
    "确保该",
    "输入一个",
    "选择一个有效",
    "This field is required",
    "Ensure this",
    "Enter a valid",
    "Enter a whole",
    "Select a valid",
)


def form_classes(kind: type[Any] = forms.BaseForm) -> Iterator[type[Any]]:
    """Every form of the pages; the administration's have Django's chrome, and its words."""
    assert get_resolver().url_patterns  # the pages are imported
    for one in kind.__subclasses__():
        if one.__module__.startswith("web.pages."):
            yield one
        yield from form_classes(one)


def test_every_form_takes_its_words_from_one_place() -> None:
    found = set(form_classes())
    assert len(found) > 30
    assert [one.__qualname__ for one in found if not issubclass(one, WordedForm)] == []


def test_no_field_has_an_error_without_a_sentence_of_ours() -> None:
    missing = set()
    for form in form_classes():
        for name, field in form.base_fields.items():
            ours = sentences_for(field, "x")
            codes = set(djangos_own(field))
            for one in field.validators:
                codes |= {one.code} if hasattr(one, "code") else set(one.messages)
            missing |= {(form.__name__, name, code) for code in codes - set(ours)}
    assert missing == set()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_field_that_is_left_empty_is_named(language: str) -> None:
    class Short(WordedForm):
        reason = forms.CharField(label="为什么")
        place = forms.CharField(label="何处", max_length=3)
        own = forms.CharField(label="自己的话", error_messages={"required": "写清楚"})

    with translation.override(language):
        errors = Short({"reason": "", "place": "四个字符"}).errors
        assert "为什么" in errors["reason"][0]
        assert "3" in errors["place"][0] and "4" in errors["place"][0]
        assert errors["own"] == ["写清楚"]
        assert not any(words in str(errors) for words in DJANGOS)


# The form of each step that may be handed in empty, and who hands it in.
EMPTY = [
    (Stage.SCREENING, "screening", "county_supervisor"),
    (Stage.SCREENING, "classification", "county_supervisor"),
    (Stage.ASSIGNMENT, "assignment", "county_supervisor"),
    (Stage.RECTIFICATION, "extension", "willow_head"),
    (Stage.RECTIFICATION, "reassignment", "county_supervisor"),
    (Stage.RECTIFICATION, "transfer", "city_supervisor"),
    (Stage.RECTIFICATION, "pause", "county_supervisor"),
    (Stage.RECTIFICATION, "withdrawal", "county_supervisor"),
    (Stage.RECTIFICATION, "referral", "county_supervisor"),
    (Stage.RECTIFICATION, "interview", "county_supervisor"),
    (Stage.STRIKE_OFF, "closure/return", "county_supervisor"),
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("stage", "step", "who"), EMPTY)
def test_a_step_handed_in_empty_says_what_to_fill_in(
    stage: Stage, step: str, who: str, language: str, cast: Cast, signed_in: SignedIn
) -> None:
    case, person = case_at(stage, cast), getattr(cast, who)
    Person.objects.filter(pk=person.pk).update(language=language)
    person.refresh_from_db()
    answer = signed_in(person).post(f"/cases/{case.number}/{step}", {"key": str(uuid4()), "seen_version": case.version})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "errorlist" in page
    assert [words for words in DJANGOS if words in page] == []
