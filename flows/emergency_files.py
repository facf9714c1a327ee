"""What a phone could not send, read by an office from the file that the phone has written: each entry once, as ever."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal
from casework.models import Person, PhoneEntry, PhoneFile, PhoneFileState
from casework.phones import pieces
from flows.phone_entries import Added, Entered, keep_file, take_any


@dataclass(frozen=True)
class TakenIn:
    """What became of one entry: its case, or the key of its visit, and the sentences of what was left out."""

    words: str
    entry: PhoneEntry | None
    refusals: list[str]
    visit: int | None = None


def take_in(
    *, entered: Entered | Added, photos: Mapping[UUID, str], person: Person, by: Person, at: datetime
) -> TakenIn:
    """Take one entry of a file, with its photos in Base64. What is refused is said, and stops nothing else."""
    try:
        entry = take_any(entered=entered, person=person, by=by, at=at)
    except Refusal as error:
        return TakenIn(entered.words, None, [str(error)])
    refusals = []
    for file in entry.files.select_related("entry"):
        try:
            _take_photo(file, photos.get(file.key), by=by, at=at)
        except Refusal as error:
            refusals.append(f"{file.name}: {error}")
            continue
        file.refresh_from_db()
        if file.state == PhoneFileState.REFUSED:
            refusals.append(f"{file.name}: {file.sentence}")
    return TakenIn(entered.words, entry, refusals)


def _take_photo(file: PhoneFile, text: str | None, *, by: Person, at: datetime) -> None:
    if file.state != PhoneFileState.ARRIVING:
        return
    try:
        content = base64.b64decode(text or "", validate=True)
    except ValueError:
        content = b""
    if len(content) != file.size or pieces.sha256_of(content).hex() != file.sha256:
        raise Invalid("photo_missing", _("This photo is not in the file, or not whole. The phone can still send it."))
    pieces.forget(file)
    pieces.append(file, content, offset=0, at=at)
    file.refresh_from_db()
    keep_file(file=file, by=by, at=at)
