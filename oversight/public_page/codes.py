"""Which case a villager means by the code on a list."""

from casework.models import Case
from casework.plain_text import clean_text
from oversight.public_page.queries import NOT_PUBLIC, cities_on, current_releases

LONGEST_CODE = 40


def case_of_code(words: str) -> Case | None:
    """The case of this number, if it stands in public; it is not said of others whether there is one."""
    number = "".join(clean_text(words).split()).upper().replace("—", "-").replace("－", "-")
    if not number or len(number) > LONGEST_CODE:
        return None
    public = current_releases().filter(case__city__in=cities_on().values("pk"))
    return Case.objects.filter(number=number, pk__in=public.values("case")).exclude(stage__in=NOT_PUBLIC).first()
