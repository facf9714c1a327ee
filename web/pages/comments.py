"""What is said in a case: the panel on its page, the page of all comments, and the forms that add to them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import Conflict, Refusal
from casework.models import Case, Comment, CommentKind, Measure
from casework.queries import current_measures, visible
from casework.rights.roles import may, may_view
from casework.rights.table import Action
from casework.stages import Stage
from casework.talk.attachments import files_of
from casework.talk.commenting import (
    BEFORE_REVIEW,
    ask_what_is_missing,
    edit_comment,
    may_edit,
    may_resolve,
    resolve_question,
)
from casework.talk.following import follow
from casework.talk.mentions import readers_of
from casework.talk.reading import NEEDS, CommentPage, comments_of, is_on_first_page, worded
from casework.values.numbers import MOST, whole_number
from flows import steps
from web.pages.case_forms import readable_case
from web.pages.comment_form import CommentForm, WordingForm, names_offered
from web.pages.fields import SAVED, show_refusals
from web.requests import Request


def talk_panel(request: Request, case: Case, measures: list[Measure], page: CommentPage) -> dict[str, Any]:
    """What the panel of comments shows this reader; it asks nothing."""
    at = request.at
    for comment in page.comments:
        comment.case = case
    initial = {name: request.GET[name] for name in ("about", "quotes") if name in request.GET}
    may_ask = case.stage in BEFORE_REVIEW and may(request.user, Action.ASK_WHAT_IS_MISSING, case, request.on)
    if any(is_open(one) and one.kind == CommentKind.MISSING and one.at >= since(case) for one in page.comments):
        may_ask = False  # it waits for its answer
    return {
        "comments": [line_of(request, comment) for comment in page.comments],
        "before": page.before,
        "form": CommentForm(case=case, request=request, measures=measures, initial=initial),
        "may_ask": may_ask,
        "key": uuid4(),
        "open_questions": sum(is_open(one) for one in page.comments),
        "at": at,
    }


def is_open(comment: Comment) -> bool:
    return comment.is_question and not hasattr(comment, "resolution")


def since(case: Case) -> datetime:
    """From when on a question is about what lies with the village now."""
    return case.returned_at or case.reported_at


def line_of(request: Request, comment: Any) -> dict[str, Any]:
    resolution = getattr(comment, "resolution", None)
    return {
        "comment": comment,
        "files": list(enumerate(files_of(comment.files), start=1)),
        "resolution": resolution,
        "is_mine": comment.by_id == request.user.pk,
        "may_edit": may_edit(request.user, comment, request.at),
        "may_resolve": comment.is_question and resolution is None and may_resolve(request.user, comment, request.at),
        "sees_earlier": comment.edited_at is not None and sees_earlier(request, comment),
    }


def sees_earlier(request: Request, comment: Comment) -> bool:
    """Whether the wordings before the last are this reader's to see: the author's own, the offices' of the case, and of
    a referred one the discipline office's, who alone reads it.
    """
    case = comment.case
    is_mine = comment.by_id == request.user.pk
    return is_mine or case.stage == Stage.REFERRED or may(request.user, Action.SEE_EARLIER_WORDS, case, request.on)


def comments(request: Request, number: str) -> HttpResponse:
    """All that was said in a case, by pages; and where a comment is handed in."""
    case = readable_case(request, number)
    measures = current_measures(case)
    if request.method != "POST":
        return show(request, case, measures)
    form = CommentForm(request.POST, request.FILES, case=case, request=request, measures=measures)
    is_valid = form.is_valid()
    form.keep_files()
    comment = form.take(request.at) if is_valid and not form.errors else None
    if comment is None:
        return show(request, case, measures, form=form, status=422)
    messages.success(request, _("Your comment stands in the case."), extra_tags=SAVED)
    return redirect(address_of(comment))


def show(
    request: Request, case: Any, measures: list[Measure], *, form: CommentForm | None = None, status: int = 200
) -> HttpResponse:
    page = comments_of(case, before=whole_number(request.GET.get("before", "")))
    talk = talk_panel(request, case, measures, page)
    if form is not None:
        talk["form"] = form
    return render(request, "comments/list.html", {"case": case, "talk": talk, "is_whole_page": True}, status=status)


def address_of(comment: Comment) -> str:
    """Where a comment stands: on the case's page, or on the page of its key among the earlier ones."""
    number, place = comment.case.number, f"#comment-{comment.pk}"
    if is_on_first_page(comment):
        return reverse("case", args=[number]) + place
    return f"{reverse('comments', args=[number])}?before={comment.pk + 1}{place}"


