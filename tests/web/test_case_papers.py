"""A case on paper: its forms as PDF, each once the case has come far enough."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from casework.models import Case, Person
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import NOW, case_at, reported

SignedIn = Callable[[Person], Client]


def words_of(client: Client, case: Case, kind: str, folder: Path) -> tuple[str, int]:
    """The text of the paper without blanks, and its pages."""
    answer = client.get(reverse("case_paper", args=[case.number, kind]))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    file = folder / "paper.pdf"
    file.write_bytes(answer.content)
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, text=True).stdout
    return "".join(text.split()), text.count("\f")


def test_the_notice_names_the_unit_the_problem_and_the_deadline(
    cast: Cast, signed_in: SignedIn, tmp_path: Path
) -> None:
    case = case_at(Stage.PLANNING, cast)
    words, pages = words_of(signed_in(cast.willow_head), case, "notice", tmp_path)
    assert pages == 1
    for said in ("整改通知书", cast.willow.name, case.number, "明白墙无遮雨设施", "2026年3月16日", "签收人", "盖章"):
        assert said in words


def test_the_strike_off_sheet_has_the_measures_the_verdicts_and_the_five_tests(
    cast: Cast, signed_in: SignedIn, tmp_path: Path
) -> None:
    case = case_at(Stage.CLOSED, cast)
    words, pages = words_of(signed_in(cast.county_supervisor), case, "strike-off", tmp_path)
    assert pages == 1
    assert words.count("☑") == 5
    for said in (
        "销号审批表",
        case.closing_number,
        "加装雨棚",
        "已经加装并验收",
        "初核",
        "复核",
        str(cast.town_reviewer),
    ):
        assert said in words


def test_before_the_strike_off_the_sheet_is_there_to_be_ticked(cast: Cast, signed_in: SignedIn, tmp_path: Path) -> None:
    case = case_at(Stage.STRIKE_OFF, cast)
    words, _pages = words_of(signed_in(cast.county_supervisor), case, "strike-off", tmp_path)
    assert (words.count("☐"), words.count("☑")) == (5, 0)


def test_the_file_tells_who_did_what_and_names_each_proof(cast: Cast, signed_in: SignedIn, tmp_path: Path) -> None:
    case = case_at(Stage.CLOSED, cast)
    words, _pages = words_of(signed_in(cast.county_supervisor), case, "file", tmp_path)
    for one in case.evidence.all():
        assert one.sha256[:16] in words
    for said in ("办理经过", "销号", "佐证材料目录", str(cast.willow_head), "签字：李小琴"):
        assert said in words


@pytest.mark.parametrize(
    ("stage", "kinds"),
    [
        (Stage.SCREENING, {"file"}),
        (Stage.PLANNING, {"notice", "file"}),
        (Stage.STRIKE_OFF, {"notice", "strike-off", "file"}),
        (Stage.CLOSED, {"strike-off", "file"}),
    ],
)
def test_a_paper_is_there_once_the_case_has_come_so_far(
    cast: Cast, signed_in: SignedIn, stage: Stage, kinds: set[str]
) -> None:
    case = case_at(stage, cast)
    client = signed_in(cast.county_supervisor)
    page = client.get(reverse("case", args=[case.number])).content.decode()
    for kind in ("notice", "strike-off", "file", "nothing"):
        address = reverse("case_paper", args=[case.number, kind])
        assert (f'href="{address}"' in page) is (kind in kinds), kind
        if kind not in kinds:
            assert client.get(address).status_code == 404, kind


def test_a_foreign_case_has_no_papers(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast)
    answer = signed_in(cast.outsider_county).get(reverse("case_paper", args=[case.number, "file"]))
    assert answer.status_code == 404


def test_what_nobody_announced_stands_in_no_file(cast: Cast, signed_in: SignedIn, tmp_path: Path) -> None:
    case = case_at(Stage.CLOSED, cast)
    case.events.create(kind="look_back_drawn", round=1, version=9, stage_after=case.stage, at=NOW)
    words, _pages = words_of(signed_in(cast.willow_head), case, "file", tmp_path)
    assert "销号" in words and "回头看" not in words
