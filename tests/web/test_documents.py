"""The pages of documents: their numbers, their files, who enters them and what cites them."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.models import Case, Person
from oversight.documents.register import add_base_document
from oversight.models import BaseDocument, Bulletin
from tests.cast import Cast
from tests.oversight.bulletin_desk import NUMBER, add_cases, approved, draft, published
from tests.oversight.desk import Desk, make_desk
from tests.walk import NOW, photo

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Person], Client]


@pytest.fixture
def desk(cast: Cast) -> Desk:
    made = make_desk(cast)
    add_cases(cast, cast.willow, closed=6, in_progress=16)
    return made


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def test_an_old_spelling_is_offered_in_the_new_one(desk: Desk, signed_in: SignedIn) -> None:
    client = signed_in(desk.officer)
    answer = client.post("/documents", {"title": "协调联动机制的通知", "number": "[2020]08"})
    assert answer.status_code == 422 and answer.context["form"].data["number"] == "〔2020〕8号"
    assert client.post("/documents", {"title": "协调联动机制的通知", "number": "〔2020〕8号"}).status_code == 302
    kept = {"title": "工作提示", "number": "[2019]03", "keep_as_written": "on"}
    assert client.post("/documents", kept).status_code == 302
    assert set(BaseDocument.objects.values_list("number", flat=True)) == {"〔2020〕8号", "[2019]03"}


def test_a_cited_document_opens_with_its_file(desk: Desk, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(desk.officer)
    upload = photo(7, name="通知.jpg")
    assert client.post("/documents", {"title": "村务公开办法", "upload": upload}).status_code == 302
    document = BaseDocument.objects.get()
    case = Case.objects.order_by("pk")[0]
    Case.objects.filter(pk=case.pk).update(clause="《村务公开办法》第十二条")
    bulletin = published(desk, draft(desk, cites=[document])).bulletin
    assert f'href="/documents/{document.pk}"' in page(client, f"/bulletins/{bulletin.pk}")
    shown = signed_in(cast.city_supervisor).get(f"/documents/{document.pk}")
    assert [one.pk for one in shown.context["findings"]] == [case.pk]
    assert [one.pk for one in shown.context["bulletins"]] == [bulletin.pk]
    assert f'href="/documents/{document.pk}"' in page(signed_in(cast.willow_head), f"/cases/{case.number}")
    file = signed_in(cast.willow_head).get(f"/documents/{document.pk}/file")
    assert file.status_code == 200 and "attachment" in file["Content-Disposition"]


def test_a_file_that_is_none_is_refused_and_the_words_stay(desk: Desk, signed_in: SignedIn) -> None:
    upload = SimpleUploadedFile("通知.pdf", b"MZ no document", "application/pdf")
    answer = signed_in(desk.officer).post("/documents", {"title": "村务公开办法", "upload": upload})
    assert answer.status_code == 422 and answer.context["form"].data["title"] == "村务公开办法"
    assert not BaseDocument.objects.exists()


@pytest.mark.parametrize("who", ["willow_head", "county_supervisor"])
def test_who_only_reads_documents_enters_none(who: str, desk: Desk, cast: Cast, signed_in: SignedIn) -> None:
    document = add_base_document(mechanism=desk.mechanism, title="规则", by=desk.officer, at=NOW)
    client = signed_in(getattr(cast, who))
    assert client.post("/documents", {"title": "x"}).status_code == 403
    assert client.post(f"/documents/{document.pk}", {"title": "x"}).status_code == 403
    assert '<form method="post" enctype' not in page(client, "/documents")


def test_a_document_issued_on_paper_leads_the_numbers_on(desk: Desk, signed_in: SignedIn) -> None:
    client = signed_in(desk.officer)
    said = {
        "register": "issued",
        "title": "2025年通报（六）",
        "number": "澄阳光建办〔2025〕12号",
        "issued_on": "2025-12-20",
        "issue": "6",
        "total": "11",
        "reason": "系统启用前印发",
    }
    assert client.post("/documents", said).status_code == 302
    bulletin = approved(desk, draft(desk))
    offered = client.get(f"/bulletins/{bulletin.pk}/publication").context["form"].initial
    assert (offered["number"], offered["issue"], offered["total"]) == (NUMBER, 1, 12)
    twice = client.post("/documents", said)
    assert twice.status_code == 422 and "number" in twice.context["issued_form"].errors


@pytest.mark.parametrize("key", ["x", "-1", "0", "1" * 30, "1.5", "１" * 30, ""])
def test_a_basis_document_that_is_none_is_refused_in_a_sentence(key: str, desk: Desk, signed_in: SignedIn) -> None:
    said = {"area": str(desk.mechanism.lead_id), "first_day": "2026-01-01", "last_day": "2026-02-28", "cites": key}
    page = signed_in(desk.officer).post("/bulletins", said)
    assert page.status_code == 422
    assert "已不能选择" in page.content.decode() or "不能再选" in page.content.decode()
    assert not Bulletin.objects.exists()
