"""Running numbers without gaps: the counter's row is locked until the number's case is committed."""

from datetime import date

from casework.models import CaseNumber, Unit


def office_code(unit: Unit) -> str:
    """The short code of the nearest office at or above a unit; without any, the city's division code."""
    if unit.office_code:
        return unit.office_code
    line = list(Unit.objects.filter(path__in=unit.ancestor_paths()).order_by("-path"))
    for office in line:
        if office.office_code:
            return office.office_code
    cities = [office.code for office in line if office.level == "city"]
    return cities[0] if cities else line[-1].code


def take_numbers(code: str, *, on: date, count: int = 1, kind: str = "case") -> range:
    """Take `count` running numbers of an office and the year of `on`. Must run inside the transaction that uses them:
    a rollback gives them back, so nothing is lost and nothing is given twice.
    """
    counters = CaseNumber.objects.select_for_update().filter(office_code=code, year=on.year, kind=kind)
    counter = counters.first()
    if counter is None:
        # Somebody else may begin the year at the same moment: then their row counts.
        CaseNumber.objects.bulk_create([CaseNumber(office_code=code, year=on.year, kind=kind)], ignore_conflicts=True)
        counter = counters.get()
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return range(first, first + count)


def case_number(code: str, year: int, running: int) -> str:
    """LH-2021-000123."""
    return f"{code}-{year}-{running:06d}"


def closing_number(code: str, year: int, running: int) -> str:
    """LH销〔2021〕12号: tortoise-shell brackets, no leading zero (GB/T 9704-2012)."""
    return f"{code}销〔{year}〕{running}号"
