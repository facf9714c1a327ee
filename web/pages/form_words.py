"""What a form says of a field that can't be taken so: our own sentences, in one place for all forms. Django's name no
field and don't say what to do.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# By the kind of field and the code of the error. What a kind doesn't say, the kinds that it is made of do.
SENTENCES: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {
        "required": _("Fill in “%(label)s”."),
        "invalid": _("This can't be read as it is written. Please write it again."),
        "max_length": _("At most %(limit_value)d characters, and these are %(show_value)d. Please shorten it."),
        "max_value": _("At most %(limit_value)s."),
        "min_value": _("At least %(limit_value)s."),
        "null_characters_not_allowed": _("There is a character in it that can't be stored. Please write it again."),
    },
    forms.IntegerField: {"invalid": _("Write a whole number in digits.")},
    forms.FloatField: {"invalid": _("Write a number in digits.")},
    forms.DecimalField: {
        "invalid": _("Write a number in digits."),
        "max_digits": _("At most %(max)s digits in all."),
        "max_decimal_places": _("At most %(max)s digits behind the point."),
        "max_whole_digits": _("At most %(max)s digits in front of the point."),
    },
    forms.DateField: {
        "required": _("Choose a day for “%(label)s”."),
        "invalid": _("There is no such day. Please choose it again."),
    },
    forms.TimeField: {
        "required": _("Choose a time for “%(label)s”."),
        "invalid": _("There is no such time. Please write hours and minutes, such as 08:30."),
    },
    forms.DateTimeField: {
        "required": _("Choose a day and a time for “%(label)s”."),
        "invalid": _("There is no such moment. Please choose it again."),
    },
    forms.BooleanField: {"required": _("Tick “%(label)s”.")},
    forms.ChoiceField: {
        "required": _("Choose one of the answers to “%(label)s”."),
        "invalid_choice": _("This can't be chosen any more. Please choose again."),
        "invalid_list": _("This can't be chosen any more. Please choose again."),
        "invalid_pk_value": _("This can't be chosen any more. Please choose again."),
    },
    forms.FileField: {
        "required": _("Choose a file for “%(label)s”."),
        "missing": _("The file did not arrive. Please choose it again."),
        "invalid": _("The file did not arrive. Please choose it again."),
        "empty": _("This file is empty. Please choose another."),
        "max_length": _("The name of this file is too long. Please give it a shorter one and choose it again."),
        "contradiction": _("Either choose a file or tick that there is none, not both."),
    },
}


def sentences_for(field: forms.Field, label: str) -> dict[str, Any]:
    """Our sentences for the errors of a field, by their codes."""
    found: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        found |= SENTENCES.get(kind, {})
    return {**found, "required": str(found["required"]) % {"label": label}}


def djangos_own(field: forms.Field) -> dict[str, Any]:
    """What Django would say, by the codes."""
    found: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        found |= getattr(kind, "default_error_messages", {})
    return found


class WordedForm(forms.Form):
    """A form that says our sentences; where a field was given its own, those stay."""

    def full_clean(self) -> None:
        for name, field in self.fields.items():
            known = djangos_own(field)
            for code, sentence in sentences_for(field, str(self[name].label)).items():
                if field.error_messages.get(code) is known.get(code):
                    field.error_messages[code] = sentence
        super().full_clean()
