"""Sheets that come back from a village: read by their codes, kept whatever is on them, decided on once."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Refusal
from casework.lifecycle.evidence import add_evidence
from casework.models import Case, Evidence
from casework.models.evidence import EvidenceKind
from casework.stages import Stage
from casework.values.short_codes import code_of
from flows import steps
from oversight.paper.queries import Found, on_the_wall, proposals
from oversight.paper.records import PaperSheet
from oversight.paper.sorting import case_for, receive_sheets, set_aside, sort_sheet
from tests.cast import Cast
from tests.oversight.sheets import photographed, scanned
from tests.walk import NOW, TODAY, assigned, case_at, photo, reported, screened


def received(cast: Cast, upload: Any) -> list[PaperSheet]:
    return receive_sheets(village=cast.willow, upload=upload, by=cast.willow_head, at=NOW)


def code_refused(verb: Any, **given: Any) -> str:
    with pytest.raises(Refusal) as refused:
        verb(**given)
    return refused.value.code


class TestReading:
    def test_a_crooked_photo_is_read(self, cast: Cast) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        (sheet,) = received(cast, photographed(case))
        assert sheet.codes == [code_of(case.pk)]
        assert proposals([sheet], by=cast.willow_head, on=TODAY)[sheet.pk].cases == [case]

    def test_each_page_of_a_scan_is_a_sheet_of_its_own(self, cast: Cast) -> None:
        one, other = case_at(Stage.RECTIFICATION, cast), reported(cast)
        sheets = received(cast, scanned([[one], [], [other]]))
        assert [sheet.codes for sheet in sheets] == [[code_of(one.pk)], [], [code_of(other.pk)]]
        assert len({sheet.sha256 for sheet in sheets}) == 3
        assert [sheet.name for sheet in sheets] == ["scan-1.pdf", "scan-2.pdf", "scan-3.pdf"]

    def test_the_same_scan_again_waits_once(self, cast: Cast) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        assert received(cast, scanned([[case], []])) == received(cast, scanned([[case], []]))
        assert PaperSheet.objects.count() == 2

    def test_a_photo_without_a_code_is_kept_and_asked_about(self, cast: Cast) -> None:
        (sheet,) = received(cast, photo(5))
        assert proposals([sheet], by=cast.willow_head, on=TODAY)[sheet.pk].found == Found.NOTHING

    def test_a_code_of_another_village_is_said_and_names_no_case(self, cast: Cast) -> None:
        (sheet,) = received(cast, photographed(reported(cast, village=cast.poplar)))
        said = proposals([sheet], by=cast.town_reviewer, on=TODAY)[sheet.pk]
        assert (said.found, said.cases) == (Found.OTHER_VILLAGE, [])

    def test_what_is_no_photo_and_no_pdf_is_refused(self, cast: Cast) -> None:
        broken = photographed()
        broken.file.truncate(400)
        broken.size = 400
        assert code_refused(receive_sheets, village=cast.willow, upload=broken, by=cast.willow_head, at=NOW)
        assert not PaperSheet.objects.exists()

    def test_only_the_committee_and_its_town_hand_in(self, cast: Cast) -> None:
        for person in (cast.poplar_head, cast.outsider_town, cast.county_supervisor):
            given = {"village": cast.willow, "upload": photo(5), "by": person, "at": NOW}
            assert code_refused(receive_sheets, **given) == "not_your_village"


class TestDeciding:
    def test_a_code_of_another_village_is_refused_and_the_sheet_still_waits(self, cast: Cast) -> None:
        elsewhere = reported(cast, village=cast.poplar)
        (sheet,) = received(cast, photographed(elsewhere))
        given = {"sheet": sheet, "code": code_of(elsewhere.pk), "by": cast.town_reviewer, "at": NOW}
        assert code_refused(case_for, **given) == "other_village"
        assert PaperSheet.objects.get().decided_at is None

    def test_a_sheet_becomes_what_it_is_and_is_decided_on_once(self, cast: Cast) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        (sheet,) = received(cast, photo(5))
        evidence = signed(case, cast, 5)
        by = {"by": cast.willow_head, "at": NOW}
        assert code_refused(sort_sheet, sheet=sheet, evidence=signed(case, cast, 6), **by) == "other_file"
        sort_sheet(sheet=sheet, evidence=evidence, **by)
        assert code_refused(set_aside, sheet=sheet, reason="x", **by) == "decided_already"

    def test_the_database_keeps_what_arrived_and_what_was_decided(self, cast: Cast) -> None:
        (sheet,) = received(cast, photo(5))
        for changed in ({"sha256": "0" * 64}, {"codes": ["x"]}):
            with pytest.raises(DatabaseError), transaction.atomic():
                PaperSheet.objects.update(**changed)
        set_aside(sheet=sheet, reason="空白", by=cast.willow_head, at=NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            PaperSheet.objects.update(reason="y")
        with pytest.raises(DatabaseError), transaction.atomic():
            PaperSheet.objects.all().delete()


def signed(case: Case, cast: Cast, colour: int) -> Evidence:
    given = {"kind": EvidenceKind.SIGNED_SHEET, "upload": photo(colour), "signed_by": ["柳大山"]}
    steps.take(add_evidence, case=case, by=cast.willow_head, at=NOW, **given)
    return Evidence.objects.order_by("-pk")[0]


def test_what_the_village_has_not_heard_of_yet_is_not_on_the_wall(cast: Cast) -> None:
    unheard = reported(cast)
    told = assigned(cast, screened(cast, reported(cast)))
    assert list(on_the_wall(cast.willow, by=cast.town_reviewer, on=TODAY)) == [told] != [unheard]
