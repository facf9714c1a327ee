"""What a code is called, where a model says it itself."""

from typing import Any

import pytest
from django.utils import translation

from casework.models import Case, CaseEvent, Post, Unit

SAID = [(Case, "stage"), (Case, "severity"), (Case, "light"), (CaseEvent, "kind"), (Post, "role"), (Unit, "level")]


@pytest.mark.parametrize(("model", "field"), SAID)
def test_each_code_is_called_as_its_choices_say_in_the_language_of_the_moment(model: Any, field: str) -> None:
    choices = model._meta.get_field(field).flatchoices
    assert len(choices) > 2
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said[language] = [getattr(model(**{field: code}), f"get_{field}_display")() for code, _label in choices]
            assert said[language] == [str(label) for _code, label in choices]
    assert said["zh-hans"] != said["en"]


def test_what_has_none_is_called_nothing_and_an_old_code_by_itself() -> None:
    assert Case(severity=None).get_severity_display() == ""
    assert Case(stage="of-before").get_stage_display() == "of-before"
