"""What is said in a case: who may, whom it names, what it leaves untouched, and what an auditor still finds."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from casework.errors import Conflict, Invalid, NotAllowed
from casework.lifecycle.exit import refer_case
from casework.models import (
    Case,
    CaseEvent,
    Comment,
    CommentKind,
    CommentRevision,
    Following,
    Person,
    QuestionResolution,
)
from casework.models.case_event import EventKind
from casework.proofs.verification import verify_evidence, verify_history
from casework.queries import current_measures
from casework.rights import roles
from casework.rights.held_posts import read_posts
from casework.stages import Role, Stage
from casework.talk import commenting
from casework.talk.attachments import MOST_FILES, attach
from casework.talk.commenting import (
    LONGEST,
    MAY_EDIT_FOR,
    edit_comment,
    resolve_question,
)
from casework.talk.following import follow
from casework.talk.reading import comments_of, is_on_first_page
from flows import steps
from tests.casework.talk import SEE, say
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, closed, photo, reported, reviewed


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_at(Stage.RECTIFICATION, cast)


class TestWhoMay:
    def test_whoever_sees_the_case_and_nobody_else(self, cast: Cast, case: Case) -> None:
        let_in = set()
        for who in vars(cast):
            if isinstance(person := getattr(cast, who), Person):
                try:
                    say(case, person)
                    let_in.add(who)
                except NotAllowed as refused:
                    assert refused.code == "not_seen"
        assert let_in == SEE

    def test_the_village_does_not_hear_of_a_case_before_it_is_assigned(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            say(reported(cast), cast.willow_head)

    def test_a_volunteer_speaks_in_the_own_report_in_the_name_of_the_post(self, cast: Cast) -> None:
        comment = say(reported(cast, by=cast.volunteer), cast.volunteer)
        assert (comment.by_role, comment.by_unit) == (Role.VOLUNTEER, cast.town)

    def test_a_struck_off_case_can_be_talked_about(self, cast: Cast) -> None:
        assert say(closed(cast, case_at(Stage.STRIKE_OFF, cast)), cast.willow_head).pk

    def test_a_referred_case_is_the_discipline_office_s_to_talk_about(self, cast: Cast, case: Case) -> None:
        steps.take(refer_case, case=case, by=cast.county_supervisor, at=NOW, to=cast.discipline_unit, reason="涉嫌")
        with pytest.raises(NotAllowed):
            say(case, cast.county_supervisor)  # the case as it was known before
        assert say(case, cast.discipline, "@市纪委监委 请核实").mentions[0]["unit"] == cast.discipline_unit.pk

    def test_the_query_and_the_predicate_say_the_same(self, cast: Cast, case: Case) -> None:
        cases = [case, reported(cast), reported(cast, by=cast.volunteer), closed(cast, case_at(Stage.STRIKE_OFF, cast))]
        referred = case_at(Stage.PLANNING, cast)
        cases.append(
            steps.take(
                refer_case, case=referred, by=cast.county_supervisor, at=NOW, to=cast.discipline_unit, reason="涉嫌"
            )
        )
        everybody = list(Person.objects.all())
        read_posts(everybody, TODAY)
        for one in cases:
            seen = set(roles.terms_that_see(one, TODAY).values_list("person", flat=True))
            assert seen == {person.pk for person in everybody if roles.may_view(person, one, TODAY)}, one.stage


class TestNothingIsDecided:
    def test_no_version_no_entry_no_step(self, cast: Cast, case: Case) -> None:
        before = Case.objects.filter(pk=case.pk).values().get()
        comment = say(case, cast.town_reviewer, kind=CommentKind.QUESTION)
        edit_comment(comment=comment, words="改了", by=cast.town_reviewer, at=NOW)
        resolve_question(comment=comment, by=cast.town_reviewer, at=NOW)
        assert Case.objects.filter(pk=case.pk).values().get() == before
        assert not [flaw for flaw in verify_history() if flaw]

    def test_a_form_that_is_open_meanwhile_is_taken(self, cast: Cast) -> None:
        case = case_at(Stage.FIRST_REVIEW, cast)
        say(case, cast.willow_head)
        assert reviewed(case, cast.town_reviewer).stage == Stage.SECOND_REVIEW

    def test_nobody_was_faster_by_talking(self, cast: Cast) -> None:
        case = case_at(Stage.FIRST_REVIEW, cast)
        moved = reviewed(case, cast.town_reviewer)
        say(moved, cast.willow_head)
        last = steps.already_moved(moved).values["event"]
        assert last.kind == EventKind.PASSED

    def test_a_mention_opens_nothing(self, cast: Cast, case: Case) -> None:
        for who in (cast.outsider_head, cast.poplar_head, cast.volunteer):
            with pytest.raises(Invalid):
                say(case, cast.willow_head, f"@{who.name} 看一下")
            assert not roles.may_view(Person.objects.get(pk=who.pk), case, TODAY)
        assert not Comment.objects.exists()
        assert not Following.objects.exists()


class TestWords:
    @pytest.mark.parametrize("words", ["", "  \n ", "\t\r\n"])
    def test_nothing_said(self, words: str, cast: Cast, case: Case) -> None:
        with pytest.raises(Invalid) as refused:
            say(case, cast.willow_head, words)
        assert refused.value.code == "words_missing"

    def test_2000_characters_are_taken_and_one_more_is_refused(self, cast: Cast, case: Case) -> None:
        assert LONGEST == 2000
        say(case, cast.willow_head, "改" * LONGEST)
        with pytest.raises(Invalid) as refused:
            say(case, cast.willow_head, "改" * (LONGEST + 1))
        assert refused.value.code == "too_long" and "2001" in str(refused.value)

    def test_handed_in_twice_it_is_one(self, cast: Cast, case: Case) -> None:
        key = uuid4()
        assert say(case, cast.willow_head, key=key) == say(case, cast.willow_head, key=key)
        assert (Comment.objects.count(), CaseEvent.objects.filter(kind=EventKind.COMMENTED).count()) == (1, 1)

    def test_a_double_click_that_was_faster_leads_to_the_same_comment(
        self, cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The first click writes after the second one has looked."""
        key, look = uuid4(), commenting.mentioned

        def meanwhile(*said: Any) -> Any:
            monkeypatch.setattr(commenting, "mentioned", look)
            say(case, cast.willow_head, key=key)
            return look(*said)

        monkeypatch.setattr(commenting, "mentioned", meanwhile)
        assert say(case, cast.willow_head, key=key) == Comment.objects.get()
        assert case.events.filter(kind=EventKind.COMMENTED).count() == 1

    @pytest.mark.parametrize("who, words", [("willow_head", "别的话"), ("town_reviewer", "照片要拍到雨棚")])
    def test_the_same_key_with_other_words_or_of_another_person(
        self, who: str, words: str, cast: Cast, case: Case
    ) -> None:
        key = uuid4()
        say(case, cast.willow_head, key=key)
        with pytest.raises(Conflict):
            say(case, getattr(cast, who), words, key=key)

    def test_a_measure_and_a_quoted_comment_are_of_this_case(self, cast: Cast, case: Case) -> None:
        other = case_at(Stage.RECTIFICATION, cast)
        first = say(case, cast.willow_head)
        kept = say(case, cast.town_reviewer, measure=current_measures(case)[0], quotes=first)
        assert (kept.measure.number, kept.quotes) == (1, first)
        with pytest.raises(Invalid):
            say(case, cast.town_reviewer, measure=current_measures(other)[0])
        with pytest.raises(Invalid):
            say(other, cast.town_reviewer, quotes=first)

    def test_files_alone_are_enough_and_join_no_chain(self, cast: Cast, case: Case) -> None:
        comment = say(case, cast.willow_head, "", files=[attach(photo(3, name="../雨棚.jpg"))])
        assert comment.files[0]["name"] == "雨棚.jpg" and comment.files[0]["width"] == 64
        assert Case.objects.get(pk=case.pk).evidence_count == case.evidence_count

    def test_a_file_that_was_altered_or_lost_is_named(self, cast: Cast, case: Case) -> None:
        comment = say(case, cast.willow_head, "", files=[attach(photo(3)), attach(photo(4))])
        paths = [Path(default_storage.path(row["stored_as"])) for row in comment.files]
        assert not [flaw for flaw in verify_evidence() if flaw]
        paths[0].write_bytes(paths[0].read_bytes()[:-1] + b"x")
        paths[1].unlink()
        found = [(flaw.where, flaw.what.split()[-1]) for flaw in verify_evidence(case.number) if flaw]
        where = f"{case.number} comment {comment.pk} file"
        assert found == [(f"{where} 1", "altered"), (f"{where} 2", "missing")]
        assert not [flaw for flaw in verify_evidence("QH-2026-999999") if flaw]

    def test_a_sixth_file_is_refused(self, cast: Cast, case: Case) -> None:
        files = [attach(photo(colour)) for colour in range(MOST_FILES + 1)]
        assert MOST_FILES == 5
        say(case, cast.willow_head, files=files[:-1])
        with pytest.raises(Invalid) as refused:
            say(case, cast.willow_head, files=files)
        assert refused.value.code == "too_many_files"


