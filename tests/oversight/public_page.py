"""The public page of the cast's city, for tests: turned on, and with a released case."""

from casework.models import Case
from oversight.public_page.records import PublicPageSwitch, Release, VillagerStatement
from oversight.public_page.releasing import Shown, release_case
from oversight.public_page.switching import add_masked_word, switch_public_page
from oversight.suggestions.saying import make_suggestion
from tests.cast import Cast
from tests.walk import NOW


def switched(cast: Cast) -> PublicPageSwitch:
    return switch_public_page(city=cast.city, turn_on=True, reason="x", by=cast.city_supervisor, at=NOW)


def released(cast: Cast, case: Case, **shown: object) -> Release:
    values = {"problem": "明白墙没有遮雨设施。", "measure": "加装雨棚。", **shown}
    return release_case(case=case, shown=Shown(**values), by=cast.county_supervisor, at=NOW)


def public_rows(cast: Cast, case: Case) -> dict[str, list[object]]:
    """For the table of routes: a released case of Willow, a statement about it, a masked word and a suggestion; the
    page itself is off.
    """
    released(cast, case)
    statement = VillagerStatement.objects.create(case=case, words="x", at=NOW)
    word = add_masked_word(city=cast.city, words="xy", by=cast.county_supervisor, at=NOW)
    suggestion = make_suggestion(city=cast.city, kind="complaint", words="x", by=cast.willow_head, at=NOW)
    found: dict[str, list[object]] = {"public_unit": [cast.willow.code], "public_thanks": [cast.willow.code]}
    found |= {"public_photo": [1], "masked_word_end": [word.pk], "received_suggestion": [suggestion.pk]}
    for name in ("villager_statement", "villager_statement_photo", "statement_acceptance", "statement_dismissal"):
        found[name] = [statement.pk]
    return found
