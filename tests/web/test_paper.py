"""The paper bridge: a list for the wall, sheets to sign, and signed sheets sorted to their cases by a person."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from casework.models import Case, Evidence, Person
from casework.models.evidence import EvidenceKind
from casework.stages import Stage
from casework.values.short_codes import code_of
from oversight.paper.reading import codes_on
from oversight.paper.records import PaperSheet
from tests.cast import Cast
from tests.oversight.sheets import photographed
from tests.walk import case_at, photo, reported

SignedIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    """Sentences are read as they stand in the code."""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_at(Stage.RECTIFICATION, cast)


def hand_in(client: Client, cast: Cast, *uploads: SimpleUploadedFile) -> PaperSheet:
    answer = client.post(reverse("paper_sheets", args=[cast.willow.code]), {"uploads": uploads})
    assert answer.status_code == 302
    return PaperSheet.objects.order_by("-pk")[0]


def confirm(client: Client, sheet: PaperSheet, code: str, names: str = "柳大山") -> tuple[int, str]:
    place = f"sheet-{sheet.pk}-"
    said = {f"{place}code": code, f"{place}signed_by": names}
    answer = client.post(reverse("paper_sheet_case", args=[sheet.pk]), said)
    return answer.status_code, answer.content.decode()


def paper(client: Client, name: str, cast: Cast, folder: Path) -> Path:
    answer = client.get(reverse(name, args=[cast.willow.code]))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    file = folder / "paper.pdf"
    file.write_bytes(answer.content)
    return file


@pytest.mark.parametrize("name", ["wall_list", "signing_sheets"])
def test_what_is_printed_is_read_back_from_the_paper(
    name: str, case: Case, cast: Cast, signed_in: SignedIn, tmp_path: Path
) -> None:
    file = paper(signed_in(cast.willow_head), name, cast, tmp_path)
    subprocess.run(["pdftoppm", "-r", "100", "-png", str(file), str(tmp_path / "page")], check=True)
    (page,) = tmp_path.glob("page*.png")
    with Image.open(page) as image:
        assert codes_on(image.rotate(4, expand=True, fillcolor="grey")) == [code_of(case.pk)]


@pytest.mark.parametrize("name", ["wall_list", "signing_sheets"])
def test_a_public_sheet_has_the_code_and_nobodys_name(
    name: str, case: Case, cast: Cast, signed_in: SignedIn, tmp_path: Path
) -> None:
    """Measures name who does them, and a description may name anybody: neither is printed."""
    Case.objects.filter(pk=case.pk).update(description="会计张三未公示", inspector_name="李四", lead="王五")
    file = paper(signed_in(cast.town_reviewer), name, cast, tmp_path)
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True, text=True).stdout
    assert code_of(case.pk) in text
    people = [str(person) for person in Person.objects.all() if str(person)]
    for named in ("张三", "李四", "王五", "柳大山", "李小琴", *people):
        assert named not in text


def test_a_photographed_sheet_is_shown_with_its_case_and_becomes_evidence_once_confirmed(
    case: Case, cast: Cast, signed_in: SignedIn
) -> None:
    client = signed_in(cast.willow_head)
    upload = photographed(case)
    sheet = hand_in(client, cast, upload)
    page = client.get(reverse("paper_sheets", args=[cast.willow.code])).content.decode()
    assert case.number in page
    assert f'value="{code_of(case.pk)}"' in page
    assert not Evidence.objects.filter(case=case).exists()
    assert confirm(client, sheet, code_of(case.pk))[0] == 302
    evidence = Evidence.objects.get(case=case)
    assert (evidence.kind, evidence.signed_by) == (EvidenceKind.SIGNED_SHEET, ["柳大山"])
    assert evidence.sha256 == sheet.sha256
    sheet.refresh_from_db()
    assert sheet.evidence == evidence
    assert confirm(client, sheet, code_of(case.pk))[0] == 409
    assert Evidence.objects.filter(case=case).count() == 1


def test_a_code_typed_by_hand_works_too(case: Case, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.willow_head)
    sheet = hand_in(client, cast, photo(5))
    assert (
        "No code could be read on it" in client.get(reverse("paper_sheets", args=[cast.willow.code])).content.decode()
    )
    assert confirm(client, sheet, code_of(case.pk).lower().replace("-", " "))[0] == 302
    assert Evidence.objects.get(case=case).sha256 == sheet.sha256


def test_a_code_with_one_wrong_sign_is_said_and_what_was_typed_stays(
    case: Case, cast: Cast, signed_in: SignedIn
) -> None:
    client = signed_in(cast.willow_head)
    sheet = hand_in(client, cast, photo(5))
    wrong = code_of(case.pk).replace(code_of(case.pk)[0], "3" if code_of(case.pk)[0] != "3" else "4", 1)
    status, page = confirm(client, sheet, wrong, names="柳大山、李小琴")
    assert (status, "One sign of this code is wrong" in page) == (422, True)
    assert wrong in page and "柳大山、李小琴" in page


def test_a_sheet_of_another_village_is_refused_with_the_sentence_and_stays(
    case: Case, cast: Cast, signed_in: SignedIn
) -> None:
    client = signed_in(cast.town_reviewer)
    elsewhere = reported(cast, village=cast.poplar)
    sheet = hand_in(client, cast, photographed(elsewhere))
    page = client.get(reverse("paper_sheets", args=[cast.willow.code])).content.decode()
    assert "The code on it belongs to another village" in page
    assert elsewhere.number not in page
    status, page = confirm(client, sheet, code_of(elsewhere.pk))
    assert (status, "This code belongs to another village" in page) == (422, True)
    assert PaperSheet.objects.get().decided_at is None
    assert confirm(client, sheet, code_of(case.pk))[0] == 302


def test_a_refused_file_costs_no_other(case: Case, cast: Cast, signed_in: SignedIn) -> None:
    broken = SimpleUploadedFile("half.jpg", b"\xff\xd8\xff" + b"x" * 40, "image/jpeg")
    answer = signed_in(cast.willow_head).post(
        reverse("paper_sheets", args=[cast.willow.code]), {"uploads": [broken, photographed(case)]}
    )
    assert (answer.status_code, "half.jpg" in answer.content.decode()) == (422, True)
    assert PaperSheet.objects.get().codes == [code_of(case.pk)]


def test_what_the_town_sorts_is_told_as_the_towns(case: Case, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.town_reviewer)
    sheet = hand_in(client, cast, photographed(case))
    assert confirm(client, sheet, code_of(case.pk))[0] == 302
    event = case.events.order_by("-pk")[0]
    assert (event.by, event.by_unit) == (cast.town_reviewer, cast.town)


def test_a_sheet_is_set_aside_with_a_reason_and_stays_to_be_read(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.willow_head)
    sheet = hand_in(client, cast, photo(5))
    aside = reverse("paper_sheet_aside", args=[sheet.pk])
    assert client.post(aside, {f"aside-{sheet.pk}-reason": " "}).status_code == 422
    assert client.post(aside, {f"aside-{sheet.pk}-reason": "拍糊了"}).status_code == 302
    assert "拍糊了" in client.get(reverse("paper_sheets", args=[cast.willow.code])).content.decode()
    assert client.get(reverse("paper_sheet_file", args=[sheet.pk])).status_code == 200


def test_a_qr_code_leads_to_the_case_for_whoever_may_see_it(case: Case, cast: Cast, signed_in: SignedIn) -> None:
    address = reverse("paper_case", args=[code_of(case.pk)])
    assert signed_in(cast.willow_head).get(address).headers["Location"] == reverse("case", args=[case.number])
    assert signed_in(cast.poplar_head).get(address).status_code == 404


def test_ten_sheets_cost_no_more_queries_than_two(case: Case, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.willow_head)
    address = reverse("paper_sheets", args=[cast.willow.code])

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    for number in range(2):
        hand_in(client, cast, photographed(case, name=f"{number}.jpg"))
    few = counted()
    first = PaperSheet.objects.values()[0]
    again = {name: value for name, value in first.items() if name not in ("id", "sha256")}
    PaperSheet.objects.bulk_create(PaperSheet(**again, sha256=f"{number:064}") for number in range(8))
    assert counted() == few


def test_nothing_chosen_is_said_beside_the_field(case: Case, cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.willow_head).post(f"/villages/{cast.willow.code}/sheets", {})
    assert (answer.status_code, "Choose at least one photo or scan" in answer.content.decode()) == (422, True)
