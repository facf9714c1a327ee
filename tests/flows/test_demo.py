"""The demo city: every stage, every login's home, true dates, and the records that the one door would have written."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from PIL import Image, ImageChops, ImageStat

from casework.escalation.escalation import sweep_ladder
from casework.events import TALK_KINDS
from casework.lifecycle.exit import withdraw_case
from casework.lifecycle.planning import is_empty_phrase
from casework.lifecycle.reporting import screen_case
from casework.lists.filters import CaseFilters
from casework.models import (
    Case,
    CaseEvent,
    Comment,
    CommentKind,
    CommentRevision,
    Evidence,
    Extension,
    FindingImport,
    LookBack,
    Pause,
    Person,
    RelapseVerdict,
    Transfer,
    Unit,
)
from casework.models.job import JobState
from casework.models.look_back import LookBackState
from casework.offices.lists import lists_of
from casework.proofs.verification import verify_evidence, verify_history
from casework.queries import came_back, extensions_to_decide, overdue, visible, waiting_for
from casework.stages import ENDS, OPEN, Light, Stage, Watch
from flows import steps
from flows.demo import pictures
from flows.demo.clock import midnight
from flows.demo.people import LOGINS, PASSWORD
from flows.demo.problems import PROBLEMS
from flows.demo.seeding import seed
from flows.models import CaseTask
from oversight.demo.opinions import LOGIN_COUNTY
from oversight.demo.villages import WEEKS
from recognition.aspects import ASPECTS
from tests.walk import NOW, TODAY, photo

CASES = 62


@pytest.fixture(scope="class")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="class")
def seeded(django_db_setup: None, django_db_blocker: Any, files: Path) -> Iterator[None]:
    """One small demo for all tests of a class; each test's own changes are rolled back. Its photos are plain squares."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        for number, name in enumerate(("before", "after", "signed_sheet")):
            patch.setattr(pictures, name, lambda *_which, colour=number: photo(colour).read())
        with override_settings(MEDIA_ROOT=files, PASSWORD_HASHERS=hashers), time_machine.travel(NOW, tick=False):
            seed(now=NOW, cases=CASES)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(seeded: None, db: None, clock: object, settings: Any, files: Path) -> None:
    settings.MEDIA_ROOT = files


def login(username: str) -> Person:
    return Person.objects.get(username=username)


def stages_waiting_for(username: str) -> list[str]:
    return [case.stage for case in waiting_for(login(username), TODAY)]


