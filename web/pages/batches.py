"""Many reports accepted and assigned at once, each with what is usual: one result per row, and what failed stays ticked.

Nothing else is decided on in a row: a review and a strike-off ask for a look at each case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed, Refusal
from casework.lifecycle.assignment import assign_case, default_due_on
from casework.lifecycle.reporting import classify_case, screen_case
from casework.models import Case, Person, Post, RelapseCandidate
from casework.models.exit import ScreeningOutcome
from casework.queries import waiting_for
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do, where
from casework.rights.table import Action
from casework.stages import BEFORE_ASSIGNMENT, Stage
from casework.values.numbers import whole_number
from flows import steps
from flows.submitted import Form
from web.pages.assignments import usual_posts
from web.pages.undoing import steps_just_done
from web.requests import Request

PAGE = 30


@dataclass
class Row:
    """A report with what it would be given; after the hand-in with what became of it."""

    case: Case
    post: Post | None
    due_on: date | None
    key: UUID
    is_ticked: bool = False
    is_done: bool = False
    error: Refusal | None = None
    # The event by which it may be undone.
    undo: int | None = None

    def take(self, request: Request) -> None:
        """Accept and assign the case, through the one door; a refusal is the row's result."""
        self.is_ticked = True
        try:
            version = whole_number(request.POST.get(f"version-{self.case.pk}", ""))
            self.case = self._assigned(Form(self.key, version), request)
        except Refusal as error:
            self.error = error
        else:
            self.is_done = True

    def _assigned(self, form: Form, request: Request) -> Case:
        if self.asks_for_a_look():
            raise Invalid("look_first", _("It may be known already. Look at this one by itself."))
        if self.post is None:
            raise Invalid("post_missing", _("The village has no post to assign it to."))
        acts: list[tuple[steps.Verb, dict[str, object]]] = [(assign_case, {"post": self.post})]
        if self.case.is_item_guessed:  # the row says so, and was ticked
            acts.insert(0, (classify_case, {"item": self.case.item, "severity": self.case.severity}))
        if self.case.stage == Stage.SCREENING:
            acts.insert(0, (screen_case, {"outcome": ScreeningOutcome.ACCEPTED.value}))
        return steps.take_in_order(acts, form, step="assignments", case=self.case, by=request.user, at=request.at)

    def asks_for_a_look(self) -> bool:
        """Whether somebody has to decide first if it is a duplicate or back after its strike-off."""
        return bool(self.case.likely_duplicate_of_id or getattr(self.case, "may_be_back", False))


def assignments(request: Request) -> HttpResponse:
    """GET shows what waits to be accepted or assigned, POST does it for the ticked rows."""
    if not may_do(request.user, OfficeAction.ASSIGN, request.on):
        raise NotAllowed("not_an_office", _("Reports are accepted and assigned by the offices of county and city."))
    ticked = request.POST.getlist("case")[:PAGE] if request.method == "POST" else []
    keys = {pk for pk in map(whole_number, ticked) if pk is not None}
    done: list[Row] = []
    if keys:
        rows = rows_of(request, acceptable(request.user, request.on).filter(pk__in=keys))
        for row in rows:
            row.take(request)
        done = [row for row in rows if row.is_done]
        undo = steps_just_done(request, [row.case for row in done])
        for row in done:
            row.undo = undo.get(row.case.pk)
        failed = {row.case.pk: row for row in rows if not row.is_done}
    else:
        failed = {}
    waiting = rows_of(request, acceptable(request.user, request.on)[: PAGE + 1])
    return render(
        request,
        "assignments/waiting.html",
        {
            "done": done,
            "gone": len(keys) - len(done) - len(failed),
            "is_empty_hand": request.method == "POST" and not keys,
            "rows": [failed.get(row.case.pk, row) for row in waiting[:PAGE]],
            "failed": len(failed),
            "has_more": len(waiting) > PAGE,
        },
        status=422 if failed else 200,
    )


def acceptable(person: Person, on: date) -> QuerySet[Case]:
    """What waits for this person's acceptance or assignment, in the order of the list at home."""
    undecided = RelapseCandidate.objects.filter(case=OuterRef("pk"), verdicts=None)
    mine = waiting_for(person, on).filter(where(person, Action.ASSIGNMENT, on), stage__in=BEFORE_ASSIGNMENT)
    return mine.annotate(may_be_back=Exists(undecided)).select_related("village", "town", "item")


def rows_of(request: Request, cases: Iterable[Case]) -> list[Row]:
    cases = list(cases)
    posts = usual_posts({case.village_id for case in cases}, request.on)
    return [
        Row(case, posts.get(case.village_id), default_due_on(case, on=request.on), key_of(request, case))
        for case in cases
    ]


def key_of(request: Request, case: Case) -> UUID:
    """The key of a row's hand-in: a second click on the button finds it used."""
    try:
        return UUID(request.POST.get(f"key-{case.pk}", ""))
    except ValueError:
        return uuid4()


urlpatterns = [path("assignments", assignments, name="assignments")]
