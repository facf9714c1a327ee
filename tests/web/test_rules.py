"""The page of a document's clauses, and a cited clause on the page of a case."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casework.models import Case, Person
from oversight.documents.register import add_base_document
from oversight.models import BaseDocument, RuleVersion
from oversight.rules.versions import publish_version
from tests.cast import Cast
from tests.oversight.desk import Desk, make_desk
from tests.walk import NOW, TODAY, reported
from tests.web import phones

SignedIn = Callable[[Person], Client]
TITLE = "村务监督委员会工作规则"


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    """Sentences are read as they stand in the code."""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def document(desk: Desk) -> BaseDocument:
    made = add_base_document(mechanism=desk.mechanism, title=TITLE, by=desk.officer, at=NOW)
    begins_on = TODAY - timedelta(days=30)
    publish_version(document=made, begins_on=begins_on, text="第一条 每月公开。", by=desk.officer, at=NOW)
    return made


def test_the_lead_office_publishes_a_version_and_a_village_reads_both(
    cast: Cast, desk: Desk, document: BaseDocument, signed_in: SignedIn
) -> None:
    address, said = f"/documents/{document.pk}/clauses", {"begins_on": str(TODAY), "text": "第一条 每周公开。"}
    assert signed_in(cast.willow_head).post(address, said).status_code == 403
    assert signed_in(desk.officer).post(address, said).status_code == 302
    client = signed_in(cast.willow_head)
    page = client.get(address).content.decode()
    assert "每周公开。" in page and "每月公开。" not in page and '<form method="post" action="/documents' not in page
    first = RuleVersion.objects.order_by("begins_on")[0]
    assert "每月公开。" in client.get(f"{address}?version={first.pk}").content.decode()
    assert client.get(f"{address}?version=9{first.pk}").status_code == 404
    assert address in client.get(f"/documents/{document.pk}").content.decode()


@pytest.mark.parametrize(
    ("begins_on", "text"),
    [("", "第一条 甲"), ("2020-01-01", "第一条 甲"), (str(TODAY), "第一条 甲\n第1条 乙"), (str(TODAY), "没有编号")],
)
def test_what_is_refused_loses_nothing(
    begins_on: str, text: str, desk: Desk, document: BaseDocument, signed_in: SignedIn
) -> None:
    said = {"begins_on": begins_on, "text": text, "note": "修订说明"}
    sent = signed_in(desk.officer).post(f"/documents/{document.pk}/clauses", said)
    page = sent.content.decode()
    assert sent.status_code == 422 and text.splitlines()[0] in page and "修订说明" in page and 'class="alert"' in page
    assert RuleVersion.objects.count() == 1


def test_a_case_shows_the_clause_as_it_read_on_the_day_of_the_finding(
    cast: Cast, desk: Desk, document: BaseDocument, signed_in: SignedIn
) -> None:
    case = reported(cast, clause=f"《{TITLE}》第一条、第二条", found_on=TODAY - timedelta(days=1))
    publish_version(document=document, begins_on=TODAY, text="第一条 每周公开。", by=desk.officer, at=NOW)
    page = signed_in(cast.county_supervisor).get(f"/cases/{case.number}").content.decode()
    assert "每月公开。" in page and "每周公开。" not in page
    assert "had no 第二条 on" in page


def test_a_report_that_cites_no_clause_of_that_day_is_refused_and_loses_nothing(
    cast: Cast, document: BaseDocument, signed_in: SignedIn
) -> None:
    said = {
        "key": "0d3a9a1e-3f0c-4a55-9a87-7b8f6a2f8f12",
        "village": cast.willow.name,
        "village_code": cast.willow.code,
        "description": "半年没有公开",
        "found_on": str(TODAY),
        "source": "spot_check",
        "clause": f"《{TITLE}》第九条",
    }
    client = signed_in(cast.inspector)
    sent = client.post("/cases/new", said)
    page = sent.content.decode()
    assert sent.status_code == 422 and "had no 第九条 on" in page and "半年没有公开" in page
    assert not Case.objects.exists()
    assert client.post("/cases/new", {**said, "clause": f"《{TITLE}》第一条"}).status_code == 302


def test_a_phone_s_entry_that_cites_no_clause_of_that_day_is_refused_as_the_form_refuses_it(
    cast: Cast, document: BaseDocument, signed_in: SignedIn
) -> None:
    client = signed_in(cast.inspector)
    said = phones.entry(cast, clause=f"《{TITLE}》第九条")
    sent = phones.posted(client, said)
    assert sent.status_code == 422 and "第九条" in sent.json()["sentence"]
    assert not Case.objects.exists()
    said["values"]["clause"] = f"《{TITLE}》第一条"
    assert phones.posted(client, said).status_code == 200
    assert Case.objects.get().clause == f"《{TITLE}》第一条"
