"""A form that does one verb to one case: shown to whom it concerns, taken through the one door, given back with its
words when it can't be taken.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.choices import flatten_choices
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Refusal
from casework.models import Case, Comment, Flag, Following, Person, RelapseCandidate, Undone
from casework.queries import visible
from casework.rights.held_posts import posts_held
from casework.rights.roles import may_view, refusal
from casework.rights.table import Action
from casework.stages import OPEN, REVIEWS, Stage
from casework.working_time.deadlines import local_day
from flows import steps
from flows.submitted import Form, was_submitted
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.pages.queue import Place, Queue, done_before
from web.pages.undoing import undo_button
from web.requests import Request
from web.templatetags.words import title

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

# What the second button of a decision says.
STAY = "stay"
PAGE_NEEDS = (
    "village",
    "town",
    "county",
    "city",
    "item__aspect",
    "object",
    "responsible",
    "support",
    "waits_at",
    "reported_by",
    "relapse_of",
)
# What forms ask of a case when they are handed in. One that is shown again reads the rest for its page.
FORM_NEEDS = ("village", "item", "object", "responsible")


class CaseForm(WordedForm):
    """`verb` is one of the verbs of `flows/steps.py`, `action` the right it needs, `stages` where it is open."""

    verb: ClassVar[steps.Verb]
    action: ClassVar[Action]
    stages: ClassVar[tuple[Stage, ...]] = OPEN
    template: ClassVar[str] = "cases/step.html"
    heading: ClassVar[Any]
    lead: Any = ""
    button: ClassVar[Any]
    done: ClassVar[Any] = ""
    # Whether `before_taking` keeps files even when some words are wrong.
    keeps_files: ClassVar[bool] = False
    # Vermilion belongs to official acts alone.
    is_official_act: ClassVar[bool] = False
    # A decision of an office leads on to the next case of this queue; everything else stays on the case.
    queue: ClassVar[Queue | None] = None

    key = forms.UUIDField(widget=forms.HiddenInput)
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    data: Any
    # Fields that the verb asks for and not the form: nobody calls them optional.
    needed: set[str]

    def __init__(
        self,
        *args: Any,
        case: Case,
        reader: Person,
        on: date,
        named: dict[str, Any] | None = None,
        place: Place | None = None,
        **kwargs: Any,
    ) -> None:
        """`place` is where the case stands in the queue, as it was before anything was decided here."""
        self.case, self.reader, self.on, self.named, self.place = case, reader, on, named or {}, place
        kwargs["initial"] = {"key": uuid4(), "seen_version": case.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.needed = set()
        self.arrange()

    def arrange(self) -> None:
        """Fields and first values that depend on the case."""

    def words(self) -> dict[str, Any]:
        """What the verb is given, beside the case, the actor and the moment."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("key", "seen_version")}

    def before_taking(self, request: Request) -> bool:
        """Work that keeps its result even when the verb then refuses (files); False ends it here, without the verb."""
        return True

    def take(self, request: Request, at: datetime) -> None:
        """Go through the one door. Raises what the door refuses."""
        self.case = steps.take(
            self.verb,
            Form(self.cleaned_data["key"], self.cleaned_data["seen_version"]),
            case=self.case,
            by=self.reader,
            at=at,
            **self.words(),
        )

    def told(self) -> Any:
        """What was done, in a sentence; `case` is as it is now."""
        return self.done

    def show(self, error: Refusal) -> None:
        """Put each sentence beside its field, or on top where there is none."""
        show_refusals(self, error)

    def kept_words(self) -> list[tuple[Any, str]]:
        """What was typed, to be copied from a form that is no longer open."""
        said = [(field.label, self._in_words(field)) for field in self.visible_fields()]
        return [(label, words) for label, words in said if words]

    @staticmethod
    def _in_words(field: forms.BoundField) -> str:
        """What stands in a field as its reader saw it: the label of a choice and not its code."""
        value = field.value()
        if isinstance(field.field, forms.BooleanField):
            return str(_("ticked")) if value else ""
        values = [str(one).strip() for one in (value if isinstance(value, list | tuple) else [value]) if one]
        labels = dict(flatten_choices(getattr(field.field, "choices", ()) or ()))
        words = {str(code): str(label) for code, label in labels.items()}
        return "、".join(words.get(one, one) for one in values if one)


def case_step(form_class: type[CaseForm]) -> Callable[..., HttpResponse]:
    """The view of a form: GET shows it, POST hands it in."""

    def view(request: Request, number: str, **named: Any) -> HttpResponse:
        at = request.at
        on = local_day(at)
        case = case_of_form(request, number, FORM_NEEDS if request.method == "POST" else PAGE_NEEDS)
        reason = refusal(request.user, form_class.action, case, on)
        if reason is not None:
            raise reason
        place = Place(form_class.queue, request.user, on, case.pk, done_before(request)) if form_class.queue else None
        given: dict[str, Any] = {"case": case, "reader": request.user, "on": on, "named": named, "place": place}
        if request.method != "POST":
            if case.stage not in form_class.stages:
                raise no_longer_open(case, form_class)
            return show(request, form_class(**given))
        form = form_class(request.POST, request.FILES, **given)
        if case.stage not in form_class.stages:
            if was_submitted(request.POST.get("key", ""), form_class.verb.__name__):
                messages.info(request, _("This form was handed in already; nothing was done twice."), extra_tags=SAVED)
                return redirect("case", number=case.number)
            return show(request, form, conflict=steps.already_moved(case))
        is_valid = form.is_valid()
        goes_on = (is_valid or form.keeps_files) and form.before_taking(request)
        if not is_valid or not goes_on:
            return show(request, form, status=422 if form.errors else 200)
        try:
            form.take(request, at)
        except Conflict as error:
            return show(request, form, conflict=error)
        except Refusal as error:
            form.show(error)
            return show(request, form, status=error.status)
        if form.errors:
            return show(request, form, status=422)
        return lead_on(request, form)

    return view


