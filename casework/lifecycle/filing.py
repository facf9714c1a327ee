"""What a category brings along when a case is filed under it."""

from casework.models import Case, CatalogueItem


def file_under(case: Case, item: CatalogueItem, severity: int) -> None:
    """Give a case its item and severity; not saved yet.

    What the item before had filled in goes with it; what the finder said stays. A person has decided: an item that was
    read from the words is a guess no longer.
    """
    before = case.item
    if case.days is None or (before is not None and case.days == before.days):
        case.days = item.days
    if not case.clause or (before is not None and case.clause == before.standard[:200]):
        case.clause = item.standard[:200]
    case.item, case.severity, case.kind = item, severity, item.kind
    case.is_item_guessed = False
