"""What is said in a case, told: to whom, at once or with the digest, in which words, and to nobody who may not see it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from casework.lifecycle.exit import refer_case
from casework.lifecycle.review import review_case
from casework.models import Case, Comment, Person, Term
from casework.models.case_event import EventKind
from casework.stages import Role, Stage
from casework.talk.attachments import attach
from casework.talk.commenting import ask_what_is_missing, edit_comment, resolve_question, write_comment
from casework.talk.following import follow
from flows import steps
from notifications.announcing import announce
from notifications.delivering import deliver
from notifications.messages import words_of
from notifications.models import Address, Delivery, Message
from notifications.talk import said_in
from tests.cast import Cast
from tests.factories import holder
from tests.notifications.test_audience import HEARS
from tests.walk import NOW, TODAY, case_at, photo, reviewed, verdicts


@pytest.fixture
def case(cast: Cast) -> Case:
    case = case_at(Stage.RECTIFICATION, cast)
    announce(at=NOW)
    Message.objects.all().delete()
    return case


def say(case: Case, by: Person, words: str = "照片要拍到雨棚", **given: object) -> Comment:
    comment = write_comment(**{"case": case, "words": words, "by": by, "at": NOW, **given})
    announce(at=NOW)
    return comment


def told() -> set[str]:
    found = set(Message.objects.values_list("person__username", flat=True))
    Message.objects.all().delete()
    return found


class TestWhoHears:
    def test_whose_turn_it_is_and_not_who_wrote_it(self, cast: Cast, case: Case) -> None:
        say(case, cast.town_reviewer)
        assert told() == {"willow_head", "willow_member"}
        say(case, cast.willow_head)
        assert told() == {"willow_member", "town_reviewer"}  # who spoke before follows

    def test_who_is_mentioned_by_name_by_post_and_by_unit(self, cast: Cast, case: Case) -> None:
        say(case, cast.willow_head, f"@city_supervisor @柳河镇·{Role.TOWN_REVIEWER.label} @青禾区")
        assert told() == {"willow_member", "city_supervisor", "town_reviewer", "county_supervisor"}

    def test_the_successor_in_the_post_hears_what_was_said_to_it(self, cast: Cast, case: Case) -> None:
        write_comment(case=case, words="@柳河镇", by=cast.willow_head, at=NOW)
        Term.objects.filter(person=cast.town_reviewer).update(valid_until=TODAY - timedelta(days=1))
        holder(Role.TOWN_REVIEWER, cast.town, "successor")
        announce(at=NOW)
        assert told() == {"willow_member", "successor"}

    def test_who_follows_and_no_longer_who_stopped(self, cast: Cast, case: Case) -> None:
        follow(case=case, is_on=True, by=cast.city_supervisor, at=NOW)
        say(case, cast.willow_head)
        assert told() == {"willow_member", "city_supervisor"}
        follow(case=case, is_on=False, by=cast.city_supervisor, at=NOW)
        say(case, cast.willow_head)
        assert told() == {"willow_member"}

    def test_a_follower_or_a_named_person_who_may_not_see_it_any_more_hears_nothing(
        self, cast: Cast, case: Case
    ) -> None:
        follow(case=case, is_on=True, by=cast.city_supervisor, at=NOW)
        write_comment(case=case, words="@town_reviewer", by=cast.willow_head, at=NOW)
        for person in (cast.city_supervisor, cast.town_reviewer):
            Term.objects.filter(person=person).update(valid_until=TODAY - timedelta(days=1))
        announce(at=NOW)
        assert told() == {"willow_member"}

    def test_of_a_case_referred_meanwhile_nobody_hears_what_was_said(self, cast: Cast, case: Case) -> None:
        write_comment(case=case, words="@town_reviewer @柳河镇", by=cast.willow_head, at=NOW)
        steps.take(refer_case, case=case, by=cast.county_supervisor, at=NOW, to=cast.discipline_unit, reason="涉嫌")
        announce(at=NOW)
        assert told() == {"discipline"}
        write_comment(case=case, words="@市纪委监委 请核实", by=cast.discipline, at=NOW)
        announce(at=NOW)
        assert told() == set()

    def test_what_is_missing_is_asked_of_who_returned_it(self, cast: Cast) -> None:
        case = reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer, returned=(1,))
        announce(at=NOW)
        told()
        ask_what_is_missing(case=case, by=cast.willow_head, at=NOW)
        announce(at=NOW)
        assert told() == {"willow_member", "town_reviewer"}

    def test_who_asked_hears_that_it_is_answered(self, cast: Cast, case: Case) -> None:
        question = say(case, cast.town_reviewer, kind="question")
        follow(case=case, is_on=False, by=cast.town_reviewer, at=NOW)
        told()
        resolve_question(comment=question, by=cast.willow_head, at=NOW)
        announce(at=NOW)
        assert told() == {"town_reviewer"}

    def test_of_a_change_hears_who_is_named_for_the_first_time(self, cast: Cast, case: Case) -> None:
        comment = say(case, cast.willow_head, "@town_reviewer 雨棚三米")
        told()
        edit_comment(comment=comment, words="@town_reviewer @青禾区 雨棚四米", by=cast.willow_head, at=NOW)
        announce(at=NOW)
        assert told() == {"county_supervisor"}

    def test_a_follower_hears_of_steps_as_of_a_copy(self, cast: Cast) -> None:
        case = case_at(Stage.FIRST_REVIEW, cast)
        announce(at=NOW)
        Message.objects.all().delete()
        follow(case=case, is_on=True, by=cast.city_supervisor, at=NOW)
        follow(case=case, is_on=True, by=cast.willow_head, at=NOW)
        steps.take(
            review_case, case=case, by=cast.town_reviewer, at=NOW, verdicts=verdicts(case, returned=(1,)), on_site=True
        )
        announce(at=NOW)
        copies = dict(Message.objects.values_list("person__username", "is_copy"))
        assert copies == {"willow_head": False, "willow_member": False, "city_supervisor": True}

    def test_the_kinds_that_followers_hear_of_are_no_secrets(self) -> None:
        from casework.events import UNANNOUNCED
        from notifications.events import Who

        assert not HEARS[Who.FOLLOWER] & set(UNANNOUNCED)


class TestWhen:
    @pytest.fixture
    def reached(self, cast: Cast, case: Case) -> None:
        for person in (cast.willow_head, cast.willow_member, cast.town_reviewer, cast.city_supervisor):
            Address.objects.create(person=person, channel="email", address=f"{person.username}@example.org")

    def at_once(self) -> set[str]:
        return {one.message.person.username for one in Delivery.objects.exclude(message=None)}

    def test_who_is_named_at_once_the_others_with_the_digest(self, reached: None, cast: Cast, case: Case) -> None:
        follow(case=case, is_on=True, by=cast.city_supervisor, at=NOW)
        say(case, cast.willow_head, "@town_reviewer 请看")
        assert self.at_once() == {"town_reviewer"}
        assert Message.objects.filter(digest__isnull=False).count() == 2

    def test_a_question_at_once_to_whose_turn_it_is(self, reached: None, cast: Cast, case: Case) -> None:
        follow(case=case, is_on=True, by=cast.city_supervisor, at=NOW)
        say(case, cast.town_reviewer, kind="question")
        assert self.at_once() == {"willow_head", "willow_member"}

    def test_a_step_reaches_a_follower_with_the_digest(self, reached: None, cast: Cast, case: Case) -> None:
        case = case_at(Stage.FIRST_REVIEW, cast)
        announce(at=NOW)
        Delivery.objects.all().delete()
        follow(case=case, is_on=True, by=cast.city_supervisor, at=NOW)
        reviewed(case, cast.town_reviewer, returned=(1,))
        announce(at=NOW)
        assert self.at_once() == {"willow_head", "willow_member"}


class TestWhatIsSaid:
    def test_how_it_begins_and_where_it_stands(self, cast: Cast, case: Case) -> None:
        comment = say(case, cast.town_reviewer, "第一行\n第二行" + "很长" * 60)
        with translation.override("en"):
            words = words_of(comment.event)
        assert words.subject.startswith("A comment was written: ")
        assert words.text.startswith("第一行 第二行很长") and words.text.endswith("…") and len(words.text) == 60
        assert words.url.endswith(f"/comments/{comment.pk}")

    def test_of_files_alone_their_names(self, cast: Cast, case: Case) -> None:
        comment = say(case, cast.town_reviewer, "", files=[attach(photo(1, name="雨棚.jpg"))])
        assert words_of(comment.event).text == "雨棚.jpg"

    def test_who_is_named_is_told_so(self, cast: Cast, case: Case) -> None:
        say(case, cast.town_reviewer, "@willow_head 请看", kind="question")
        message = Message.objects.get(person=cast.willow_head)
        with translation.override("en"):
            assert words_of(message.event, is_mentioned=message.is_mentioned).subject.startswith("A question to you: ")
            other = Message.objects.get(person=cast.willow_member)
            assert words_of(other.event, is_mentioned=other.is_mentioned).subject.startswith("A question was asked: ")

    def test_a_changed_comment_begins_as_it_stands_now(self, cast: Cast, case: Case) -> None:
        comment = say(case, cast.town_reviewer, "雨棚三米", kind="question")
        edit_comment(comment=comment, words="雨棚四米", by=cast.town_reviewer, at=NOW)
        resolve_question(comment=comment, by=cast.town_reviewer, at=NOW)
        events = list(case.events.filter(kind__in=("asked", "comment_edited", "question_resolved")))
        assert set(said_in(events).values()) == {(comment.pk, "雨棚四米")}

    def test_many_take_three_queries_and_others_none(
        self, cast: Cast, case: Case, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(5):
            comment = say(case, cast.town_reviewer, f"第{number}条", kind="question")
            edit_comment(comment=comment, words=f"第{number}条，改", by=cast.town_reviewer, at=NOW)
            resolve_question(comment=comment, by=cast.town_reviewer, at=NOW)
        events = list(case.events.all())
        with django_assert_num_queries(3):
            said_in(events)
        with django_assert_num_queries(0):
            said_in([event for event in events if event.kind == EventKind.ASSIGNED])

    def test_it_goes_out_by_the_reader_s_channel(
        self, cast: Cast, case: Case, mailoutbox: list[object], settings: object
    ) -> None:
        Address.objects.create(person=cast.willow_head, channel="email", address="head@example.org")
        say(case, cast.town_reviewer, "@willow_head 请把雨棚拍进去")
        deliver("email", at=NOW)
        assert "请把雨棚拍进去" in mailoutbox[0].body and "/comments/" in mailoutbox[0].body

    def test_the_inbox_leads_to_the_comment(self, cast: Cast, case: Case) -> None:
        comment = say(case, cast.town_reviewer, "请把雨棚拍进去")
        client = Client()
        client.force_login(cast.willow_head)
        assert "请把雨棚拍进去" in client.get("/messages").content.decode()
        message = Message.objects.get(person=cast.willow_head)
        answer = client.get(f"/messages/{message.pk}")
        assert answer["Location"] == f"/comments/{comment.pk}"
        assert client.get(answer["Location"])["Location"] == f"/cases/{case.number}#comment-{comment.pk}"
