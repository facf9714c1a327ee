"""The form of a comment, and of its later wording: nothing that arrived well is lost when the rest is refused."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.models import Case, Comment, CommentKind, Measure
from casework.talk.commenting import LONGEST, write_comment
from casework.talk.reading import worded
from casework.values.numbers import whole_number
from flows import steps
from web.pages.fields import PROOFS, FilesField, show_refusals
from web.pages.form_words import WordedForm
from web.pages.kept_files import FormWithFiles
from web.requests import Request


class CommentForm(FormWithFiles):
    key = forms.UUIDField(widget=forms.HiddenInput)
    quotes = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    words = forms.CharField(
        label=_("Your comment"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Write “@” and a name to address somebody who sees this case. Up to 2,000 characters."),
    )
    about = forms.ChoiceField(label=_("About"), required=False)
    is_question = forms.BooleanField(label=_("A question: it stays open until it is answered"), required=False)
    uploads = FilesField(
        label=_("Files"), accept=PROOFS, help_text=_("Up to 5, each up to 20 MB. They are no proof of a measure.")
    )

    def __init__(self, *args: Any, case: Case, request: Request, measures: list[Measure], **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid4(), **kwargs.get("initial", {})}
        kwargs["auto_id"] = "comment_%s"
        super().__init__(*args, salt=f"comment {case.pk} {request.user.pk}", **kwargs)
        self.needed = {"words"}  # or files: nobody calls them optional
        self.case, self.request, self.measures = case, request, {str(one.pk): one for one in measures}
        names = [(key, _("Measure %(number)d: %(what)s") % _said(one)) for key, one in self.measures.items()]
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)
        about.choices = [("", _("the whole case")), *names]
        self.fields["words"].widget.attrs |= {
            "data-most": LONGEST,
            **names_offered(case),
        }

    def quoted(self) -> Comment | None:
        """The comment that is quoted, if it stands in this case."""
        pk = whole_number(str(self["quotes"].value() or ""))
        return worded(Comment.objects.filter(case=self.case, pk=pk)).select_related("by").first() if pk else None

    def take(self, at: datetime) -> Comment | None:
        """Write it; None where something is refused, which is said beside its field."""
        said = self.cleaned_data
        try:
            with steps.door():
                return write_comment(
                    case=self.case,
                    words=said["words"],
                    kind=CommentKind.QUESTION if said["is_question"] else CommentKind.COMMENT,
                    measure=self.measures.get(said["about"]),
                    quotes=self.quoted(),
                    files=self.kept,
                    key=said["key"],
                    by=self.request.user,
                    at=at,
                )
        except Refusal as refusal:
            show_refusals(self, refusal)
            return None


def _said(measure: Measure) -> dict[str, Any]:
    what = measure.what
    return {"number": measure.number, "what": what if len(what) <= 28 else f"{what[:27]}…"}


def names_offered(case: Case) -> dict[str, Any]:
    """What a field says to the script that offers names after an “@”."""
    return {"data-mentions": reverse("readers", args=[case.number]), "data-who": _("Who sees this case")}


class WordingForm(WordedForm):
    words = forms.CharField(label=_("Your comment"), required=False, widget=forms.Textarea(attrs={"rows": 6}))
