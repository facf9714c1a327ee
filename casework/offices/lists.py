"""Lists of cases under a name: a person's own, and an office's, which everybody reads who holds a post of it.

A list is filters and no right: each reader sees through it what the own posts allow.
"""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed
from casework.lists.filters import CaseFilters
from casework.models import ListSettings, Person, SavedList
from casework.rights.held_posts import posts_held

LONGEST_NAME = 40
# The menu shows them all; and whoever needs more looks for something else.
MOST_OF_ONE = 30


def lists_of(person: Person, on: date) -> QuerySet[SavedList]:
    """The lists that this person opens: the own ones, and those of the offices whose posts are held today."""
    return SavedList.objects.filter(Q(person=person) | Q(office__in=offices_of(person, on))).order_by("name", "id")


def offices_of(person: Person, on: date) -> dict[int, str]:
    """The units with which this person may share a list, each with its name."""
    return {held.unit_id: held.unit_name for held in posts_held(person, on)}


def save_list(*, filters: CaseFilters, name: str, by: Person) -> SavedList:
    """Keep filters under a name; the same name again replaces them."""
    name = _readable(name)
    if SavedList.objects.filter(person=by).exclude(name=name).count() >= MOST_OF_ONE:
        raise Invalid(
            "too_many_lists",
            _("You have kept %(most)s lists already. Delete one that you no longer open.") % {"most": MOST_OF_ONE},
            field="name",
        )
    return SavedList.objects.update_or_create(person=by, name=name, defaults={"query": filters.as_query()})[0]


def change_list(*, saved: SavedList, name: str, office: int | None, by: Person, on: date) -> None:
    """Give a list another name, share it with an office, or take it back from there.

    Refused where the name is another list's of the same person, and for an office of which no post is held.
    """
    _require_right(saved, by, on)
    name = _readable(name)
    if SavedList.objects.filter(person=saved.person_id, name=name).exclude(pk=saved.pk).exists():
        raise Invalid(
            "list_name_taken",
            _("Another list is called “%(name)s”. Choose another name.") % {"name": name},
            field="name",
        )
    if office != saved.office_id and office is not None and office not in offices_of(by, on):
        raise NotAllowed("not_your_office", _("A list is shared with an office by somebody who holds a post of it."))
    SavedList.objects.filter(pk=saved.pk).update(name=name, office=office)


def delete_list(*, saved: SavedList, by: Person, on: date) -> None:
    """Delete a list for everybody who opens it."""
    _require_right(saved, by, on)
    saved.delete()


def choose_start(*, saved: SavedList | None, by: Person) -> None:
    """Which list opens after this person's sign-in; None for home."""
    ListSettings.objects.update_or_create(person=by, defaults={"start": saved})


def start_of(person: Person, on: date) -> SavedList | None:
    """The list that opens after the sign-in, as long as this person may open it."""
    return lists_of(person, on).filter(pk__in=ListSettings.objects.filter(person=person).values("start")).first()


def _require_right(saved: SavedList, by: Person, on: date) -> None:
    if saved.person_id != by.pk and saved.office_id not in offices_of(by, on):
        raise NotAllowed("not_your_list", _("This list is changed by whoever made it or by the office that shares it."))


def _readable(name: str) -> str:
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise Invalid("list_without_name", _("Give the list a name."), field="name")
    return name
