"""Files and reports are looked at once they are in: what speaks against a proof becomes a flag for its reviewer.

Runs behind the request. Both tables grow at their end only, so what nobody has looked at yet is found there; a worker
that dies leaves it to the next sweep.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Avg, Count, Max, Q
from PIL import Image

from casework.clocks.resting import Rest, each
from casework.errors import Refusal
from casework.models import Case, CaseTraits, Evidence, Flag, FlagKind, MeasureReport, PhotoPrint, ReportPrint, Term
from casework.models.evidence import EvidenceKind
from casework.models.proof_checks import COPIES
from casework.models.resting_row import ClockName
from casework.models.unit import on_day
from casework.proofs import exif
from casework.proofs.duplicates import copies_of, words_like
from casework.proofs.photo_files import draft, opened_photo, with_eight_bits
from casework.proofs.photo_prints import prepared, print_of, signed, windows
from casework.proofs.text_prints import words_windows
from casework.proofs.uploads import Source, look_at_stored, opened
from casework.stages import COMMITTEE
from casework.values.positions import metres_between, real_position
from casework.working_time.deadlines import local_day

BATCH = 100
# Rows may be committed in another order than they were numbered.
OVERLAP = 1000

FAR_APART_METRES = 3_000
FAR_FROM_PLACE_METRES = 2_000
OUTSIDE_VILLAGE_METRES = 5_000
OTHER_PLACE_METRES = 300
# A village's place is known from so many positions in it.
LEAST_POSITIONS = 3

PHOTOS = (EvidenceKind.AFTER, EvidenceKind.LOOK_BACK)


def check_proofs(*, at: datetime) -> int:
    """Look at what nobody has looked at yet, a batch of each; gives how many files and reports that were."""
    return each(
        ClockName.PHOTOS, _unchecked_evidence(at), lambda one: check_evidence(one, at=at), at=at, key=lambda one: one.pk
    ) + each(
        ClockName.REPORTS, _unchecked_reports(at), lambda one: check_report(one, at=at), at=at, key=lambda one: one.pk
    )


def _unchecked_evidence(at: datetime) -> list[Evidence]:
    last, resting = PhotoPrint.objects.aggregate(last=Max("evidence"))["last"] or 0, Rest(ClockName.PHOTOS, at=at)
    waiting = Evidence.objects.filter(Q(pk__gt=last - OVERLAP) | Q(pk__in=resting.to_retry), print=None)
    return list(waiting.exclude(pk__in=resting.untouched).select_related("case").order_by("pk")[:BATCH])


def _unchecked_reports(at: datetime) -> list[MeasureReport]:
    last, resting = ReportPrint.objects.aggregate(last=Max("report"))["last"] or 0, Rest(ClockName.REPORTS, at=at)
    waiting = MeasureReport.objects.filter(Q(pk__gt=last - OVERLAP) | Q(pk__in=resting.to_retry), print=None)
    return list(waiting.exclude(pk__in=resting.untouched).select_related("submission__case").order_by("pk")[:BATCH])


def check_evidence(evidence: Evidence, *, at: datetime) -> None:
    """Keep what the file is known by and raise the flags that it deserves. Done twice, nothing happens the second time."""
    # Photos are looked at before anything is written: SQLite has one lock for all who write.
    camera, image = _looked_at(evidence)
    hash = print_of(image) if image is not None and min(image.size) >= 16 else None
    row = PhotoPrint(evidence=evidence, checked_at=at, camera=camera)
    if hash is not None:
        row.hash = signed(hash)
        row.w0, row.w1, row.w2, row.w3 = windows(hash)
    if PhotoPrint.objects.filter(evidence=evidence).exists():
        return
    row.save(force_insert=True)
    flags = [flag for check in CHECKS for flag in check(evidence, row)]
    if image is not None and hash is not None:
        flags += _copies(evidence, image)
    _raise(flags, at)
    # What shows a photo of an earlier case may be that one come back: the next sweep weighs it anew.
    others = [flag.other_case for flag in flags if flag.kind in COPIES and flag.other_case]
    if any(other != evidence.case and other.village_id == evidence.case.village_id for other in others):
        CaseTraits.objects.filter(case=evidence.case_id).update(matched_at=None)


def _raise(flags: Iterable[Flag], at: datetime) -> None:
    rows = list(flags)
    for row in rows:
        row.at = at
        row.about = f"{row.kind} {row.evidence_id} {row.report_id} {row.other_case_id}"
    Flag.objects.bulk_create(rows, ignore_conflicts=True)


def _looked_at(evidence: Evidence) -> tuple[str, Image.Image | None]:
    """The camera, and the photo small and grey; None for what is none, or can't be read any more."""
    if not evidence.is_image:
        return "", None
    try:
        camera, size, pixels = look_at_stored(small_and_grey, evidence.stored_as)
    except Refusal:
        return "", None
    return camera, Image.frombytes("L", size, pixels)


def _small(evidence: Evidence) -> Image.Image | None:
    return _looked_at(evidence)[1]


def small_and_grey(source: Source) -> tuple[str, tuple[int, int], bytes]:
    """In a limited process: the camera's name, and the pixels by which a photo is known."""
    with opened(source) as file, opened_photo(file) as image:
        name = exif.camera(exif.exif_of(image))
        draft(image, 512, 512)
        small = prepared(with_eight_bits(image))
        return name, small.size, small.tobytes()


def _copies(evidence: Evidence, image: Image.Image) -> Iterator[Flag]:
    for other, share in copies_of(evidence, image, open_small=_small):
        kind = FlagKind.SAME_PHOTO if other.sha256 == evidence.sha256 else FlagKind.NEAR_PHOTO
        yield Flag(
            case=evidence.case,
            kind=kind,
            evidence=evidence,
            other_case=other.case,
            other_evidence=other,
            values={"share": round(share, 2)},
        )


