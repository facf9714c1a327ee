"""A wrong file is taken back until the step is submitted; the record stays, and the chain holds."""

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, Invalid, NotAllowed, SeveralRefusals
from casework.lifecycle.evidence import add_evidence
from casework.lifecycle.rectification import submit_rectification
from casework.lifecycle.taking_back import name_signers, take_back_evidence
from casework.models import Case, CaseEvent, Evidence, TakenBack
from casework.proofs.verification import verify_evidence, verify_history
from casework.queries import measures_to_report
from casework.stages import Stage
from flows import steps
from tests.cast import Cast
from tests.walk import NOW, case_at, done, photo, proved, rectified, reviewed


@pytest.fixture
def case(cast: Cast) -> Case:
    return proved(cast, case_at(Stage.RECTIFICATION, cast))


def take_back(case: Case, evidence: Evidence, cast: Cast, *, who: str = "willow_head") -> Case:
    return steps.take(take_back_evidence, case=case, evidence=evidence, by=getattr(cast, who), at=NOW)


def a_proof(case: Case) -> Evidence:
    proof = case.evidence.filter(kind="after").first()
    assert proof is not None
    return proof


def test_what_is_taken_back_counts_no_longer_and_stays_in_the_chain(cast: Cast, case: Case) -> None:
    proof = a_proof(case)
    case = take_back(case, proof, cast)
    assert proof not in case.evidence.all() and proof in Evidence.everything.all()
    assert (TakenBack.objects.get().by, TakenBack.objects.get().at) == (cast.willow_head, NOW)
    assert [flaw for flaw in (*verify_evidence(), *verify_history()) if flaw] == []
    with pytest.raises(Invalid) as refusal:
        steps.take(submit_rectification, case=case, by=cast.willow_head, at=NOW, reports=done(case))
    assert refusal.value.code == "proof_missing"


def test_the_timeline_says_so(cast: Cast, case: Case) -> None:
    take_back(case, a_proof(case), cast)
    event = CaseEvent.objects.latest("id")
    assert (event.kind, event.by, event.words) == ("evidence_taken_back", cast.willow_head, "现场.jpg")


def test_the_same_file_can_be_added_again(cast: Cast, case: Case) -> None:
    measure = measures_to_report(case)[0]
    words = {"kind": "after", "measure": measure, "by": cast.willow_head, "at": NOW}
    case = steps.take(add_evidence, case=case, upload=photo(99), **words)
    case = take_back(case, case.evidence.order_by("-number")[0], cast)
    case = steps.take(add_evidence, case=case, upload=photo(99), **words)
    assert case.evidence.filter(measure=measure).count() == 2
    assert [flaw for flaw in verify_evidence() if flaw] == []


@pytest.mark.parametrize("who", ["willow_member", "county_supervisor", "poplar_head", "inspector"])
def test_only_who_added_it(who: str, cast: Cast, case: Case) -> None:
    with pytest.raises(NotAllowed):
        take_back(case, a_proof(case), cast, who=who)


def test_not_after_the_step_was_submitted_and_not_in_a_later_round(cast: Cast) -> None:
    case = rectified(cast, case_at(Stage.RECTIFICATION, cast))
    proof = a_proof(case)
    with pytest.raises(Conflict) as refusal:
        take_back(case, proof, cast)
    assert refusal.value.code == "wrong_stage"
    case = reviewed(case, cast.town_reviewer, returned=(1,))
    with pytest.raises(Conflict) as refusal:
        take_back(case, proof, cast)
    assert refusal.value.code == "submitted_already"


def test_not_a_photo_of_the_problem_not_twice_and_not_of_another_case(cast: Cast, case: Case) -> None:
    before = steps.take(add_evidence, case=case, kind="before", upload=photo(5), by=cast.inspector, at=NOW)
    with pytest.raises(Invalid):
        take_back(before, before.evidence.get(kind="before"), cast)
    proof = a_proof(case)
    case = take_back(before, proof, cast)
    with pytest.raises(Conflict):
        take_back(case, proof, cast)
    other = proved(cast, case_at(Stage.RECTIFICATION, cast))
    with pytest.raises(Invalid):
        take_back(case, a_proof(other), cast)


def test_the_database_keeps_what_was_taken_back(cast: Cast, case: Case) -> None:
    take_back(case, a_proof(case), cast)
    for change in (lambda: TakenBack.objects.all().delete(), lambda: TakenBack.objects.update(by=cast.inspector)):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


class TestNamesThatFollow:
    def sheet(self, cast: Cast) -> Case:
        case = case_at(Stage.RECTIFICATION, cast)
        words = {"kind": "signed_sheet", "upload": photo(7), "names_follow": True}
        return steps.take(add_evidence, case=case, by=cast.willow_head, at=NOW, **words)

    def test_a_sheet_without_names_does_not_submit(self, cast: Cast) -> None:
        case = self.sheet(cast)
        with pytest.raises(SeveralRefusals) as refusal:
            steps.take(submit_rectification, case=case, by=cast.willow_head, at=NOW, reports=done(case))
        assert "signers_missing" in {one.code for one in refusal.value.refusals}

    def test_a_named_record_takes_its_place(self, cast: Cast) -> None:
        case = self.sheet(cast)
        sheet = case.evidence.get(kind="signed_sheet")
        words = {"evidence": sheet, "signed_by": [" 李小琴 ", ""]}
        case = steps.take(name_signers, case=case, by=cast.willow_head, at=NOW, **words)
        named = case.evidence.get(kind="signed_sheet")
        assert (named.signed_by, named.sha256, named.number) == (["李小琴"], sheet.sha256, sheet.number + 1)
        assert [flaw for flaw in (*verify_evidence(), *verify_history()) if flaw] == []

    def test_names_are_needed_and_only_a_sheet_has_them(self, cast: Cast) -> None:
        case = proved(cast, self.sheet(cast))
        nameless = case.evidence.filter(kind="signed_sheet").order_by("number")[0]
        for evidence, names in ((nameless, [" "]), (a_proof(case), ["李小琴"])):
            with pytest.raises(Invalid):
                steps.take(name_signers, case=case, evidence=evidence, signed_by=names, by=cast.willow_head, at=NOW)
