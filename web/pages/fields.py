"""Fields that several forms share: catalogue items by aspect, posts with their holders, files, names."""

import re
from collections.abc import Iterable
from datetime import date
from math import isfinite
from typing import Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.errors import Refusal
from casework.models import Aspect, CatalogueItem, Post, Term
from casework.models.unit import on_day
from casework.proofs.turning import MOST_QUARTERS
from casework.values.numbers import whole_number
from casework.values.positions import rounded
from web.templatetags.words import local_name

# The tag of a message that says that a form was taken: what was typed into it is then forgotten (scripts/drafts.js).
SAVED = "saved"

SomeField = TypeVar("SomeField", bound=forms.Field)

NAMES_APART = re.compile(r"[,，、;；\s]+")


class DayField(forms.DateField):
    """A day, by the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class MomentField(forms.DateTimeField):
    """A moment to the minute in China's time, by the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)


class PositionField(forms.FloatField):
    """A latitude or longitude, rounded to what is stored. The browser fills it in."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(min_value=-most, max_value=most, required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        degrees = super().to_python(value)
        return rounded(degrees) if degrees is not None and isfinite(degrees) else degrees


class ItemField(forms.ModelChoiceField):
    """A catalogue item, the choices grouped by aspect."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=CatalogueItem.objects.filter(is_active=True), **kwargs)

    def label_from_instance(self, item: CatalogueItem) -> str:
        return local_name(item)


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows, by their keys; what no key can be is refused before the database is asked."""

    def clean(self, value: Any) -> Any:
        for key in value if isinstance(value, list | tuple) else ():
            if whole_number(str(key)) is None:
                raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": key})
        return super().clean(value)


def grouped_items(empty: Any) -> list[tuple[Any, Any]]:
    """The choices of an `ItemField`: two queries, however many aspects. Given to the field as a function, so that they
    are read where they are shown, and not where a form is handed in.
    """
    items: dict[int, list[tuple[int, str]]] = {}
    for item in CatalogueItem.objects.filter(is_active=True).order_by("order"):
        items.setdefault(item.aspect_id, []).append((item.pk, local_name(item)))
    groups = [(local_name(aspect), items[aspect.pk]) for aspect in Aspect.objects.all() if aspect.pk in items]
    return [("", empty), *groups]


class FilesInput(forms.FileInput):
    """Beside each file, in the same order, may stand by how many quarters its person has turned it (scripts/files.js)."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        found = super().value_from_datadict(data, files, name)
        said = data.getlist(f"{name}-quarters") if hasattr(data, "getlist") else []
        for file, quarters in zip(found if isinstance(found, list) else (), said, strict=False):
            file.quarters = whole_number(quarters, most=MOST_QUARTERS) or 0
        return found


def quarters_said(file: UploadedFile) -> int:
    """By how many quarters a photo was turned before it was sent; what is no turn leaves it as it is."""
    return int(getattr(file, "quarters", 0))


class FilesField(forms.FileField):
    """Any number of files; what they are is decided by their content, later. Where `can_turn`, whoever takes them keeps
    how a photo was turned before it was sent (`quarters_said`).
    """

    def __init__(self, *, accept: str, capture: bool = False, can_turn: bool = False, **kwargs: Any) -> None:
        attributes = {
            "multiple": True,
            "accept": accept,
            "data-upload": "",
            "data-remove": _("Remove"),
            # What scripts/choosing.js says beside the field, and how a photo is called that it made smaller.
            "data-ways": _("You can also paste pictures, or drop files here."),
            "data-smaller": _("Slow line: make photos smaller before they are sent. Untick it to send the originals."),
            "data-reduced": _("reduced"),
        }
        if can_turn:
            attributes["data-turn"] = pgettext_lazy("a photo", "Turn")
        super().__init__(widget=FilesInput(attrs=attributes), required=False, allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one) for one in files if one]


PHOTOS = "image/jpeg,image/png,image/webp,image/heic,image/heif"
PROOFS = PHOTOS + ",application/pdf,.docx,.xlsx"


class NamesField(forms.CharField):
    """Names of people, apart by commas, 、 or spaces: a list of them."""

    def to_python(self, value: Any) -> Any:
        return [name for name in NAMES_APART.split(super().to_python(value) or "") if name]


def field_of(form: forms.Form, name: str, kind: type[SomeField]) -> SomeField:
    """A field of a form, known to be of this kind: to give it the choices of one case."""
    field = form.fields[name]
    assert isinstance(field, kind)
    return field


def show_refusals(form: forms.Form, error: Refusal) -> None:
    """Each sentence beside its field, or on top where the form has no such field."""
    for refusal in error.each():
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.sentence))


def post_choices(posts: Iterable[Post], *, on: date, empty: Any) -> list[tuple[Any, str]]:
    """Posts by unit, role and the people who hold them today: two queries."""
    posts = list(posts)
    holders: dict[int, list[str]] = {}
    terms = Term.objects.filter(on_day(on), post__in=posts).select_related("person").order_by("id")
    for term in terms:
        holders.setdefault(term.post_id, []).append(str(term.person))
    return [
        ("", empty),
        *(
            (
                post.pk,
                f"{post.unit} · {post.get_role_display()} · {'、'.join(holders.get(post.pk, [str(_('vacant'))]))}",
            )
            for post in posts
        ),
    ]