@pytest.mark.usefixtures("demo")
class TestSeeded:
    def test_cases_stand_in_every_stage(self) -> None:
        assert Case.objects.count() == CASES
        assert set(Case.objects.values_list("stage", flat=True)) == set(Stage.values)

    def test_everything_beside_the_path_has_happened(self) -> None:
        assert set(Extension.objects.values_list("granted", flat=True)) == {True, False, None}
        assert Extension.objects.filter(asked_late=True).exists()
        assert Pause.objects.filter(resumed_at=None).count() == 1
        assert Pause.objects.exclude(resumed_at=None).exists()
        assert Transfer.objects.exists()
        assert Case.objects.filter(assignments__ended_at__isnull=False).exists()
        assert Case.objects.filter(relapse_of__isnull=False).count() == 5
        assert Case.objects.filter(round=3, stage=Stage.CLOSED).exists()
        assert set(Case.objects.filter(stage__in=OPEN).values_list("light", flat=True)) == set(Light.values)

    def test_a_wall_came_back_twice_and_a_look_alike_did_not_count(self) -> None:
        wall = Case.objects.get(relapse_of__relapse_of__isnull=False)
        chain = [wall, wall.relapse_of, wall.relapse_of.relapse_of]
        assert {case.object for case in chain} == {wall.object}
        assert [case.watch for case in chain[1:]] == [Watch.FAILED, Watch.FAILED]
        verdicts = list(RelapseVerdict.objects.values_list("verdict", flat=True))
        assert sorted(verdicts) == ["new", *["relapse"] * 5]
        assert Unit.objects.get(pk=wall.village_id).is_key_village

    def test_look_backs_were_done_and_some_wait(self) -> None:
        assert LookBack.objects.filter(state=LookBackState.DONE, outcome="held").count() > 30
        assert LookBack.objects.filter(state=LookBackState.PLANNED).exists()
        done = LookBack.objects.filter(state=LookBackState.DONE).select_related("process")
        assert {look_back.process.status for look_back in done} == {"DONE"}
        assert Case.objects.filter(watch=Watch.ARCHIVED).exists()

    def test_committee_finds_a_plan_a_return_tomorrows_deadline_and_an_overdue_case(self) -> None:
        committee = login("committee")
        waiting = waiting_for(committee, TODAY)
        assert stages_waiting_for("committee").count(Stage.PLANNING) == 1
        assert came_back(committee, TODAY, 5).count() == 1
        assert waiting.filter(due_on=TODAY + timedelta(days=1)).count() == 1
        assert overdue(committee, TODAY, 5).count() == 1
        assert waiting.filter(paused_on__isnull=False).count() == 1
        assert stages_waiting_for("member") == stages_waiting_for("committee")

    def test_a_duty_was_missed_within_the_weeks_of_which_there_are_minutes(self) -> None:
        since = TODAY - timedelta(days=TODAY.weekday(), weeks=WEEKS - 1)
        missed = Case.objects.filter(item__code="committee-duty-missed", county__name=LOGIN_COUNTY, found_on__gte=since)
        assert missed.exclude(stage=Stage.REFERRED).exists()

    def test_reviewers_and_offices_have_work(self) -> None:
        assert stages_waiting_for("town").count(Stage.FIRST_REVIEW) >= 2
        assert stages_waiting_for("town").count(Stage.PLAN_APPROVAL) >= 2
        assert extensions_to_decide(login("town"), TODAY).count() == 1
        wanted = {Stage.SCREENING, Stage.ASSIGNMENT, Stage.SECOND_REVIEW, Stage.STRIKE_OFF}
        assert wanted <= set(stages_waiting_for("county"))
        assert {Stage.CITY_REVIEW, Stage.STRIKE_OFF} <= set(stages_waiting_for("city"))
        assert {Stage.PLANNING, Stage.RECTIFICATION} <= set(stages_waiting_for("department"))

    def test_discipline_office_sees_referred_cases_and_nobody_else_does(self) -> None:
        referred = Case.objects.filter(stage=Stage.REFERRED)
        assert set(visible(login("discipline"), TODAY)) >= set(referred) != set()
        for one in LOGINS:
            if one.username != "discipline":
                assert not visible(login(one.username), TODAY).filter(stage=Stage.REFERRED).exists()

    def test_volunteer_and_inspector_see_how_their_reports_fare(self) -> None:
        volunteer, inspector = login("volunteer"), login("inspector")
        own = visible(volunteer, TODAY)
        assert {Stage.SCREENING, Stage.RECTIFICATION, Stage.REFUSED, Stage.DUPLICATE, Stage.CLOSED} == {
            case.stage for case in own
        }
        assert {case.reported_by_id for case in own} == {volunteer.pk}
        assert Case.objects.filter(reported_by=inspector).count() > 5

    def test_every_login_opens_with_the_shared_password(self) -> None:
        assert all(login(one.username).check_password(PASSWORD) for one in LOGINS)
        assert not Person.objects.filter(is_demo=False).exists()

    def test_history_carries_the_day_of_the_event(self) -> None:
        case = Case.objects.filter(stage=Stage.CLOSED, round=3).first()
        assert case is not None
        written = {row.history_date for row in case.history.exclude(history_step="turn_lights")}
        assert written == set(case.events.exclude(by=None).exclude(kind__in=TALK_KINDS).values_list("at", flat=True))
        assert max(CaseEvent.objects.exclude(by=None).values_list("at", flat=True)) < midnight(TODAY)
        assert min(CaseEvent.objects.values_list("at", flat=True)) < NOW - timedelta(days=150)

    def test_numbers_follow_the_days_without_gaps(self) -> None:
        for code in ("QW", "WX", "YB", "GX"):
            for year in (2025, 2026):
                cases = Case.objects.filter(number__startswith=f"{code}-{year}-").order_by("number")
                moments = [case.reported_at for case in cases]
                assert moments == sorted(moments)
                assert [int(case.number[-6:]) for case in cases] == list(range(1, len(cases) + 1))
        assert Case.objects.filter(stage=Stage.CLOSED, closing_number="").count() == 0

    def test_lights_are_right_for_today(self) -> None:
        assert sweep_ladder(at=NOW) == 0

    def test_evidence_and_history_hold(self) -> None:
        assert not [flaw for flaw in verify_evidence() if flaw]
        assert not [flaw for flaw in verify_history() if flaw]
        assert Evidence.objects.filter(kind="signed_sheet", signed_by=[]).count() == 0

    def test_process_and_case_agree(self) -> None:
        for case in Case.objects.all():
            tasks = CaseTask.objects.filter(process_id=case.process_id, status="NEW")
            assert [task.flow_task.name for task in tasks] == ([] if case.stage in ENDS else [case.stage])

    def test_cases_go_on_through_the_one_door(self) -> None:
        county = login("county")
        screening = waiting_for(county, TODAY).filter(stage=Stage.SCREENING).first()
        assert screening is not None
        assert steps.take(screen_case, case=screening, by=county, at=NOW, outcome="accepted").stage == "assignment"
        for stage in set(stages_waiting_for("county")) - {Stage.SCREENING}:
            case = waiting_for(county, TODAY).filter(stage=stage).first()
            assert case is not None
            assert steps.take(withdraw_case, case=case, by=county, at=NOW, reason="误报").stage == Stage.WITHDRAWN

    def test_people_talk_in_three_cases(self) -> None:
        said = Comment.objects.order_by("pk")
        assert len({one.case_id for one in said}) == 3
        asked = said.get(kind=CommentKind.MISSING)
        assert asked.case in waiting_for(login("committee"), TODAY) and hasattr(asked, "resolution")
        assert any(mention.get("unit") == login("town").terms.get().post.unit_id for mention in asked.mentions)
        assert CommentRevision.objects.get().comment.files
        assert said.get(kind=CommentKind.QUESTION).case in waiting_for(login("county"), TODAY)
        assert said.latest("pk").case.stage == Stage.CLOSED

    def test_a_file_in_an_offices_own_words_came_in(self) -> None:
        run = FindingImport.objects.get()
        assert (run.state, run.added, run.refused, run.items_guessed) == (JobState.DONE, 8, 2, 2)
        brought = Case.objects.filter(found_in=run)
        assert brought.filter(is_item_guessed=True).count() == 2
        groups = Counter(brought.filter(item=None).values_list("category_words", flat=True))
        assert groups == {"签字盖章不规范": 3, "工作留痕不够": 2, "说不清": 1}

    @pytest.mark.parametrize(("who", "own", "shared"), [("county", 1, 2), ("town", 1, 0), ("city", 0, 1)])
    def test_offices_keep_lists_and_each_shows_something(self, who: str, own: int, shared: int) -> None:
        person = login(who)
        kept = lists_of(person, TODAY)
        assert [kept.filter(office=None).count(), kept.exclude(office=None).count()] == [own, shared]
        for one in kept:
            filters = CaseFilters.from_query(one.query)
            assert filters.as_query() == one.query and one.query
            assert filters.apply(visible(person, TODAY), person, TODAY).exists(), one.name

    def test_second_run_adds_nothing_and_says_so(self) -> None:
        said = StringIO()
        call_command("seed_demo", stdout=said)
        assert "nothing was added" in said.getvalue()
        assert Case.objects.count() == CASES

    def test_no_word_is_left_open(self) -> None:
        for case in Case.objects.select_related("object"):
            assert "{" not in f"{case.description}{case.required_action}{case.object}{case.place}"