def readable_comment(request: Request, pk: int) -> Comment:
    """The comment, if the reader may see its case; otherwise it isn't said whether there is one."""
    if pk > MOST:  # a key that is an event's is not bounded by Django
        raise Http404
    comment = worded(Comment.objects.filter(pk=pk)).select_related("case__referral", *NEEDS).first()
    if comment is None or not may_view(request.user, comment.case, request.on):
        raise Http404
    return comment


def comment(request: Request, pk: int) -> HttpResponse:
    return redirect(address_of(readable_comment(request, pk)))


def wording(request: Request, pk: int) -> HttpResponse:
    """Say it in other words, within ten minutes."""
    comment: Any = readable_comment(request, pk)
    is_posted = request.method == "POST"
    if not is_posted and not may_edit(request.user, comment, request.at):
        raise Http404
    form = WordingForm(request.POST if is_posted else None, initial={"words": comment.now_words})
    form.fields["words"].widget.attrs |= names_offered(comment.case)
    if is_posted and form.is_valid():
        try:
            with steps.door():
                edit_comment(comment=comment, words=form.cleaned_data["words"], by=request.user, at=request.at)
        except Refusal as refusal:
            show_refusals(form, refusal)
        else:
            messages.success(request, _("The comment is changed; its earlier words are kept."), extra_tags=SAVED)
            return redirect(address_of(comment))
    return render(
        request,
        "comments/wording.html",
        {"form": form, "comment": comment, "case": comment.case},
        status=422 if form.errors else 200,
    )


def wordings(request: Request, pk: int) -> HttpResponse:
    """What a comment said before, for its author and for the offices."""
    comment = readable_comment(request, pk)
    if not sees_earlier(request, comment):
        raise Http404
    said = [{"at": comment.at, "words": comment.words}]
    said += [{"at": one.at, "words": one.words} for one in comment.revisions.order_by("number")]
    return render(request, "comments/wordings.html", {"comment": comment, "case": comment.case, "wordings": said[::-1]})


@require_POST
def resolution(request: Request, pk: int) -> HttpResponse:
    comment = readable_comment(request, pk)
    with steps.door():
        resolve_question(comment=comment, by=request.user, at=request.at)
    messages.success(request, _("The question is marked as answered."))
    return redirect(address_of(comment))


@require_POST
def following(request: Request, number: str) -> HttpResponse:
    case = readable_case(request, number)
    is_on = request.POST.get("is_on") == "1"
    follow(case=case, is_on=is_on, by=request.user, at=request.at)
    said = _("You hear of what is said and done in this case.") if is_on else _("You no longer follow this case.")
    messages.success(request, said)
    return redirect("case", number=number)


@require_POST
def missing(request: Request, number: str) -> HttpResponse:
    """The one question of a village: what is missing?"""
    case = readable_case(request, number)
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid4()
    try:
        with steps.door():
            comment = ask_what_is_missing(case=case, by=request.user, at=request.at, key=key)
    except Conflict as conflict:
        messages.info(request, str(conflict))
        return redirect(reverse("case", args=[number]) + "#talk")
    messages.success(request, _("The question is asked: who reviews is told now, and answers here."))
    return redirect(address_of(comment))


def readers(request: Request, number: str) -> JsonResponse:
    """Who may be mentioned in a case: for the list below the field."""
    case = visible(request.user, request.on).select_related("referral").filter(number=number).first()
    if case is None:
        raise Http404
    found = [one for one in readers_of(case, request.on) if one.people != {request.user.pk}]
    return JsonResponse({"readers": [{"name": one.name, "where": one.where} for one in found]})


urlpatterns = [
    path("cases/<str:number>/comments", comments, name="comments"),
    path("cases/<str:number>/following", following, name="following"),
    path("cases/<str:number>/missing", missing, name="missing"),
    path("cases/<str:number>/readers", readers, name="readers"),
    path("comments/<int:pk>", comment, name="comment"),
    path("comments/<int:pk>/wording", wording, name="comment_wording"),
    path("comments/<int:pk>/wordings", wordings, name="comment_wordings"),
    path("comments/<int:pk>/resolution", resolution, name="comment_resolution"),
]
