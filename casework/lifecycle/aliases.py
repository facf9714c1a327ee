"""An office decides once what its own words mean: kept as an alias of its city, ended by a person, never deleted."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.lifecycle.category_words import Matcher, plain
from casework.lifecycle.recording import require_words, verb
from casework.models import Alias, CatalogueItem, Person, Unit
from casework.models.category import local_name
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_set_rules, posts_for
from casework.working_time.deadlines import local_day

MOST_LETTERS = 200


@verb
def remember_alias(*, words: str, item: CatalogueItem, city: Unit, by: Person, at: datetime) -> Alias | None:
    """File these words under this item from now on, in this city: in the next import, and in the report form.

    None where they are found under it already. Refuses with Invalid what another item is found by.
    """
    _require_office(by, city, at)
    words = " ".join(words.split())
    require_words(words, field="words", sentence=_("Without words there is nothing to remember."))
    if not plain(words) or len(words) > MOST_LETTERS:
        raise Invalid(
            "alias_unfit",
            _("These words can't be remembered: they need a letter, and have at most %(most)d signs.")
            % {"most": MOST_LETTERS},
            field="words",
        )
    # Two offices of a city at once: the second waits here, and then finds what the first one has decided.
    Unit.objects.select_for_update(no_key=True).get(pk=city.pk)
    matcher = Matcher()
    refusal = caught_by_two(words, item=item, place=city.path, matcher=matcher)
    if refusal is not None:
        raise refusal
    if matcher.item(words, city.path) is not None:
        return None
    return Alias.objects.create(words=words, item=item, city=city, by=by, at=at)


def caught_by_two(words: str, *, item: CatalogueItem | None, place: str, matcher: Matcher) -> Refusal | None:
    """Why these words can't stand for this item: another one is found by them already. Both are named."""
    known = matcher.item(words, place)
    if known is None or (item is not None and known.pk == item.pk):
        return None
    return Invalid(
        "alias_of_two",
        _(
            "“%(words)s” stands for “%(known)s” already and can't stand for “%(item)s” as well. "
            "Nothing was remembered: end the other name first, or keep it."
        )
        % {"words": words, "known": local_name(known), "item": local_name(item)},
        field="words",
        values={"known": known},
    )


@verb
def end_alias(*, alias: Alias, by: Person, at: datetime) -> Alias:
    """File these words under nothing from now on. What was filed stays where it is.

    By whoever decided it and by the office of the city; what every city has is ended by the city's office alone.
    """
    locked = Alias.objects.select_for_update(of=("self",)).select_related("city", "item").get(pk=alias.pk)
    if not may_end(locked, by, at):
        raise NotAllowed("not_your_alias", _("A name is ended by whoever gave it, or by the office of the city."))
    if locked.ended_at is not None:
        raise Conflict("alias_ended", _("“%(words)s” was ended already.") % {"words": locked.words})
    locked.ended_at, locked.ended_by = at, by
    locked.save()
    return locked


def may_end(alias: Alias, person: Person, at: datetime) -> bool:
    on = local_day(at)
    offices = posts_for(person, OfficeAction.CLASSIFY, on)
    if alias.item_id is None or not offices:
        return False
    if alias.city is None:
        return any(held.unit_level == UnitLevel.CITY for held in posts_for(person, OfficeAction.SET_RULES, on))
    return alias.by_id == person.pk or may_set_rules(person, alias.city, on)


def _require_office(by: Person, city: Unit, at: datetime) -> None:
    offices = posts_for(by, OfficeAction.CLASSIFY, local_day(at))
    if city.level != UnitLevel.CITY or not any(held.unit_path.startswith(city.path) for held in offices):
        raise NotAllowed("not_your_city", _("What words mean is decided by the offices of the city and its counties."))
