"""Sheets arrive for a village, are sorted to its cases by a person, or are set aside with a reason."""

from datetime import datetime
from pathlib import PurePosixPath

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid
from casework.models import Case, Evidence, Person, Unit
from casework.models.evidence import IMAGES, EvidenceKind, MediaType
from casework.proofs.uploads import LookedAt, look_at, look_at_stored, shown_name
from casework.queries import visible
from casework.values.short_codes import case_of
from casework.working_time.deadlines import local_day
from oversight.paper.reading import read_sheet
from oversight.paper.records import PaperSheet
from oversight.rights import require_enterer

ACCEPTED = (*IMAGES, MediaType.PDF)
MOST_WAITING = 200


def receive_sheets(*, village: Unit, upload: UploadedFile, by: Person, at: datetime) -> list[PaperSheet]:
    """Look at a photo or PDF, store it, and read the codes on it: a sheet for each page, without a lock.

    A sheet on which nothing could be read, or a code of another village, waits like the others. The same file that
    still waits is not taken twice.
    """
    require_enterer(by, village, at)
    if PaperSheet.objects.filter(village=village, decided_at=None).count() >= MOST_WAITING:
        raise Invalid("too_many_sheets", _("Many sheets wait here already. Sort those first."), field="uploads")
    looked_at = look_at(upload)
    if looked_at.content.media_type not in ACCEPTED:
        raise Invalid("no_sheet", _("A sheet is a photo or a PDF. Take a photo of the paper."), field="uploads")
    stored = looked_at.stored()
    pages = look_at_stored(read_sheet, stored.stored_as, str(stored.content.media_type))
    return [
        _wait(village, _page_of(stored, number, page.content) if page.content else stored, page.codes, by=by, at=at)
        for number, page in enumerate(pages, start=1)
    ]


def _page_of(whole: LookedAt, number: int, content: bytes) -> LookedAt:
    name = f"{PurePosixPath(shown_name(whole.name)).stem[:200]}-{number}.pdf"
    return look_at(SimpleUploadedFile(name, content, MediaType.PDF)).stored()


def _wait(village: Unit, file: LookedAt, codes: list[str], *, by: Person, at: datetime) -> PaperSheet:
    waiting = PaperSheet.objects.filter(village=village, sha256=file.sha256, decided_at=None)
    if (known := waiting.first()) is not None:
        return known
    try:
        with transaction.atomic():
            return PaperSheet.objects.create(
                village=village,
                name=shown_name(file.name),
                media_type=file.content.media_type,
                size=file.size,
                sha256=file.sha256,
                stored_as=file.stored_as,
                codes=codes,
                by=by,
                at=at,
            )
    except IntegrityError:  # sent twice at the same moment
        return waiting.get()


def case_for(*, sheet: PaperSheet, code: str, by: Person, at: datetime) -> Case:
    """The case that a code names: of the sheet's village, and one that this person may see. Refuses others."""
    found = visible(by, local_day(at)).filter(pk=case_of(code)).select_related("village").first()
    if found is None or found.village_id != sheet.village_id:
        raise other_village()
    return found


def other_village() -> Invalid:
    return Invalid(
        "other_village",
        _(
            "This code belongs to another village, or to no case. The sheet stays here: hand it in on that village's page, "
            "or type the code of a case of this village."
        ),
        field="code",
    )


@transaction.atomic
def sort_sheet(*, sheet: PaperSheet, evidence: Evidence, by: Person, at: datetime) -> PaperSheet:
    """Write down that a sheet became evidence of a case of its village."""
    require_enterer(by, sheet.village, at)
    locked = _undecided(sheet)
    if evidence.case.village_id != locked.village_id:
        raise other_village()
    if (evidence.kind, evidence.sha256) != (EvidenceKind.SIGNED_SHEET, locked.sha256):
        raise Invalid("other_file", _("This evidence is another file than the sheet."))
    locked.evidence, locked.decided_by, locked.decided_at = evidence, by, at
    locked.save(update_fields=["evidence", "decided_by", "decided_at"])
    return locked


@transaction.atomic
def set_aside(*, sheet: PaperSheet, reason: str, by: Person, at: datetime) -> PaperSheet:
    """Take a sheet that belongs to no case off the pile; it stays to be read, with the reason."""
    require_enterer(by, sheet.village, at)
    if not reason.strip():
        raise Invalid("words_missing", _("Say why it belongs to no case."), field="reason")
    locked = _undecided(sheet)
    locked.reason, locked.decided_by, locked.decided_at = reason.strip()[:500], by, at
    locked.save(update_fields=["reason", "decided_by", "decided_at"])
    return locked


def _undecided(sheet: PaperSheet) -> PaperSheet:
    locked = PaperSheet.objects.select_for_update(of=("self",)).select_related("village").get(pk=sheet.pk)
    if locked.decided_at is not None:
        raise Conflict("decided_already", _("Somebody has decided on this sheet already."))
    return locked
