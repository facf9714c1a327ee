"""To say something in a case. Nothing here moves a case, gives a right or counts as an entry: what decides is a verb."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.database.trouble import breaks
from casework.errors import Conflict, Invalid, NotAllowed
from casework.events import event_of
from casework.models import Case, CaseEvent, Comment, CommentKind, CommentRevision, Measure, Person, QuestionResolution
from casework.models.case_event import EventKind
from casework.queries import last_return
from casework.rights.held_posts import Held, posts_held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_view, post_for, posts_for, refusal
from casework.rights.table import Action
from casework.rights.turns import turn_of, unit_whose_turn
from casework.stages import OPEN, Role, Stage
from casework.talk.attachments import AttachedFile, refuse_too_many
from casework.talk.following import begin_to_follow
from casework.talk.mentions import mentioned
from casework.values.plain_text import clean_text
from casework.working_time.deadlines import local_day

LONGEST = 2000
MAY_EDIT_FOR = timedelta(minutes=10)
# Where a village may ask what is missing: what it hands in next is reviewed.
BEFORE_REVIEW = (Stage.PLANNING, Stage.RECTIFICATION)


@transaction.atomic
def write_comment(
    *,
    case: Case,
    words: str,
    by: Person,
    at: datetime,
    kind: str = CommentKind.COMMENT,
    measure: Measure | None = None,
    quotes: Comment | None = None,
    files: Sequence[AttachedFile] = (),
    key: UUID | None = None,
) -> Comment:
    """Say something on a case or one of its measures. The same key gives the same comment; with other words it is a
    conflict. Refuses who may not see the case, what says nothing or too much, and names of those who may not see it.
    """
    key = key or uuid4()
    words = clean_text(words).strip()
    known = Comment.objects.filter(key=key).first()
    if known is None:
        case = Case.objects.select_related("referral").get(pk=case.pk)
        _require(by, Action.COMMENT, case, at)
        _require_words(words, files)
        refuse_too_many(files)
        _require_same_case(case, measure, quotes)
        names = mentioned(words, case, local_day(at))
        try:
            with transaction.atomic():
                return _write(case, words, names, kind, measure, quotes, files, key, by, at)
        except IntegrityError as error:
            if not breaks(error, table=Comment._meta.db_table, column="key"):
                raise
        known = Comment.objects.get(key=key)  # a double click was faster
    if (known.by_id, known.case_id, known.words) != (by.pk, case.pk, words):
        raise Conflict(
            "form_used", _("This form was handed in before with other words. Open it again and repeat the change.")
        )
    return known


def require_sayable(case: Case, words: str, *, by: Person, at: datetime) -> None:
    """Refuse what `write_comment` would refuse of this person, case and words."""
    _require(by, Action.COMMENT, case, at)
    words = clean_text(words).strip()
    _require_words(words, ())
    mentioned(words, case, local_day(at))


def _write(
    case: Case,
    words: str,
    names: list[dict[str, Any]],
    kind: str,
    measure: Measure | None,
    quotes: Comment | None,
    files: Sequence[AttachedFile],
    key: UUID,
    by: Person,
    at: datetime,
) -> Comment:
    event = _event(case, EventKind.COMMENTED if kind == CommentKind.COMMENT else EventKind.ASKED, by=by, at=at)
    comment = Comment.objects.create(
        event=event,
        case=case,
        measure=measure,
        kind=kind,
        key=key,
        by=by,
        by_role=event.by_role,
        by_unit=event.by_unit,
        at=at,
        words=words,
        mentions=names,
        quotes=quotes,
        files=[file.as_row() for file in files],
    )
    begin_to_follow(case, [by.pk, *_people(names)], at=at)
    return comment


def ask_what_is_missing(*, case: Case, by: Person, at: datetime, key: UUID | None = None) -> Comment:
    """One question to who reviews what the village hands in next, in words that say so. Asked once until it is answered
    or something was handed in.
    """
    _require(by, Action.ASK_WHAT_IS_MISSING, case, at)
    if case.stage not in BEFORE_REVIEW:
        raise Conflict("wrong_stage", _("This is asked while the plan or the rectification is with the village."))
    if key is None or not Comment.objects.filter(key=key).exists():
        _refuse_asked_already(case)
    words = gettext("@%(who)s What is missing? Please say which measure or which proof is not enough yet.")
    return write_comment(
        case=case, words=words % {"who": who_reviews(case)}, kind=CommentKind.MISSING, by=by, at=at, key=key
    )


def who_reviews(case: Case) -> str:
    """The post that sent the case back last, or else the first one that will look at it, as it is mentioned."""
    review = last_return(case) if case.stage == Stage.RECTIFICATION else None
    stage = Stage(review.stage) if review else Stage.PLAN_APPROVAL
    unit, role = unit_whose_turn(case, stage), turn_of(case, stage).roles[0]
    if unit is None:  # a village without a town
        unit, role = case.county, Role.COUNTY_SUPERVISOR
    return f"{unit}·{role.label}"


def _refuse_asked_already(case: Case) -> None:
    asked = Comment.objects.filter(case=case, kind=CommentKind.MISSING, resolution=None).order_by("-pk").first()
    if asked is not None and not case.events.filter(pk__gt=asked.pk, kind=EventKind.RETURNED).exists():
        raise Conflict(
            "asked_already",
            _("This was asked already and waits for its answer. Add to it by a comment."),
            values={"case": case},
        )


@transaction.atomic
def edit_comment(*, comment: Comment, words: str, by: Person, at: datetime) -> None:
    """Say it in other words, within ten minutes of saying it; the old ones are kept. Newly named people are told."""
    case = comment.case
    _require(by, Action.COMMENT, case, at)
    if not may_edit(by, comment, at):
        raise NotAllowed(
            "edit_over",
            _("A comment may be changed for ten minutes by who wrote it. Write another one that corrects it."),
        )
    words = clean_text(words).strip()
    _require_words(words, comment.files)
    # The second of two changes at once waits for the first one's number.
    Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    last = comment.revisions.order_by("-number").first()
    before = last or comment
    if words == before.words:
        return
    wordings: list[Comment | CommentRevision] = [comment, *comment.revisions.all()]
    named = [mention["name"] for said in wordings for mention in said.mentions]
    names = [{**name, "was_named": name["name"] in named} for name in mentioned(words, case, local_day(at))]
    event = _event(case, EventKind.COMMENT_EDITED, by=by, at=at)
    number = last.number + 1 if last else 1
    CommentRevision.objects.create(event=event, comment=comment, number=number, at=at, words=words, mentions=names)
    begin_to_follow(case, _people(names), at=at)


def may_edit(person: Person, comment: Comment, at: datetime) -> bool:
    return comment.by_id == person.pk and comment.at <= at < comment.at + MAY_EDIT_FOR


@transaction.atomic
def resolve_question(*, comment: Comment, by: Person, at: datetime) -> None:
    """Mark a question as answered; a second time changes nothing."""
    case = comment.case
    _require(by, Action.COMMENT, case, at)
    if not comment.is_question or not may_resolve(by, comment, at):
        raise NotAllowed(
            "not_your_question",
            _("A question is marked as answered by who asked it, or by the office whose turn it is."),
        )
    Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if not QuestionResolution.objects.filter(comment=comment).exists():
        event = _event(case, EventKind.QUESTION_RESOLVED, by=by, at=at)
        QuestionResolution.objects.create(event=event, comment=comment, by=by, at=at)


def may_resolve(person: Person, comment: Comment, at: datetime) -> bool:
    """Whether it is this person's to say that a question is answered: who asked, or on whose desk the case lies."""
    case = comment.case
    if comment.by_id == person.pk:
        return True
    if case.stage not in OPEN:
        return False
    roles = turn_of(case, Stage(case.stage)).roles
    return any(held.unit_id == case.waits_at_id and held.role in roles for held in posts_held(person, local_day(at)))


