"""Who wants to hear of a case. It shows nobody a case: who may not see it any more hears nothing."""

from collections.abc import Iterable
from datetime import datetime

from casework.models import Case, Following, Person


def follow(*, case: Case, is_on: bool, by: Person, at: datetime) -> None:
    """Follow a case from now on, or stop."""
    Following.objects.update_or_create(case=case, person=by, defaults={"is_on": is_on, "at": at})


def begin_to_follow(case: Case, people: Iterable[int], *, at: datetime) -> None:
    """Who speaks in a case or is spoken to hears what comes after; who had stopped following stays so."""
    Following.objects.bulk_create(
        [Following(case=case, person_id=person, at=at) for person in sorted(set(people))], ignore_conflicts=True
    )
