"""Photos beside a findings file: which finding each belongs to, and how they get there."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.jobs import machine
from casework.lifecycle.evidence import add_evidence
from casework.models import Case, FindingImport
from casework.models.evidence import EvidenceKind
from casework.proofs.photo_zips import Entry, content_of, entries_of, on_disk
from casework.tables.cells import as_text
from flows import steps

NAMES_APART = re.compile(r"[,，、;；\n]+")
BEHIND_A_NUMBER = re.compile(r"[-_ .(（#]")
MOST_NAMED = 100  # names that the page lists
# Of a dry run no case is written yet; a finding is its row.
Owner = int


class PhotosOfRun:
    """The photos of a run. Told of each row with its case, it knows at the end which photo is whose."""

    def __init__(self, run: FindingImport) -> None:
        self.run = run
        self.named: dict[str, set[Owner]] = {}
        self.numbered: dict[str, set[Owner]] = {}
        self.as_written: dict[str, str] = {}
        self.left: list[tuple[str, dict[str, str]]] = []

    def note(self, cells: Mapping[str, Any], owner: Owner) -> None:
        """A row that is, or would be, a case: by the names in its column of photos, and by its number."""
        for words in NAMES_APART.split(as_text(cells.get("photos"))):
            if name := _plain(words):
                self.named.setdefault(name, set()).add(owner)
                self.as_written.setdefault(name, words.strip())
        if number := _plain(as_text(cells.get("finding_no"))):
            self.numbered.setdefault(number, set()).add(owner)

    def sort(self, entries: list[Entry]) -> list[tuple[Entry, Owner]]:
        """Each photo with its finding; a name that stands in two rows belongs to both. What fits none is left."""
        found: list[tuple[Entry, Owner]] = []
        met: set[str] = set()
        for entry in entries:
            path = PurePosixPath(entry.name.replace("\\", "/"))
            names = {_plain(entry.name), _plain(path.name), _plain(path.stem)} & self.named.keys()
            met |= names
            owners = set().union(*(self.named[name] for name in names)) or self._by_number(path)
            if not names and len(owners) > 1:
                self._leave(entry.name, _("More than one finding has this number."))
            elif not owners:
                self._leave(entry.name, _("It fits no finding."))
            else:
                found += [(entry, owner) for owner in sorted(owners)]
        for name in sorted(self.named.keys() - met):
            self._leave(self.as_written[name], _("It is named in the table, and not in the ZIP."))
        return found

    def _by_number(self, path: PurePosixPath) -> set[Owner]:
        """A folder that is called like a finding's number, or a file whose name is the number, or begins with it."""
        for part in reversed(path.parts[:-1]):
            if owners := self.numbered.get(_plain(part)):
                return owners
        stem = _plain(path.stem)
        ends = [len(stem), *(found.start() for found in reversed(list(BEHIND_A_NUMBER.finditer(stem))))]
        return next((self.numbered[stem[:end]] for end in ends if stem[:end] in self.numbered), set())

    def _leave(self, name: str, reason: Any, *, case: str = "") -> None:
        """Name a photo with the reason in each language, since the page is read in more than one."""
        reasons = {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                reasons[language] = f"{case} {reason}".strip()
        self.left.append((name[-200:], reasons))

    def look(self) -> None:
        """What would become of the photos of a dry run."""
        with self.run.photos_file.open("rb") as file, on_disk(file) as path:
            self.run.photos_kept = len({entry.place for entry, _owner in self.sort(entries_of(path))})
        self.run.photos_left = self.left[:MOST_NAMED]

    def attach(self, *, now: Callable[[], datetime]) -> None:
        """Give each photo to its case, one after the other: one that is refused is named, and the others go on."""
        by, kept = self.run.by, set[int]()
        if by is None:
            return
        with self.run.photos_file.open("rb") as file, on_disk(file) as path:
            found = self.sort(entries_of(path))
            cases = Case.objects.in_bulk({owner for _entry, owner in found})
            for entry, owner in found:
                try:
                    upload: Any = SimpleUploadedFile(PurePosixPath(entry.name).name, content_of(path, entry))
                    steps.take(
                        add_evidence,
                        case=cases[owner],
                        kind=EvidenceKind.BEFORE,
                        upload=upload,
                        by=by,
                        at=self.run.at,
                    )
                except Refusal as refusal:
                    self._leave(entry.name, refusal, case=cases[owner].number)
                else:
                    kept.add(entry.place)
                machine.beat(self.run, at=now(), photos_kept=len(kept), photos_left=self.left[:MOST_NAMED])
        machine.beat(self.run, at=now(), photos_kept=len(kept), photos_left=self.left[:MOST_NAMED])


def _plain(words: str) -> str:
    """Names as they are compared: width, case and the spaces around them don't count."""
    return unicodedata.normalize("NFKC", words).strip().lower()
