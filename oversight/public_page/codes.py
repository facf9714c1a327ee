"""Which case a villager means by the code on a list."""

from contextlib import suppress

from django.db.models import Q

from casework.errors import Invalid
from casework.models import Case
from casework.values.plain_text import clean_text
from casework.values.short_codes import case_of
from oversight.public_page.queries import NOT_PUBLIC, cities_on, current_releases

LONGEST_CODE = 40


def case_of_code(words: str) -> Case | None:
    """The case of this code or number, if it stands in public; it is not said of others whether there is one."""
    number = "".join(clean_text(words).split()).upper().replace("—", "-").replace("－", "-")
    if not number or len(number) > LONGEST_CODE:
        return None
    named = Q(number=number)
    with suppress(Invalid):
        named |= Q(pk=case_of(number))
    public = current_releases().filter(case__city__in=cities_on().values("pk"))
    return Case.objects.filter(named, pk__in=public.values("case")).exclude(stage__in=NOT_PUBLIC).first()