class TestChanging:
    def test_within_ten_minutes_and_the_old_words_are_kept(self, cast: Cast, case: Case) -> None:
        comment = say(case, cast.willow_head, "雨棚三米")
        edit_comment(comment=comment, words="雨棚四米", by=cast.willow_head, at=NOW + timedelta(minutes=9))
        edit_comment(comment=comment, words="雨棚五米", by=cast.willow_head, at=NOW + timedelta(minutes=9))
        shown = comments_of(case).comments[0]
        assert (shown.now_words, Comment.objects.get(pk=comment.pk).words) == ("雨棚五米", "雨棚三米")
        assert list(comment.revisions.values_list("number", "words")) == [(1, "雨棚四米"), (2, "雨棚五米")]

    @pytest.mark.parametrize("after", [MAY_EDIT_FOR, timedelta(days=1), timedelta(seconds=-1)])
    def test_not_afterwards_and_not_before(self, after: timedelta, cast: Cast, case: Case) -> None:
        comment = say(case, cast.willow_head)
        with pytest.raises(NotAllowed):
            edit_comment(comment=comment, words="改", by=cast.willow_head, at=NOW + after)

    def test_nobody_changes_another_one_s_words(self, cast: Cast, case: Case) -> None:
        comment = say(case, cast.willow_head)
        for who in ("willow_member", "town_reviewer", "city_supervisor"):
            with pytest.raises(NotAllowed):
                edit_comment(comment=comment, words="改", by=getattr(cast, who), at=NOW)

    def test_the_same_words_are_no_change(self, cast: Cast, case: Case) -> None:
        comment = say(case, cast.willow_head, "雨棚")
        edit_comment(comment=comment, words=" 雨棚 ", by=cast.willow_head, at=NOW)
        assert not CommentRevision.objects.exists()

    def test_a_change_asks_the_same_of_words_and_names(self, cast: Cast, case: Case) -> None:
        comment = say(case, cast.willow_head)
        for words in ("", "改" * (LONGEST + 1), "@outsider_head"):
            with pytest.raises(Invalid):
                edit_comment(comment=comment, words=words, by=cast.willow_head, at=NOW)

    @pytest.mark.parametrize("model", [Comment, CommentRevision, QuestionResolution])
    def test_the_database_changes_and_removes_nothing_of_it(self, model: Any, cast: Cast, case: Case) -> None:
        comment = say(case, cast.willow_head, kind=CommentKind.QUESTION)
        edit_comment(comment=comment, words="改", by=cast.willow_head, at=NOW)
        resolve_question(comment=comment, by=cast.willow_head, at=NOW)
        rows = model.objects.all()
        assert rows.count() == 1
        for change in (lambda: rows.update(at=NOW + timedelta(days=1)), lambda: rows._raw_delete(rows.db)):
            with pytest.raises(DatabaseError, match="kept for the audit"), transaction.atomic():
                change()


