"""The words of a step with their fields filled in; a template is checked when it is saved, never when it is sent."""

from collections.abc import Mapping
from string import Formatter

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid

FIELDS = ("number", "village", "item", "unit", "office", "deadline", "days_overdue")


def check_template(words: str, *, field: str) -> None:
    """Refuse a template with a field that nobody fills in, or with a brace that never closes."""
    try:
        parsed = list(Formatter().parse(words))
    except ValueError:
        raise Invalid(
            "template_broken", _("A curly bracket is not closed. Fields are written like {village}."), field=field
        )
    for _text, name, layout, conversion in parsed:
        if name is not None and (name not in FIELDS or layout or conversion):
            raise Invalid(
                "template_field_unknown",
                _("There is no field {%(name)s}. These can be used: %(fields)s.")
                % {"name": name, "fields": " ".join(f"{{{one}}}" for one in FIELDS)},
                field=field,
            )


def fill_in(words: str, values: Mapping[str, str]) -> str:
    """The words with every field filled in; plain text, whatever the values hold."""
    return "".join(
        text + (values.get(name, "") if name is not None else "") for text, name, _l, _c in Formatter().parse(words)
    )
