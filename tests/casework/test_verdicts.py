"""An office decides what a candidate is; the city hears an appeal, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from casework.errors import Conflict, Invalid, NotAllowed
from casework.lifecycle.verdicts import appeal_verdict, give_verdict, name_earlier
from casework.models import Case, Person, RelapseCandidate
from casework.models.case_event import EventKind
from casework.relapse.candidates import look_for_candidates
from casework.relapse.model import current_model
from casework.stages import Role, Stage, Watch
from flows import steps
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.walk import NOW, TODAY, assigned, case_at, reported, screened

WALL = "村部东侧明白墙内容空白"


@pytest.fixture
def earlier(cast: Cast) -> Case:
    case = reported(cast, description=WALL)
    Case.objects.filter(pk=case.pk).update(stage=Stage.CLOSED, waits_at=None, closed_on=TODAY - timedelta(days=30))
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def again(earlier: Case, cast: Cast) -> Case:
    return screened(cast, reported(cast, description=WALL, found_on=TODAY))


def decide(case: Case, by: Person, *, verdict: str = "relapse", reason: str = "同一面墙", **words: Any) -> Case:
    said = {"verdict": verdict, "reason": reason, **words}
    said.setdefault("candidate", case.candidates.first())
    return steps.take(give_verdict, case=case, by=by, at=NOW, **said)


def appeal(case: Case, by: Person, reason: str = "不是同一面墙") -> Case:
    return steps.take(appeal_verdict, case=case, by=by, at=NOW, candidate=case.candidates.get(), reason=reason)


def test_a_relapse_is_linked_and_approved_one_level_up(again: Case, earlier: Case, cast: Cast) -> None:
    assert not again.needs_city_review
    case = decide(again, cast.county_supervisor)
    assert (case.relapse_of, case.needs_city_review) == (earlier, True)
    earlier.refresh_from_db()
    assert (earlier.stage, earlier.closed_on) == (Stage.CLOSED, TODAY - timedelta(days=30))
    assert case.events.filter(kind=EventKind.VERDICT_GIVEN).get().by == cast.county_supervisor
    assert case.history.first().history_step == "give_verdict"


@pytest.mark.parametrize("verdict", ["missed", "never", "new", "duplicate"])
def test_other_verdicts_link_nothing(verdict: str, again: Case, cast: Cast) -> None:
    case = decide(again, cast.county_supervisor, verdict=verdict)
    assert case.relapse_of is None
    assert case.candidates.get().verdicts.get().verdict == verdict


def test_a_relapse_that_waits_for_its_strike_off_goes_to_the_city(cast: Cast) -> None:
    case = case_at(Stage.STRIKE_OFF, cast)
    old = case_at(Stage.CLOSED, cast)
    Case.objects.filter(pk=old.pk).update(closed_on=TODAY - timedelta(days=30))
    RelapseCandidate.objects.create(case=case, earlier=old, score=0.9, found="sweep", found_at=NOW)
    assert decide(case, cast.county_supervisor).waits_at == cast.city


def test_a_verdict_needs_a_reason_and_a_known_word(again: Case, cast: Cast) -> None:
    for words in ({"reason": "  "}, {"verdict": "perhaps"}):
        with pytest.raises(Invalid):
            decide(again, cast.county_supervisor, **words)
    assert not again.candidates.get().verdicts.exists()


def test_only_the_office_decides(again: Case, cast: Cast) -> None:
    for person in (cast.inspector, cast.town_reviewer, cast.willow_head, cast.outsider_county):
        with pytest.raises(NotAllowed):
            decide(again, person)


def test_decided_twice_is_a_conflict(again: Case, cast: Cast) -> None:
    decide(again, cast.county_supervisor)
    with pytest.raises(Conflict):
        decide(again, cast.city_supervisor, verdict="new")


class TestLinks:
    """An open case, the case itself, a circle, an older fact: refused, and nothing half written."""

    def link(self, case: Case, earlier: Case, cast: Cast) -> str:
        candidate = RelapseCandidate.objects.filter(case=case, earlier=earlier).first()
        if candidate is None:
            candidate = RelapseCandidate.objects.create(
                case=case, earlier=earlier, score=0.9, found="sweep", found_at=NOW
            )
        with pytest.raises(Invalid) as refusal:
            decide(case, cast.county_supervisor, candidate=candidate)
        assert Case.objects.get(pk=case.pk).relapse_of_id is None or refusal.value.code == "relapse_in_circle"
        assert not candidate.verdicts.exists()
        return refusal.value.code

    def test_to_an_open_case(self, again: Case, cast: Cast) -> None:
        assert self.link(again, reported(cast), cast) == "relapse_of_open"

    def test_in_a_circle(self, again: Case, earlier: Case, cast: Cast) -> None:
        case = decide(again, cast.county_supervisor)
        Case.objects.filter(pk=case.pk).update(stage=Stage.CLOSED, waits_at=None, closed_on=TODAY - timedelta(days=60))
        case.refresh_from_db()
        Case.objects.filter(pk=earlier.pk).update(found_on=TODAY)
        assert self.link(Case.objects.get(pk=earlier.pk), case, cast) == "relapse_in_circle"

    def test_of_an_older_fact(self, again: Case, earlier: Case, cast: Cast) -> None:
        Case.objects.filter(pk=again.pk).update(fact_on=TODAY - timedelta(days=31))
        assert self.link(Case.objects.get(pk=again.pk), earlier, cast) == "fact_before_closure"

    def test_to_another_village(self, again: Case, cast: Cast) -> None:
        elsewhere = reported(cast, village=cast.poplar)
        Case.objects.filter(pk=elsewhere.pk).update(stage=Stage.CLOSED, waits_at=None, closed_on=TODAY)
        elsewhere.refresh_from_db()
        assert self.link(again, elsewhere, cast) == "relapse_elsewhere"

    def test_to_itself(self, again: Case) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            RelapseCandidate.objects.create(case=again, earlier=again, score=1, found="sweep", found_at=NOW)


def test_the_earlier_case_is_watched_no_longer_and_again_after_an_appeal(
    again: Case, earlier: Case, cast: Cast
) -> None:
    case = appeal(assigned(cast, decide(again, cast.county_supervisor)), cast.willow_head)
    earlier.refresh_from_db()
    assert (earlier.watch, earlier.stage) == (Watch.FAILED, Stage.CLOSED)
    decide(case, cast.city_supervisor, verdict="missed")
    earlier.refresh_from_db()
    assert (earlier.watch, earlier.watched_until) == (Watch.WATCHED, None)


class TestAppeals:
    def test_the_city_decides_again_and_somebody_else(self, again: Case, cast: Cast) -> None:
        case = appeal(assigned(cast, decide(again, cast.county_supervisor)), cast.willow_head)
        with pytest.raises(NotAllowed):
            decide(case, cast.county_supervisor, verdict="new")
        case = decide(case, cast.city_supervisor, verdict="new", reason="西侧那面是新建的")
        assert case.relapse_of is None
        assert [one.verdict for one in case.candidates.get().verdicts.all()] == ["relapse", "new"]

    def test_not_by_whoever_gave_the_verdict(self, again: Case, cast: Cast) -> None:
        case = appeal(assigned(cast, decide(again, cast.city_supervisor)), cast.willow_head)
        with pytest.raises(NotAllowed):
            decide(case, cast.city_supervisor, verdict="new")
        assert decide(case, holder(Role.CITY_SUPERVISOR, cast.city, "second"), verdict="new").relapse_of is None

    def test_once(self, again: Case, cast: Cast) -> None:
        case = appeal(assigned(cast, decide(again, cast.county_supervisor)), cast.willow_head)
        with pytest.raises(Conflict):
            appeal(case, cast.town_reviewer)
        case = decide(case, cast.city_supervisor)
        with pytest.raises(Conflict):
            appeal(case, cast.willow_head)
        with pytest.raises(Conflict):
            decide(case, cast.city_supervisor)

    def test_needs_a_verdict_and_a_reason(self, again: Case, cast: Cast) -> None:
        case = assigned(cast, again)
        with pytest.raises(Conflict):
            appeal(case, cast.willow_head)
        case = decide(case, cast.county_supervisor)
        with pytest.raises(Invalid):
            appeal(case, cast.willow_head, reason=" ")
        with pytest.raises(NotAllowed):
            appeal(case, cast.poplar_head)


class TestSeveralCandidates:
    """A verdict is about one pair: the other candidates and their earlier cases stay as they were."""

    @pytest.fixture
    def other(self, again: Case, cast: Cast) -> RelapseCandidate:
        old = case_at(Stage.CLOSED, cast)
        Case.objects.filter(pk=old.pk).update(closed_on=TODAY - timedelta(days=60), watch=Watch.WATCHED)
        return RelapseCandidate.objects.create(case=again, earlier=old, score=0.6, found="sweep", found_at=NOW)

    def test_new_on_one_does_not_unlink_the_other(
        self, again: Case, earlier: Case, other: RelapseCandidate, cast: Cast
    ) -> None:
        case = decide(again, cast.county_supervisor, candidate=again.candidates.get(earlier=earlier))
        case = decide(case, cast.county_supervisor, candidate=other, verdict="new", reason="另一面墙")
        assert case.relapse_of == earlier

    @pytest.mark.parametrize("watch", [Watch.FAILED, Watch.ARCHIVED, Watch.WATCHED])
    def test_new_at_first_sight_leaves_the_watching_as_it_was(
        self, watch: str, again: Case, other: RelapseCandidate, cast: Cast
    ) -> None:
        Case.objects.filter(pk=other.earlier_id).update(watch=watch, watched_until=TODAY)
        before = Case.objects.values("watch", "watched_until", "version").get(pk=other.earlier_id)
        decide(again, cast.county_supervisor, candidate=other, verdict="new", reason="另一面墙")
        assert Case.objects.values("watch", "watched_until", "version").get(pk=other.earlier_id) == before


class TestNamedByTheOffice:
    """Where nothing was proposed, who decides points at the earlier case."""

    def name(self, case: Case, earlier: Case, by: Person, verdict: str = "relapse") -> Case:
        return steps.take(name_earlier, case=case, by=by, at=NOW, earlier=earlier, verdict=verdict, reason="同一块栏")

    def test_it_is_a_candidate_with_its_verdict_and_teaches(self, earlier: Case, cast: Cast) -> None:
        case = reported(cast, description="公示栏里贴的是去年的内容", found_on=TODAY)
        assert not case.candidates.exists()
        case = self.name(case, earlier, cast.county_supervisor)
        candidate = case.candidates.get()
        assert (case.relapse_of, candidate.found, candidate.verdicts.get().verdict) == (earlier, "office", "relapse")
        assert (candidate.model_version, candidate.features["named"]) == (current_model().version, 1)
        assert candidate.features["meaning"] > 0

    def test_a_pair_that_was_decided_is_not_decided_again_this_way(
        self, again: Case, earlier: Case, cast: Cast
    ) -> None:
        case = decide(again, cast.county_supervisor, verdict="new")
        with pytest.raises(Conflict) as refused:
            self.name(case, earlier, cast.county_supervisor)
        assert refused.value.code == "verdict_given"

    def test_a_match_keeps_what_was_named(self, earlier: Case, cast: Cast) -> None:
        case = self.name(reported(cast, description="路灯不亮", found_on=TODAY), earlier, cast.county_supervisor, "new")
        look_for_candidates([case.pk], found="sweep", at=NOW)
        assert case.candidates.get().found == "office"

    @pytest.mark.parametrize(
        ("which", "code"),
        [
            ("itself", "relapse_of_itself"),
            ("open", "relapse_of_open"),
            ("elsewhere", "relapse_elsewhere"),
            ("a village", "not_your_case"),
        ],
    )
    def test_refused(self, which: str, code: str, again: Case, earlier: Case, cast: Cast) -> None:
        if which == "elsewhere":
            Case.objects.filter(pk=earlier.pk).update(village=cast.poplar)
            earlier.refresh_from_db()
        other = {"itself": again, "open": reported(cast, description="别的")}.get(which, earlier)
        by = cast.willow_head if which == "a village" else cast.county_supervisor
        with pytest.raises(NotAllowed if which == "a village" else Invalid) as refused:
            self.name(again, other, by, "new")
        assert refused.value.code == code
        assert not RelapseCandidate.objects.filter(found="office").exists()


@pytest.mark.parametrize("given_by", ["county_supervisor", "city_supervisor"])
def test_whoever_appealed_does_not_decide_on_it(given_by: str, again: Case, cast: Cast) -> None:
    """Nor whoever gave the verdict, by whichever post they would decide now."""
    appoint(cast.town_reviewer, Role.CITY_SUPERVISOR, cast.city)
    giver = getattr(cast, given_by)
    case = appeal(assigned(cast, decide(again, giver)), Person.objects.get(pk=cast.town_reviewer.pk))
    if given_by == "county_supervisor":
        appoint(giver, Role.CITY_SUPERVISOR, cast.city)
    for person in (cast.town_reviewer, giver):
        with pytest.raises(NotAllowed) as refused:
            decide(case, Person.objects.get(pk=person.pk), verdict="new")
        assert refused.value.code == "own_verdict"
    assert decide(case, holder(Role.CITY_SUPERVISOR, cast.city, "third"), verdict="new").relapse_of is None


@pytest.mark.parametrize("table", ["relapseverdict", "verdictappeal"])
def test_a_verdict_and_its_appeal_stay_as_they_were_given(table: str, again: Case, cast: Cast) -> None:
    appeal(assigned(cast, decide(again, cast.county_supervisor)), cast.willow_head)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE casework_{table} SET reason = 'x'")