def test_logins_are_printed() -> None:
    said = StringIO()
    call_command("seed_demo", logins=True, stdout=said)
    assert PASSWORD in said.getvalue()
    assert all(f"  {one.username} " in said.getvalue() for one in LOGINS)


def test_taken_user_name_is_refused(db: None) -> None:
    Person.objects.create(username="inspector", name="某人")
    with pytest.raises(CommandError, match="inspector"):
        call_command("seed_demo", cases=0)
    assert not Unit.objects.exists()


def test_problems_are_of_the_catalogue_and_their_measures_name_something() -> None:
    codes = {item.code for aspect in ASPECTS for item in aspect.items}
    assert len(PROBLEMS) >= 60
    for problem in PROBLEMS:
        assert problem.item in codes
        assert problem.scene in pictures.SCENES
        for task in (*problem.tasks, problem.prevention):
            assert not is_empty_phrase(task.what), task.what
            assert task.done


@pytest.mark.parametrize("scene", pictures.SCENES)
def test_photos_before_and_after_differ_at_a_glance(scene: str) -> None:
    before, after = (Image.open(BytesIO(make(scene, 0))) for make in (pictures.before, pictures.after))
    assert before.size == after.size == (1200, 900)
    assert max(len(pictures.before(scene, 0)), len(pictures.after(scene, 0))) < 160_000
    assert sum(ImageStat.Stat(ImageChops.difference(before, after)).mean) > 30
    pictures.before.cache_clear()
    assert pictures.before(scene, 0) == pictures.before.__wrapped__(scene, 0)
