"""Entries of phones that were without a network: taken once, however often they are sent; whole when the bytes say so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Busy, Conflict, Invalid, NotAllowed, Refusal, Unavailable
from casework.lifecycle.evidence import MOST_IN_ROUND, add_evidence
from casework.lifecycle.reporting import Finding
from casework.models import Case, Evidence, Person, PhoneAddition, PhoneEntry, PhoneFile, PhoneFileState
from casework.models.evidence import EvidenceKind
from casework.phones import pieces
from casework.proofs.turning import MOST_QUARTERS
from casework.proofs.uploads import LARGEST, shown_name
from casework.talk.attachments import attach, refuse_too_many
from casework.talk.commenting import require_sayable
from flows import phone_additions as additions
from flows import steps
from flows.submitted import Form, fingerprint

SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Announced:
    """A file that an entry says it has."""

    key: UUID
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Entered:
    """What was entered on a phone: the finding, its files, and what the phone states besides (kept as it came)."""

    key: UUID
    finding: Finding
    files: Sequence[Announced]
    said: dict[str, Any]
    clock_off: int | None = None

    @property
    def words(self) -> str:
        return self.finding.description


@dataclass(frozen=True)
class Added:
    """What was entered on a phone for a case that was there: words and photos, and how the case stood for the phone."""

    key: UUID
    case: Case
    words: str
    seen_version: int
    seen_event: int
    files: Sequence[Announced]
    said: dict[str, Any]
    clock_off: int | None = None


def take_any(*, entered: Entered | Added, person: Person | None = None, by: Person, at: datetime) -> PhoneEntry:
    if isinstance(entered, Added):
        return take_addition(added=entered, person=person, by=by, at=at)
    return take_entry(entered=entered, person=person, by=by, at=at)


def take_entry(*, entered: Entered, person: Person | None = None, by: Person, at: datetime) -> PhoneEntry:
    """Open the case of an entry and note which files it announces. The same entry again gives what is there.

    Refuses with Conflict a key that was used with other content, and what the report door refuses.
    """
    person = person or by
    content = fingerprint(entered.said)
    if (known := _known(entered.key, content, person, by)) is not None:
        return known
    _check(entered.files)
    case = steps.report(finding=entered.finding, by=by, at=at, form=Form(key=entered.key))
    with transaction.atomic():
        row, is_new = _row(entered, case, content, person, by, at)
    return row if is_new else _known(entered.key, content, person, by) or row


def take_addition(*, added: Added, person: Person | None = None, by: Person, at: datetime) -> PhoneEntry:
    """Take what was added to a case, once: said in the case, or, where the case has moved meanwhile, kept for its person
    to decide. Refuses with Conflict a key that was used with other content, and what a comment refuses.
    """
    person = person or by
    content = fingerprint(added.said)
    with steps.door():
        Case.objects.select_for_update(of=("self",)).get(pk=added.case.pk)
        row = _known(added.key, content, person, by)
        if row is None:
            require_sayable(added.case, added.words, by=by, at=at)
            refuse_too_many(added.files)
            _check(added.files)
            row, _is_new = _row(added, added.case, content, person, by, at)
            PhoneAddition.objects.create(
                entry=row, words=added.words, seen_version=added.seen_version, seen_event=added.seen_event
            )
        additions.settle(row.addition, by=by, at=at)
    return row


def decide_addition(*, addition: PhoneAddition, keeps: bool, by: Person, at: datetime) -> PhoneAddition:
    with steps.door():
        return additions.decide(addition, keeps=keeps, by=by, at=at)


def _row(
    entered: Entered | Added, case: Case, content: str, person: Person, by: Person, at: datetime
) -> tuple[PhoneEntry, bool]:
    row, is_new = PhoneEntry.objects.get_or_create(
        key=entered.key,
        defaults={
            "case": case,
            "person": person,
            "by": by,
            "content": content,
            "manifest": entered.said,
            "clock_off": entered.clock_off,
            "at": at,
        },
    )
    if is_new:
        PhoneFile.objects.bulk_create(_rows(row, entered.files, at))
    return row, is_new


def _known(key: UUID, content: str, person: Person, by: Person) -> PhoneEntry | None:
    known = PhoneEntry.objects.select_related("case").filter(key=key).first()
    if known is None:
        return None
    if known.content != content or (known.person_id != person.pk and known.by_id != by.pk):
        raise Conflict(
            "entry_used",
            _(
                "Another entry was sent under this number before: %(number)s. Yours is kept on the phone; send it as a new one."
            )
            % {"number": known.case.number if known.person_id == person.pk else "—"},
        )
    return known


def _check(files: Sequence[Announced]) -> None:
    if len(files) > MOST_IN_ROUND:
        raise Invalid("too_many_files", _("A case takes up to 20 files in each round. Choose the best ones."))
    if len({one.key for one in files}) < len(files) or not all(SHA256.fullmatch(one.sha256) for one in files):
        raise Invalid("files_unclear", _("The list of photos is not clear. Save the entry again."))
    if PhoneFile.objects.filter(pk__in=[one.key for one in files]).exists():
        raise Conflict("file_used", _("One of the photos belongs to another entry. Choose it again."))


def _rows(entry: PhoneEntry, files: Sequence[Announced], at: datetime) -> list[PhoneFile]:
    return [
        PhoneFile(
            key=one.key,
            entry=entry,
            order=order,
            name=shown_name(one.name),
            size=min(one.size, 2**31 - 1),
            sha256=one.sha256,
            expires_at=at + pieces.KEPT_FOR,
            **_refused_from_the_start(one),
        )
        for order, one in enumerate(files)
    ]


def _refused_from_the_start(file: Announced) -> dict[str, Any]:
    """A photo that can't be taken costs only itself: the words and the other photos are taken."""
    if file.size > LARGEST:
        sentence = _("This file has more than 20 MB. Make the picture smaller, or split the document.")
        return {"state": PhoneFileState.REFUSED, "code": "file_too_large", "sentence": str(sentence)}
    if not file.size:
        sentence = _("This file is empty. Choose it again.")
        return {"state": PhoneFileState.REFUSED, "code": "file_empty", "sentence": str(sentence)}
    return {}