def _taken_before(evidence: Evidence, _row: PhotoPrint) -> Iterator[Flag]:
    if evidence.kind in PHOTOS and evidence.taken_at and local_day(evidence.taken_at) < evidence.case.found_on:
        yield Flag(
            case=evidence.case,
            kind=FlagKind.TAKEN_BEFORE,
            evidence=evidence,
            values={
                "taken_on": local_day(evidence.taken_at).isoformat(),
                "found_on": evidence.case.found_on.isoformat(),
            },
        )


def _far_apart(evidence: Evidence, _row: PhotoPrint) -> Iterator[Flag]:
    if evidence.kind not in PHOTOS or position_of(evidence) is None or evidence.taken_at is None:
        return
    day = local_day(evidence.taken_at)
    others = evidence.case.evidence.filter(kind=evidence.kind, latitude__isnull=False, taken_at__isnull=False)
    for other in others.exclude(pk=evidence.pk).order_by("pk"):
        metres = apart(evidence, other)
        if other.taken_at and local_day(other.taken_at) == day and metres > FAR_APART_METRES:
            yield Flag(
                case=evidence.case,
                kind=FlagKind.FAR_APART,
                evidence=evidence,
                other_evidence=other,
                values={"metres": round(metres)},
            )
            return


def _far_from_place(evidence: Evidence, _row: PhotoPrint) -> Iterator[Flag]:
    """Far from the position of the problem; where that is not known, far from where the village's problems lie."""
    case, here = evidence.case, position_of(evidence)
    if evidence.kind not in PHOTOS or here is None:
        return
    there = position_of(case)
    if there is not None:
        metres = metres_between(*here, *there)
        if metres > FAR_FROM_PLACE_METRES:
            yield Flag(case=case, kind=FlagKind.FAR_FROM_PLACE, evidence=evidence, values={"metres": round(metres)})
        return
    known = (
        Case.objects.filter(village=case.village_id, latitude__isnull=False)
        .exclude(latitude=0, longitude=0)
        .aggregate(count=Count("pk"), latitude=Avg("latitude"), longitude=Avg("longitude"))
    )
    if known["count"] >= LEAST_POSITIONS:
        metres = metres_between(*here, known["latitude"], known["longitude"])
        if metres > OUTSIDE_VILLAGE_METRES:
            yield Flag(case=case, kind=FlagKind.OUTSIDE_VILLAGE, evidence=evidence, values={"metres": round(metres)})


def _other_camera(evidence: Evidence, row: PhotoPrint) -> Iterator[Flag]:
    if evidence.kind != EvidenceKind.AFTER or not row.camera or position_of(evidence) is None:
        return
    before = evidence.case.evidence.filter(kind=EvidenceKind.BEFORE, latitude__isnull=False).select_related("print")
    for other in before.order_by("pk"):
        camera, metres = getattr(getattr(other, "print", None), "camera", ""), apart(evidence, other)
        if camera and camera != row.camera and metres > OTHER_PLACE_METRES:
            yield Flag(
                case=evidence.case,
                kind=FlagKind.OTHER_CAMERA,
                evidence=evidence,
                other_evidence=other,
                values={"metres": round(metres), "before": camera, "after": row.camera},
            )
            return


def _no_data(evidence: Evidence, row: PhotoPrint) -> Iterator[Flag]:
    bare = evidence.taken_at is None and position_of(evidence) is None and not row.camera
    if evidence.kind == EvidenceKind.AFTER and evidence.is_image and bare:
        yield Flag(case=evidence.case, kind=FlagKind.NO_DATA, evidence=evidence)


def _signers(evidence: Evidence, _row: PhotoPrint) -> Iterator[Flag]:
    if evidence.kind != EvidenceKind.SIGNED_SHEET or not evidence.signed_by:
        return
    day = local_day(evidence.uploaded_at)
    holders = Term.objects.filter(on_day(day), post__unit=evidence.case.village_id, post__role__in=COMMITTEE)
    names = set(holders.values_list("person__name", flat=True))
    strangers = [name for name in evidence.signed_by if name not in names]
    if strangers:
        yield Flag(case=evidence.case, kind=FlagKind.SIGNER, evidence=evidence, values={"names": strangers})


CHECKS: tuple[Callable[[Evidence, PhotoPrint], Iterator[Flag]], ...] = (
    _taken_before,
    _far_apart,
    _far_from_place,
    _other_camera,
    _no_data,
    _signers,
)


@transaction.atomic
def check_report(report: MeasureReport, *, at: datetime) -> None:
    """Keep what the words are known by; nearly the same ones of another case raise a flag."""
    found = words_windows(report.words)
    row = ReportPrint(report=report, checked_at=at)
    if found is not None:
        row.w0, row.w1, row.w2, row.w3 = found
    if ReportPrint.objects.filter(report=report).exists():
        return
    row.save(force_insert=True)
    if found is None:
        return
    case = report.submission.case
    for other, share in words_like(report, found):
        _raise(
            [
                Flag(
                    case=case,
                    kind=FlagKind.SAME_WORDS,
                    report=report,
                    other_case=other.submission.case,
                    values={"share": round(share, 2)},
                )
            ],
            at,
        )


def apart(one: Evidence, other: Evidence) -> float:
    """Metres between two photos; 0 where one has no position."""
    here, there = position_of(one), position_of(other)
    return metres_between(*here, *there) if here and there else 0.0


def position_of(row: Evidence | Case) -> tuple[float, float] | None:
    """Where it is; 0, 0 was kept once, and is no position."""
    return real_position(row.latitude, row.longitude)