def _require(by: Person, action: Action, case: Case, at: datetime) -> None:
    reason = refusal(by, action, case, local_day(at))
    if reason is not None:
        raise reason


def _require_words(words: str, files: Sequence[Any]) -> None:
    if not words and not files:
        raise Invalid("words_missing", _("Write what you want to say, or add a file."), field="words")
    if len(words) > LONGEST:
        raise Invalid(
            "too_long",
            _("At most %(most)d characters, and these are %(count)d. Please shorten it.")
            % {"most": LONGEST, "count": len(words)},
            field="words",
        )


def _require_same_case(case: Case, measure: Measure | None, quotes: Comment | None) -> None:
    if measure is not None and measure.plan.case_id != case.pk:
        raise Invalid("measure_elsewhere", _("This measure belongs to another case."), field="about")
    if quotes is not None and quotes.case_id != case.pk:
        raise Invalid("quote_elsewhere", _("What you quote stands in another case. Write without it."), field="words")


def _people(names: Sequence[dict[str, Any]]) -> list[int]:
    return [person for name in names for person in name.get("people", ())]


def _event(case: Case, kind: EventKind, *, by: Person, at: datetime) -> CaseEvent:
    event = event_of(case, kind, at=at)
    event.by = by
    if (held := _speaks_as(by, case, at)) is not None:
        event.by_role, event.by_unit_id = held.role, held.unit_id
    event.save()
    return event


def _speaks_as(by: Person, case: Case, at: datetime) -> Held | None:
    """The post in whose name somebody speaks: the one that sees the case, or by which it was reported."""
    on = local_day(at)
    held = post_for(by, Action.VIEW, case, on)
    if held is None and may_view(by, case, on):
        held = next(iter(posts_for(by, OfficeAction.REPORT, on) or posts_held(by, on)), None)
    return held