def keep_file(*, file: PhoneFile, by: Person, at: datetime) -> PhoneFile:
    """A file of which all bytes are here becomes evidence of its case. Done twice, nothing happens the second time.

    What its content forbids is its receipt: refused, with the sentence. What only lies with the moment is raised, and the
    bytes stay for the next try.
    """
    if file.state != PhoneFileState.ARRIVING:
        return file
    arrived = pieces.whole(file)
    try:
        _judge(file, arrived, by=by, at=at)
    finally:
        arrived.close()
    pieces.remove_pieces(file)
    return file


def _judge(file: PhoneFile, arrived: Any, *, by: Person, at: datetime) -> None:
    addition = PhoneAddition.objects.select_related("entry").filter(pk=file.entry_id).first()
    try:
        if addition is None:
            file.evidence = _as_evidence(file, arrived, by=by, at=at)
        elif not additions.keep_photo(addition, file.key, attach(arrived)):
            raise Conflict("decided_already", _("It was decided without this photo."))
    except (Busy, Unavailable):
        raise
    except Refusal as error:
        file.state, file.code, file.sentence = PhoneFileState.REFUSED, error.code, str(error)
    else:
        file.state = PhoneFileState.KEPT
    PhoneFile.objects.filter(pk=file.pk, state=PhoneFileState.ARRIVING).update(
        state=file.state, code=file.code, sentence=file.sentence, evidence=file.evidence
    )
    if addition is not None:
        with steps.door():
            additions.settle(addition, by=by, at=at)


def _as_evidence(file: PhoneFile, arrived: Any, *, by: Person, at: datetime) -> Evidence | None:
    case = Case.objects.get(pk=file.entry.case_id)
    quarters = quarters_announced(file)
    steps.take(add_evidence, case=case, kind=EvidenceKind.BEFORE, upload=arrived, quarters=quarters, by=by, at=at)
    return case.evidence.filter(kind=EvidenceKind.BEFORE, sha256=file.sha256).order_by("pk").last()


def quarters_announced(file: PhoneFile) -> int:
    """By how many quarters its person has turned a photo on the phone; what is no turn leaves it as it is."""
    for one in file.entry.manifest.get("files", ()):
        quarters = one.get("quarters")
        if UUID(one["key"]) == file.key and type(quarters) is int and 0 <= quarters <= MOST_QUARTERS:
            return quarters
    return 0


def entry_of(person: Person, key: UUID) -> PhoneEntry:
    """An entry that this person entered or handed in; refuses with NotAllowed what is not theirs."""
    found = PhoneEntry.objects.select_related("case", "addition").filter(key=key).first()
    if found is None or person.pk not in (found.person_id, found.by_id):
        raise NotAllowed("no_such_entry", _("The server has no such entry of yours."))
    return found
