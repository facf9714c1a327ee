"""An inspector's visit: planned, made, signed, done; what is refused on the way, and what the database keeps."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.models import OfficeEvent, Person, RestingRow
from casework.stages import Role
from casework.working_time.deadlines import midnight
from notifications.announcing import announce_office
from notifications.models import Message
from oversight.models import FoundCase, HeadSignature, ItemAnswer, VillageVisit, VisitState
from oversight.visits.making import answer_items, arrive, finish_visit, link_found_case
from oversight.visits.planning import call_off_visit
from oversight.visits.queries import lines_of, standing, to_make
from oversight.visits.reminding import remind_of_visits
from oversight.visits.rights import visits_shown_on_village
from oversight.visits.signing import Signature
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.oversight.visiting import SIGNED, all_in_order, codes, done_visit, made_visit, planned_visit
from tests.walk import NOW, TODAY, reported


class TestArriving:
    @pytest.mark.parametrize("place", [(0.0, 0.0), (48.85, 2.35), (-33.5, 114.0)])
    def test_an_odd_position_is_asked_about_and_never_measured_from(
        self, place: tuple[float, float], cast: Cast
    ) -> None:
        visit = planned_visit(cast)
        with pytest.raises(Invalid) as refused:
            arrive(visit=visit, latitude=place[0], longitude=place[1], by=cast.inspector, at=NOW)
        assert refused.value.code == "position_odd"
        made = arrive(visit=visit, latitude=place[0], longitude=place[1], is_confirmed=True, by=cast.inspector, at=NOW)
        made.refresh_from_db()
        assert ((made.latitude, made.longitude), made.is_position_odd, made.place) == (place, True, None)

    def test_where_the_citys_cases_lie_says_what_is_outside(self, cast: Cast) -> None:
        for number in range(10):
            reported(cast, latitude=33.5 + number / 100, longitude=114.0)
        visit, other = planned_visit(cast), planned_visit(cast, village=cast.elm)
        assert arrive(visit=visit, latitude=33.9, longitude=114.2, by=cast.inspector, at=NOW).place == (33.9, 114.2)
        with pytest.raises(Invalid):
            arrive(visit=other, latitude=39.9, longitude=116.4, by=cast.inspector, at=NOW)

    def test_without_a_position_and_not_twice(self, cast: Cast) -> None:
        visit, key = planned_visit(cast), uuid4()
        assert arrive(visit=visit, by=cast.inspector, at=NOW, key=key).place is None
        assert arrive(visit=visit, by=cast.inspector, at=NOW, key=key).state == VisitState.ARRIVED
        with pytest.raises(Conflict):
            arrive(visit=visit, by=cast.inspector, at=NOW)
        with pytest.raises(Conflict):
            arrive(visit=visit, latitude=33.5, longitude=114.0, by=cast.inspector, at=NOW, key=key)

    def test_only_who_was_sent(self, cast: Cast) -> None:
        visit = planned_visit(cast)
        for who in (holder(Role.INSPECTOR, cast.county, "colleague"), cast.county_supervisor, cast.willow_head):
            with pytest.raises(NotAllowed):
                arrive(visit=visit, by=who, at=NOW)

    def test_nor_once_they_sit_there(self, cast: Cast) -> None:
        visit = planned_visit(cast)
        appoint(cast.inspector, Role.COMMITTEE_MEMBER, cast.willow)
        with pytest.raises(NotAllowed) as refused:
            arrive(visit=visit, by=Person.objects.get(pk=cast.inspector.pk), at=NOW)
        assert refused.value.code == "own_village"


class TestAnswering:
    def test_several_at_once_and_anew_until_it_is_done(self, cast: Cast) -> None:
        visit = made_visit(cast)
        first, second, *_others = lines_of(visit)
        answer_items(visit=visit, answers={first.pk: "in_order", second.pk: "finding"}, by=cast.inspector, at=NOW)
        answer_items(visit=visit, answers={second.pk: "not_applicable"}, by=cast.inspector, at=NOW)
        stands = standing(visit)
        assert (stands.answered, stands.checked, stands.wrong) == (2, 1, 0)

    def test_not_before_the_arrival(self, cast: Cast) -> None:
        visit = planned_visit(cast)
        with pytest.raises(Conflict) as refused:
            answer_items(visit=visit, answers={lines_of(visit)[0].pk: "in_order"}, by=cast.inspector, at=NOW)
        assert refused.value.code == "not_arrived"

    @pytest.mark.parametrize(
        ("answers", "code"), [({}, "no_answer"), ({0: "in_order"}, "item_unknown"), ({None: "good"}, "answer_unknown")]
    )
    def test_what_is_no_answer_is_refused(self, answers: dict[Any, str], code: str, cast: Cast) -> None:
        visit = made_visit(cast)
        said = {lines_of(visit)[0].pk if line is None else line: answer for line, answer in answers.items()}
        with pytest.raises(Refusal) as refused:
            answer_items(visit=visit, answers=said, by=cast.inspector, at=NOW)
        assert codes(refused) == [code]

    def test_a_number_used_for_other_answers_is_a_conflict(self, cast: Cast) -> None:
        visit, key = made_visit(cast), uuid4()
        line = lines_of(visit)[0].pk
        for _again in range(2):
            answer_items(visit=visit, answers={line: "in_order"}, by=cast.inspector, at=NOW, key=key)
        with pytest.raises(Conflict):
            answer_items(visit=visit, answers={line: "finding"}, by=cast.inspector, at=NOW, key=key)
        assert ItemAnswer.objects.get().answer == "in_order"

    def test_what_was_reported_stays_a_finding(self, cast: Cast) -> None:
        visit = made_visit(cast)
        line = lines_of(visit)[0]
        answer_items(visit=visit, answers={line.pk: "finding"}, by=cast.inspector, at=NOW)
        answer = ItemAnswer.objects.get()
        for _another_one_here in range(2):
            link_found_case(answer=answer, case=reported(cast), by=cast.inspector, at=NOW)
        assert standing(visit).found == 2
        with pytest.raises(Refusal) as refused:
            answer_items(visit=visit, answers={line.pk: "in_order"}, by=cast.inspector, at=NOW)
        assert codes(refused) == ["case_stands"]

    def test_a_case_of_another_village_or_of_another_visit_is_not_found_here(self, cast: Cast) -> None:
        visit = made_visit(cast)
        answer_items(visit=visit, answers={lines_of(visit)[0].pk: "finding"}, by=cast.inspector, at=NOW)
        answer = ItemAnswer.objects.get()
        with pytest.raises(Invalid):
            link_found_case(answer=answer, case=reported(cast, village=cast.elm), by=cast.inspector, at=NOW)
        case = reported(cast)
        link_found_case(answer=answer, case=case, by=cast.inspector, at=NOW)
        with pytest.raises(Conflict):
            link_found_case(answer=answer, case=case, by=cast.inspector, at=NOW)
        assert FoundCase.objects.count() == 1


class TestFinishing:
    def test_visited_and_nothing_found(self, cast: Cast) -> None:
        visit = done_visit(cast)
        assert (visit.state, visit.wrong, visit.found, visit.remind_at) == (VisitState.DONE, 0, 0, None)
        assert visit.checked == len(lines_of(visit)) - 1  # one was not applicable
        assert not to_make(cast.inspector, TODAY).exists()
        assert list(visits_shown_on_village(cast.willow_head, cast.willow, TODAY)) == [visit]

    def test_not_without_an_arrival(self, cast: Cast) -> None:
        with pytest.raises(Conflict):
            finish_visit(visit=planned_visit(cast), signature=SIGNED, by=cast.inspector, at=NOW)

    def test_names_what_is_not_answered_and_not_reported(self, cast: Cast) -> None:
        visit = made_visit(cast)
        lines = lines_of(visit)
        all_in_order(visit, cast)
        ItemAnswer.objects.filter(line=lines[0]).update(answer="finding")
        with pytest.raises(Refusal) as refused:
            finish_visit(visit=visit, signature=SIGNED, by=cast.inspector, at=NOW)
        assert codes(refused) == ["findings_missing"] and lines[0].item.name in str(refused.value.each()[0])
        fresh = made_visit(cast, village=cast.elm)
        answer_items(visit=fresh, answers={lines[0].pk: "in_order"}, by=cast.inspector, at=NOW)
        with pytest.raises(Refusal) as refused:
            finish_visit(visit=fresh, signature=SIGNED, by=cast.inspector, at=NOW)
        missing = refused.value.each()[0]
        assert missing.values["missing"] == lines[1:] and lines[1].item.name in str(missing)

    @pytest.mark.parametrize(
        ("signature", "code"),
        [
            (Signature("signed", name="柳大山"), "not_signed"),
            (Signature("signed", name="柳大山", strokes=[[[5, 5]]]), "not_signed"),
            (Signature("signed", name=" ", is_ticked=True), "name_missing"),
            (Signature("refused", name="柳大山"), "words_missing"),
            (Signature("maybe"), "outcome_unknown"),
        ],
    )
    def test_a_summary_is_signed_or_it_is_said_why_not(self, signature: Signature, code: str, cast: Cast) -> None:
        visit = made_visit(cast)
        all_in_order(visit, cast)
        with pytest.raises(Refusal) as refused:
            finish_visit(visit=visit, signature=signature, by=cast.inspector, at=NOW)
        assert codes(refused) == [code]
        visit.refresh_from_db()
        assert visit.state == VisitState.ARRIVED and not HeadSignature.objects.exists()

    def test_refusing_to_sign_is_recorded_with_its_reason(self, cast: Cast) -> None:
        done_visit(cast, signature=Signature("refused", reason="不认可第三项"))
        kept = HeadSignature.objects.get()
        assert (kept.outcome, kept.reason, kept.strokes) == ("refused", "不认可第三项", [])

    def test_done_twice_by_one_number_is_done_once(self, cast: Cast) -> None:
        visit, key = made_visit(cast), uuid4()
        all_in_order(visit, cast)
        for _again in range(2):
            finish_visit(visit=visit, signature=SIGNED, by=cast.inspector, at=NOW, key=key)
        with pytest.raises(Conflict):
            finish_visit(visit=visit, signature=SIGNED, by=cast.inspector, at=NOW)
        assert HeadSignature.objects.get().strokes == SIGNED.strokes

    def test_nothing_of_a_done_visit_changes(self, cast: Cast) -> None:
        visit = done_visit(cast)
        line = lines_of(visit)[0]
        with pytest.raises(Conflict):
            answer_items(visit=visit, answers={line.pk: "finding"}, by=cast.inspector, at=NOW)
        with pytest.raises(Conflict):
            link_found_case(answer=ItemAnswer.objects.all()[0], case=reported(cast), by=cast.inspector, at=NOW)
        for change in (
            lambda: VillageVisit.objects.update(found=3),
            lambda: VillageVisit.objects.update(state="arrived"),
            lambda: ItemAnswer.objects.update(answer="finding"),
            lambda: ItemAnswer.objects.all().delete(),
            lambda: HeadSignature.objects.update(name="x"),
            lambda: VillageVisit.objects.all()._raw_delete("default"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_what_was_planned_can_not_be_changed_before_it_is_done_either(self, cast: Cast) -> None:
        planned_visit(cast)
        for changed in ({"village": cast.elm}, {"inspector": cast.willow_head}, {"due_by": TODAY}):
            with pytest.raises(DatabaseError), transaction.atomic():
                VillageVisit.objects.update(**changed)


class TestReminding:
    def test_an_overdue_one_is_told_once_to_its_office_and_to_where_its_inspector_sits(self, cast: Cast) -> None:
        late = planned_visit(cast, due_by=TODAY)
        done_visit(cast, village=cast.elm, due_by=TODAY)
        call_off_visit(
            visit=planned_visit(cast, village=cast.poplar, due_by=TODAY), reason="x", by=cast.county_supervisor, at=NOW
        )
        assert remind_of_visits(at=midnight(TODAY + timedelta(1)) - timedelta(seconds=1)) == 0
        for _again in range(2):
            remind_of_visits(at=midnight(TODAY + timedelta(1)))
        told = OfficeEvent.objects.order_by("id").values_list("kind", "unit", "subject")
        assert list(told) == [
            ("visit_overdue", cast.county.pk, late.pk),
            ("visit_to_make", cast.city.pk, late.pk),
        ]
        announce_office(at=midnight(TODAY + timedelta(1)))
        people = set(Message.objects.values_list("person__name", flat=True))
        assert people == {"county_supervisor", "inspector"}

    def test_one_that_can_not_be_told_rests_alone(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        broken, other = planned_visit(cast, due_by=TODAY), planned_visit(cast, village=cast.elm, due_by=TODAY)

        def about(row: VillageVisit) -> str:
            if row.pk == broken.pk:
                raise ValueError
            return "x"

        monkeypatch.setattr("oversight.visits.reminding._about", about)
        remind_of_visits(at=midnight(TODAY + timedelta(1)))
        assert set(OfficeEvent.objects.values_list("subject", flat=True)) == {other.pk}
        assert RestingRow.objects.get(row=broken.pk).clock == "visits"
