"""Forms that take files: what arrived well stays with the form when something else of it is refused."""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.talk.attachments import AttachedFile, attach
from web.pages.fields import PROOFS, FilesField
from web.pages.form_words import WordedForm
from web.templatetags.words import labelled

# For how long a form that was given back remembers the files that arrived with it.
KEPT_SECONDS = 24 * 3600


class FormWithFiles(WordedForm):
    """Words stay in their fields, files under a signature that holds for this form's `salt`: for one person, and what
    the form is about.
    """

    # How a file is looked at and stored; a form that takes fewer kinds has its own.
    look_at: Callable[[UploadedFile], AttachedFile] = staticmethod(attach)
    uploads: forms.Field = FilesField(label=_("Files"), accept=PROOFS, help_text=_("Up to 5, each up to 20 MB."))

    def __init__(self, *args: Any, salt: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.salt = salt
        tokens = self.data.getlist("kept") if isinstance(self.data, QueryDict) else []
        self.kept = [file for token in tokens if (file := self._kept(token)) is not None]

    def _kept(self, token: str) -> AttachedFile | None:
        try:
            return AttachedFile(**json.loads(signing.loads(token, salt=self.salt, max_age=KEPT_SECONDS)))
        except signing.BadSignature:
            return None

    def kept_files(self) -> list[tuple[str, AttachedFile]]:
        return [(signing.dumps(json.dumps(file.as_row()), salt=self.salt), file) for file in self.kept]

    def keep_files(self) -> None:
        """Look at each file; what is refused is named, what is taken stays with the form."""
        hashes = {file.sha256 for file in self.kept}
        for upload in self.cleaned_data.get("uploads", ()):
            try:
                file = self.look_at(upload)
            except Refusal as refusal:
                self.add_error("uploads", labelled(upload.name, refusal))
            else:
                if file.sha256 not in hashes:
                    self.kept.append(file)
                    hashes.add(file.sha256)