def lead_on(request: Request, form: CaseForm) -> HttpResponse:
    """After a decision: to the next case that waits, naming the one just decided, with one key back to it and one to
    undo the decision; home when nothing waits any more. What is no decision, and whoever wants to stay, stays on the case.
    """
    number = form.case.number
    is_seen = may_view(request.user, form.case, form.on)
    undo = undo_button(request, form.case) if form.queue is not None and is_seen else ""
    if form.place is None or request.POST.get("then") == STAY:
        messages.success(request, format_html("{} {}", form.told(), undo), extra_tags=SAVED)
        return redirect("case", number=number) if is_seen else redirect("home")
    address = reverse("case", args=[number])
    link = format_html('<a href="{}" data-keys="b">{} {}</a>', address, number, title(form.case)) if is_seen else ""
    messages.success(request, format_html("{} {} {}", form.told(), link, undo), extra_tags=SAVED)
    next_url = form.place.next_url(done=form.place.done + 1)
    if next_url is None:
        messages.info(request, _("That was the last one that waits for you now."))
    return redirect(next_url or "home")


def show(request: Request, form: CaseForm, *, status: int = 200, conflict: Conflict | None = None) -> HttpResponse:
    """The form's page. A conflict shows what happened meanwhile, and keeps the words: to be sent again where the step
    is still open, to be copied where it isn't.
    """
    case = form.case
    if conflict is not None:
        status = conflict.status
        case = case_of_form(request, case.number)
        form.data = form.data.copy()
        form.data["seen_version"] = case.version
    return render(
        request,
        form.template,
        {
            "form": form,
            "case": case,
            "conflict": conflict,
            "is_still_open": case.stage in form.stages,
            "is_said_in_talk": is_said_in_talk(case, form),
            "photos": [one for one in case.evidence.order_by("number") if one.is_image and one.kind == "before"][:4],
        },
        status=status,
    )


class MaySay(TypedDict):
    has_flags: bool
    has_candidates: bool
    has_comments: bool
    is_following: bool


def readable_case(request: Request, number: str) -> "WithAnnotations[Case, MaySay]":
    """The case of this number if the reader may see it; otherwise it isn't said whether there is one."""
    # So that the page asks for flags, candidates and comments only where there are any.
    found = _readable(request, number, PAGE_NEEDS).annotate(
        has_flags=Exists(Flag.objects.filter(case=OuterRef("pk"))),
        has_candidates=Exists(RelapseCandidate.objects.filter(case=OuterRef("pk"))),
        has_comments=Exists(Comment.objects.filter(case=OuterRef("pk"))),
        is_following=Exists(Following.objects.filter(case=OuterRef("pk"), person=request.user, is_on=True)),
    )
    case = found.first()
    if case is None:
        raise _assignment_undone(request, number) or Http404
    return case


def case_of_form(request: Request, number: str, needs: Sequence[str] = PAGE_NEEDS) -> Case:
    """The same, without what only its own page says beside it."""
    case = _readable(request, number, needs).first()
    if case is None:
        raise _assignment_undone(request, number) or Http404
    return case


def _readable(request: Request, number: str, needs: Sequence[str]) -> QuerySet[Case]:
    return visible(request.user, request.on).select_related(*needs).filter(number=number)


def _assignment_undone(request: Request, number: str) -> Conflict | None:
    """A unit that had the case for some minutes is told where it went; what was written meanwhile is kept by the browser."""
    units = {held.unit_id for held in posts_held(request.user, request.on)}
    if not Undone.objects.filter(assignment__case__number=number, assignment__post__unit__in=units).exists():
        return None
    return Conflict(
        "assignment_undone",
        _("The office has undone the assignment. When it assigns the case to you again, your words stand in the form."),
    )


# What the village and its department hand in, and where it lies once it was: from then on they add in words.
HANDED_IN = (Action.PLANNING, Action.RECTIFICATION, Action.ADD_EVIDENCE)
BEING_CHECKED = (*REVIEWS, Stage.STRIKE_OFF)


def is_said_in_talk(case: Case, form: CaseForm | type[CaseForm]) -> bool:
    """Whether what the reader wants to add belongs into a comment now: what was handed in is being checked."""
    return form.action in HANDED_IN and case.stage in BEING_CHECKED


def no_longer_open(case: Case, form: type[CaseForm]) -> Conflict:
    if is_said_in_talk(case, form):
        return Conflict(
            "being_checked",
            _(
                "What you handed in is being checked: “%(stage)s”. Add to it in a comment on the case, with photos too; "
                "whoever checks it is told. If it is returned, this step opens again."
            )
            % {"stage": case.get_stage_display()},
            values={"case": case, "talk": True},
        )
    return Conflict(
        "wrong_stage",
        _("This step is not open: the case stands at “%(stage)s” now.") % {"stage": case.get_stage_display()},
        values={"case": case},
    )