class TestFollowing:
    def test_who_speaks_and_who_is_spoken_to_follows(self, cast: Cast, case: Case) -> None:
        say(case, cast.willow_head, "@town_reviewer 请看")
        following = Following.objects.filter(case=case, is_on=True)
        assert {one.person for one in following} == {cast.willow_head, cast.town_reviewer}

    def test_who_stopped_is_not_made_to_follow_again(self, cast: Cast, case: Case) -> None:
        follow(case=case, is_on=True, by=cast.town_reviewer, at=NOW)
        follow(case=case, is_on=False, by=cast.town_reviewer, at=NOW)
        say(case, cast.willow_head, "@town_reviewer 请看")
        assert not Following.objects.get(person=cast.town_reviewer).is_on


class TestReading:
    def test_pages_by_key_show_each_comment_once_in_one_query(
        self, cast: Cast, case: Case, django_assert_num_queries: Any
    ) -> None:
        said = [say(case, cast.willow_head, f"第{number}条").pk for number in range(7)]
        seen: list[int] = []
        before: int | None = None
        while True:
            with django_assert_num_queries(1):
                page = comments_of(case, before=before, size=3)
            seen = [one.pk for one in page.comments] + seen
            before = page.before
            if before is None:
                break
        assert seen == said

    def test_the_newest_thirty_stand_on_the_first_page(self, cast: Cast, case: Case) -> None:
        said = [say(case, cast.willow_head, f"第{number}条") for number in range(31)]
        assert [is_on_first_page(one) for one in (said[0], said[1], said[-1])] == [False, True, True]
        assert [one.pk for one in comments_of(case).comments] == [one.pk for one in said[1:]]

    def test_a_quoted_comment_is_shown_as_it_stands_now(self, cast: Cast, case: Case) -> None:
        first = say(case, cast.willow_head, "雨棚三米")
        say(case, cast.town_reviewer, "对吗", quotes=first)
        edit_comment(comment=first, words="雨棚四米", by=cast.willow_head, at=NOW)
        assert comments_of(case).comments[1].quoted_words == "雨棚四米"

    def test_other_cases_stay_apart(self, cast: Cast, case: Case) -> None:
        say(case_at(Stage.RECTIFICATION, cast), cast.willow_head)
        assert comments_of(case).comments == []


def test_who_left_the_post_may_not_add_to_what_they_wrote(cast: Cast, case: Case) -> None:
    from casework.models import Term

    comment = say(case, cast.willow_head)
    Term.objects.filter(person=cast.willow_head).update(valid_until=TODAY - timedelta(days=1))
    left = Person.objects.get(pk=cast.willow_head.pk)
    with pytest.raises(NotAllowed):
        edit_comment(comment=comment, words="改", by=left, at=datetime.fromisoformat(NOW.isoformat()))
