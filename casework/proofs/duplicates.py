"""Earlier photos and reports that are the same or nearly the same, found by the windows of their prints."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q
from PIL import Image
from rapidfuzz import fuzz

from casework.models import Evidence, MeasureReport, PhotoPrint
from casework.models.evidence import EvidenceKind
from casework.proofs import photo_prints, text_prints
from recognition.mentions import plain

# The best few are looked at pixel by pixel, or word by word.
MOST_LOOKED_AT = 6
MOST_READ = 50
MOST_TOLD = 3

Open = Callable[[Evidence], Image.Image | None]


def copies_of(evidence: Evidence, image: Image.Image, *, open_small: Open) -> Iterator[tuple[Evidence, float]]:
    """Earlier files of the same shot, in another case or as the photo from before in the same one, with how far the
    pixels agree. The very same file comes first.
    """
    told: set[int] = set()
    same = Evidence.objects.filter(sha256=evidence.sha256, pk__lt=evidence.pk).select_related("case__village")
    for other in same.order_by("pk"):
        if counts(evidence, other) and other.case_id not in told and len(told) < MOST_TOLD:
            told.add(other.case_id)
            yield other, 1.0
    guesses = photo_prints.guesses(image)
    near = [one for one in near_prints(guesses) if one[0] < evidence.pk][:MOST_LOOKED_AT]
    found = Evidence.objects.select_related("case__village").in_bulk([pk for pk, _bits, _cut in near])
    for pk, _bits, cut in near:
        if pk not in found:
            continue  # taken back
        other = found[pk]
        if other.case_id in told or not counts(evidence, other) or len(told) >= MOST_TOLD:
            continue
        stored = open_small(other)
        share = photo_prints.agreement(image, stored, cut) if stored is not None else 0.0
        if share >= photo_prints.LEAST_AGREEMENT:
            told.add(other.case_id)
            yield other, share


def counts(evidence: Evidence, other: Evidence) -> bool:
    """In the same case the same photo may prove two measures; it can't show both before and after."""
    return other.case_id != evidence.case_id or (
        EvidenceKind.BEFORE in (evidence.kind, other.kind) and evidence.kind != other.kind
    )


def near_prints(guesses: Sequence[photo_prints.Guess]) -> list[tuple[int, int, photo_prints.Box]]:
    """The stored photos near a guess, the nearest first: their key, how many bits differ, under which cut."""
    rows = sharing_a_window(guesses)
    if not rows:
        return []
    nearest = photo_prints.nearest(list(rows.values()), guesses)
    near = [(key, bits, cut) for key, (bits, cut) in zip(rows, nearest, strict=True)]
    return sorted((one for one in near if one[1] <= photo_prints.MOST_BITS), key=lambda one: (one[1], -one[0]))


def sharing_a_window(guesses: Sequence[photo_prints.Guess]) -> dict[int, int]:
    """The hash of every photo that shares one of its four windows with one of these, by its key.

    PostgreSQL counts the bits as well, and gives only what is near that guess: some hundred instead of twenty thousand.
    """
    table = PhotoPrint._meta.db_table
    columns = list(zip(*(photo_prints.windows(guess.hash) for guess in guesses), strict=True))
    parts: list[str] = []
    parameters: list[Any] = []
    for number, values in enumerate(columns):
        if connection.vendor == "postgresql":
            parts.append(
                f"SELECT evidence_id, hash FROM {table} JOIN unnest(%s::int[], %s::bigint[]) AS guess (w, h) "
                f"ON w{number} = guess.w WHERE hash IS NOT NULL "
                f"AND bit_count((hash # guess.h)::bit(64)) <= {photo_prints.MOST_BITS}"
            )
            parameters += [list(values), [photo_prints.signed(guess.hash) for guess in guesses]]
        else:
            marks = ", ".join(["%s"] * len(set(values)))
            parts.append(f"SELECT evidence_id, hash FROM {table} WHERE w{number} IN ({marks}) AND hash IS NOT NULL")
            parameters += set(values)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        return dict(cursor.fetchall())


def words_like(report: MeasureReport, windows: Sequence[int]) -> list[tuple[MeasureReport, float]]:
    """Earlier reports of other cases that say nearly the same, the most alike first, with their likeness from 0 to 1."""
    meets = Q()
    for number, value in enumerate(windows):
        meets |= Q(**{f"print__w{number}": value})
    others = MeasureReport.objects.filter(meets, pk__lt=report.pk).exclude(submission__case=report.submission.case_id)
    said, told = plain(report.words), []
    for other in others.select_related("submission__case__village").order_by("-pk")[:MOST_READ]:
        share = fuzz.ratio(said, plain(other.words))
        if share >= text_prints.LEAST_LIKENESS:
            told.append((other, share / 100))
    return sorted(told, key=lambda one: -one[1])[:MOST_TOLD]
