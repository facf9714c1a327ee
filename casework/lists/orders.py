"""In which orders a list of cases can stand: those that an index holds, and those of short lists alone."""

SORTS = {
    "due": ("due_on", "id"),
    "-due": ("-due_on", "-id"),
    "new": ("-id",),
    "old": ("id",),
}
# No index holds these orders: an index more for each of seven scopes would be written with every step of every case. So
# only a list of at most MOST_SORTED cases is sorted by them (paging.sorted_page). Units come in the order of their codes,
# stages in that of the procedure; what is missing comes last, whichever way.
MOST_SORTED = 2_000
SORTED_WHEN_FEW: dict[str, tuple[str, ...]] = {
    "village": ("village__code",),
    "town": ("town__code",),
    "county": ("county__code",),
    "item": ("item__aspect__order", "item__order"),
    "severity": ("severity",),
    "stage": ("stage_order",),
    "desk": ("waits_at__code",),
    "responsible": ("responsible__code",),
    "found": ("found_on",),
    "closed": ("closed_on",),
}
