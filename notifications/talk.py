"""What is said in a case, to be told: its followers and whom a comment names, as far as they may see the case today, and
how it begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils.text import Truncator

from casework.models import CaseEvent, Comment, CommentRevision, Following, Person, QuestionResolution
from casework.models.case_event import EventKind
from casework.rights.held_posts import read_posts
from casework.rights.pairings import helpers_of
from casework.rights.roles import may_view, post_sees
from casework.talk.reading import worded
from notifications.events import Who, telling_of

BEGINNING = 60


@dataclass
class Talk:
    """Of one event: the people by their keys, and the posts named, as (unit, roles)."""

    followers: set[int] = field(default_factory=set)
    mentioned: set[int] = field(default_factory=set)
    posts: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)


def talk_of(events: Sequence[CaseEvent], on: date) -> dict[int, Talk]:
    """What each event, by its key, is to those who talk about its case. The events come with their cases; nothing is
    asked where none is of that kind, else six queries, however many they are.
    """
    found = {event.pk: Talk() for event in events}
    _name(found, [event for event in events if Who.MENTIONED in telling_of(event).audience])
    _follow(found, [event for event in events if Who.FOLLOWER in telling_of(event).audience])
    wanted = {person for talk in found.values() for person in talk.followers | talk.mentioned}
    people = {person.pk: person for person in Person.objects.filter(pk__in=wanted, is_active=True)} if wanted else {}
    if people:
        read_posts(people.values(), on)
    named = [event.case for event in events if found[event.pk].posts]
    helpers = helpers_of(named, on) if named else {}
    for event in events:
        talk, helping = found[event.pk], helpers.get(event.case_id, ())
        for heard in (talk.followers, talk.mentioned):
            heard.intersection_update([pk for pk in heard if pk in people and may_view(people[pk], event.case, on)])
        seats = (
            (unit, tuple(role for role in roles if post_sees(event.case, unit, role, helpers=helping)))
            for unit, roles in talk.posts
        )
        talk.posts = [(unit, roles) for unit, roles in seats if roles]
    return found


def _name(found: dict[int, Talk], events: Sequence[CaseEvent]) -> None:
    """Whom the words name, and who asked the question that was answered."""
    keys = [event.pk for event in events]
    if not keys:
        return
    named = list(Comment.objects.filter(pk__in=keys).values_list("pk", "mentions"))
    named += CommentRevision.objects.filter(pk__in=keys).values_list("pk", "mentions")
    for pk, mentions in named:
        for mention in mentions:
            # A later wording says whom it names for the first time: only they are told.
            if not mention.get("was_named"):
                found[pk].mentioned.update(mention.get("people", ()))
                if "unit" in mention:
                    found[pk].posts.append((mention["unit"], tuple(mention["roles"])))
    for pk, asker in QuestionResolution.objects.filter(pk__in=keys).values_list("pk", "comment__by"):
        found[pk].mentioned.add(asker)


def _follow(found: dict[int, Talk], events: Sequence[CaseEvent]) -> None:
    if not events:
        return
    followers: dict[int, set[int]] = {}
    rows = Following.objects.filter(case__in={event.case_id for event in events}, is_on=True)
    for case, person in rows.values_list("case", "person"):
        followers.setdefault(case, set()).add(person)
    for event in events:
        found[event.pk].followers |= followers.get(event.case_id, set())


class Said(NamedTuple):
    """The comment that an event is about, by its key, and how it begins."""

    comment: int
    beginning: str


def said_in(events: Sequence[CaseEvent]) -> dict[int, Said]:
    """What stands in the comments that these events are about, as they are worded now, by the events' keys. Nothing is
    asked where none is about one, else three queries at most.
    """
    about = {event.pk: event.pk for event in events if telling_of(event).comment}
    if not about:
        return {}
    kinds = {event.kind for event in events}
    for kind, model in ((EventKind.COMMENT_EDITED, CommentRevision), (EventKind.QUESTION_RESOLVED, QuestionResolution)):
        if kind in kinds:
            about |= dict(model.objects.filter(pk__in=about).values_list("pk", "comment"))
    comments = {one.pk: one for one in worded(Comment.objects.filter(pk__in=about.values()))}
    return {event: Said(key, _beginning(comments[key])) for event, key in about.items() if key in comments}


def _beginning(comment: Any) -> str:
    """The first words in one line; of files alone their names."""
    words = " ".join(comment.now_words.split()) or "、".join(file["name"] for file in comment.files)
    return Truncator(words).chars(BEGINNING)
