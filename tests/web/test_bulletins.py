"""The pages of bulletins: what they show, what they refuse, and that nothing typed is lost."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document

from casework.models import Case, Person
from oversight.bulletins.figures import frozen
from oversight.models import Bulletin, BulletinPart, BulletinReceipt, BulletinState, IssuedDocument
from tests.cast import Cast
from tests.oversight.bulletin_desk import NUMBER, add_cases, approved, draft, published, section
from tests.oversight.desk import Desk, make_desk, make_period
from tests.walk import NOW, TODAY

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


SPAN = {"first_day": "2026-01-01", "last_day": "2026-02-28"}


def test_a_bulletin_is_drafted_edited_approved_published_and_signed_for(desk: Desk, signed_in: SignedIn) -> None:
    officer, colleague, reporter = map(signed_in, (desk.officer, desk.colleague, desk.county_reporter))
    answer = officer.post("/bulletins", {**SPAN, "area": desk.mechanism.lead_id})
    bulletin = Bulletin.objects.get()
    address = f"/bulletins/{bulletin.pk}"
    assert answer["Location"] == address
    text = page(officer, f"{address}/sections/3").replace("&amp;", "&")
    assert "{{closed_share=27%}}" in text
    said = {"text": "共{{findings=22}}件，已办结{{closed=6}}件，占比{{closed_share=27%}}。", "version": "1"}
    assert officer.post(f"{address}/sections/3", said).status_code == 302
    assert officer.post(f"{address}/submission").status_code == 302
    assert officer.post(f"{address}/approval").status_code == 403
    assert colleague.post(f"{address}/approval").status_code == 302
    form = colleague.get(f"{address}/publication").context["form"]
    assert (form.initial["issue"], form.initial["total"], form.initial["issued_on"]) == (1, 1, TODAY)
    numbered = {"number": "澄阳光建办[2026]01", "issue": "1", "total": "1", "issued_on": TODAY.isoformat()}
    assert colleague.post(f"{address}/publication", numbered).status_code == 302
    assert IssuedDocument.objects.get().number == NUMBER
    assert NUMBER in page(reporter, "/bulletins") and NUMBER in page(reporter, address)
    recipient = bulletin.publication.recipients.get(unit=desk.county.unit)
    assert reporter.post(f"{address}/receipts", {"recipient": recipient.pk, "name": "李小琴"}).status_code == 302
    assert BulletinReceipt.objects.get().name == "李小琴"
    paper = reporter.get(f"{address}.docx")
    words = "".join(one.text for one in Document(io.BytesIO(paper.content)).paragraphs)
    assert "共22件，已办结6件，占比27%。" in words and "通报（一）" in words
    assert reporter.get(f"{address}.pdf").content.startswith(b"%PDF")


def test_figures_in_the_text_lead_to_what_they_count(desk: Desk, signed_in: SignedIn) -> None:
    bulletin = draft(desk)
    figure = frozen(bulletin)["findings"]
    officer = signed_in(desk.officer)
    assert f'href="/bulletins/{bulletin.pk}/figures/{figure.pk}"' in page(officer, f"/bulletins/{bulletin.pk}")
    listed = page(officer, f"/bulletins/{bulletin.pk}/figures/{figure.pk}")
    assert all(one.number in listed for one in Case.objects.all())
    assert "期内发现" in listed or "发现日期在期内" in listed


def test_who_does_not_write_it_sees_the_cases_of_the_own_area_alone(
    desk: Desk, cast: Cast, signed_in: SignedIn
) -> None:
    add_cases(cast, cast.reed, in_progress=2)
    bulletin = published(desk, draft(desk)).bulletin
    figure = frozen(bulletin)["findings"]
    address = f"/bulletins/{bulletin.pk}/figures/{figure.pk}"
    of_county = signed_in(cast.outsider_county).get(address).context["cases"]
    assert {case.county_id for case, _may_open in of_county} == {cast.other_county.pk}
    assert len(of_county) == 2 and all(may_open for _case, may_open in of_county)
    assert signed_in(desk.department_reporter).get(address).context["cases"] == []
    of_office = signed_in(desk.officer).get(address).context["cases"]
    assert len(of_office) == 24 and not any(may_open for _case, may_open in of_office)


def test_what_came_in_after_printing_is_shown(desk: Desk, cast: Cast, signed_in: SignedIn) -> None:
    bulletin = published(desk, draft(desk)).bulletin
    officer = signed_in(desk.officer)
    address = f"/bulletins/{bulletin.pk}/figures"
    assert officer.get(address).context["differ"] == 0
    add_cases(cast, cast.poplar, in_progress=1, at=NOW + timedelta(seconds=-1))
    rows = {row["figure"].key: row for row in officer.get(address).context["rows"]}
    assert (rows["findings"]["figure"].words, rows["findings"]["now"].words) == ("22", "23")
    assert rows["findings"]["differs"] and not rows["closed"]["differs"]
    assert not signed_in(desk.county_reporter).get(address).context["counts_now"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("共{{findings=23}}件，我写的话", "was typed over"),
        ("共{{nothing}}件", "no figure"),
        ("共{{findings件", "bracket"),
    ],
)
def test_a_figure_typed_over_is_refused_and_the_words_are_kept(
    text: str, sentence: str, desk: Desk, signed_in: SignedIn
) -> None:
    bulletin = draft(desk)
    client = signed_in(desk.officer)
    client.cookies["django_language"] = "en"
    answer = client.post(f"/bulletins/{bulletin.pk}/sections/3", {"text": text, "version": "1"})
    assert answer.status_code == 422
    assert answer.context["form"].data["text"] == text
    assert sentence in str(answer.context["form"].errors["text"])


def test_two_who_write_at_once_are_told_and_both_texts_are_shown(desk: Desk, signed_in: SignedIn) -> None:
    bulletin = draft(desk)
    address = f"/bulletins/{bulletin.pk}/sections/1"
    signed_in(desk.colleague).post(address, {"text": "先写的话", "version": "1"})
    answer = signed_in(desk.officer).post(address, {"text": "后写的话", "version": "1"})
    assert answer.status_code == 409
    assert "先写的话" in answer.content.decode() and "后写的话" in answer.content.decode()
    again = {"text": "后写的话", "version": answer.context["form"].data["version"]}
    assert signed_in(desk.officer).post(address, again).status_code == 302
    assert section(bulletin, BulletinPart.OPENING).text == "后写的话"


def test_words_typed_while_it_was_handed_in_are_shown_again(desk: Desk, signed_in: SignedIn) -> None:
    bulletin = approved(desk, draft(desk))
    answer = signed_in(desk.officer).post(f"/bulletins/{bulletin.pk}/sections/1", {"text": "我的话", "version": "1"})
    assert answer.status_code == 409 and "我的话" in answer.content.decode()


def test_an_open_period_is_said_beside_the_form(desk: Desk, signed_in: SignedIn) -> None:
    period = make_period(desk, section_first := TODAY.replace(month=1, day=1), TODAY.replace(month=2, day=28))
    type(period).objects.filter(pk=period.pk).update(closes_at=NOW + timedelta(days=1))
    answer = signed_in(desk.officer).post("/bulletins", {**SPAN, "area": desk.mechanism.lead_id})
    assert answer.status_code == 422 and "last_day" in answer.context["form"].errors
    assert answer.context["form"].data["first_day"] == section_first.isoformat()
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"area": "0", **SPAN},
        {"area": "x", "first_day": "2026-13-01", "last_day": "gestern"},
        {"first_day": "9999-12-31", "last_day": "9999-12-31"},
        {"first_day": "0001-01-01", "last_day": "0001-01-02"},
        {**SPAN, "cites": ["0", "x"]},
        {"first_day": "2026-02-28", "last_day": "2026-01-01"},
        {"first_day": "1999-12-31", "last_day": "2026-01-01"},
        {"first_day": "2025-01-01", "last_day": "2026-02-28"},
    ],
)
def test_odd_spans_are_refused_in_a_sentence(said: dict[str, Any], desk: Desk, signed_in: SignedIn) -> None:
    given = {"area": desk.mechanism.lead_id, **said} if said else {}
    answer = signed_in(desk.officer).post("/bulletins", given)
    assert answer.status_code == 422 and answer.context["form"].errors
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", ""),
        ("number", "字" * 61),
        ("issue", "0"),
        ("issue", "-1"),
        ("issue", "一"),
        ("total", "99999999999999999999"),
        ("issued_on", "2026-02-30"),
        ("issued_on", "2026-03-03"),
        ("reason", "字" * 301),
    ],
)
def test_odd_numbers_are_refused_and_nothing_is_published(
    field: str, value: str, desk: Desk, signed_in: SignedIn
) -> None:
    bulletin = approved(desk, draft(desk))
    said = {"number": NUMBER, "issue": "1", "total": "1", "issued_on": TODAY.isoformat(), field: value}
    answer = signed_in(desk.officer).post(f"/bulletins/{bulletin.pk}/publication", said)
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not IssuedDocument.objects.exists()


def test_a_number_twice_is_refused_beside_its_field(desk: Desk, signed_in: SignedIn) -> None:
    first = published(desk, draft(desk)).bulletin
    again = approved(desk, draft(desk, corrects=first))
    said = {"number": NUMBER, "issue": "2", "total": "2", "issued_on": TODAY.isoformat()}
    answer = signed_in(desk.officer).post(f"/bulletins/{again.pk}/publication", said)
    assert answer.status_code == 422 and "number" in answer.context["form"].errors


def test_a_published_one_is_not_edited(desk: Desk, signed_in: SignedIn) -> None:
    bulletin = published(desk, draft(desk)).bulletin
    officer = signed_in(desk.officer)
    assert officer.get(f"/bulletins/{bulletin.pk}/sections/1").status_code == 409
    assert officer.get(f"/bulletins/{bulletin.pk}/head").status_code == 409
    answer = officer.post(f"/bulletins/{bulletin.pk}/sections/1", {"text": "改", "version": "1"})
    assert answer.status_code == 409 and "改" in answer.content.decode()
    assert "/sections/" not in page(officer, f"/bulletins/{bulletin.pk}")


def test_a_correction_leads_both_ways(desk: Desk, signed_in: SignedIn) -> None:
    old = published(desk, draft(desk)).bulletin
    officer = signed_in(desk.officer)
    answer = officer.post(f"/bulletins/{old.pk}/correction")
    new = Bulletin.objects.get(corrects=old)
    assert answer["Location"] == f"/bulletins/{new.pk}"
    published(desk, new, number="澄阳光建办〔2026〕2号", issue=2, total=2)
    assert f"/bulletins/{new.pk}" in page(signed_in(desk.county_reporter), f"/bulletins/{old.pk}")


def test_a_return_without_a_reason_keeps_the_page(desk: Desk, signed_in: SignedIn) -> None:
    bulletin = approved(desk, draft(desk))
    colleague = signed_in(desk.colleague)
    assert colleague.post(f"/bulletins/{bulletin.pk}/return", {"reason": " "}).status_code == 422
    assert colleague.post(f"/bulletins/{bulletin.pk}/return", {"reason": "补充典型"}).status_code == 302
    bulletin.refresh_from_db()
    assert bulletin.state == BulletinState.DRAFT
    assert "补充典型" in page(signed_in(desk.officer), f"/bulletins/{bulletin.pk}")


def test_orders_to_governments_and_a_long_text_are_pointed_out(desk: Desk, signed_in: SignedIn) -> None:
    bulletin = draft(desk)
    officer = signed_in(desk.officer)
    long = "各县区党委政府要高度重视。" + "工作有序推进，成效明显。" * 400
    officer.post(f"/bulletins/{bulletin.pk}/sections/4", {"text": long, "version": "1"})
    context = officer.get(f"/bulletins/{bulletin.pk}").context
    assert context["orders"] == ["各县区党委政府要高度重视。"]
    assert context["is_too_long"] and context["length"] > 4000
    assert officer.post(f"/bulletins/{bulletin.pk}/submission").status_code == 302, "pointed out, not forbidden"
    bulletin.refresh_from_db()
    assert bulletin.state == BulletinState.SUBMITTED


def test_somebody_else_s_receipt_is_not_signed(desk: Desk, signed_in: SignedIn) -> None:
    bulletin = published(desk, draft(desk)).bulletin
    theirs = bulletin.publication.recipients.get(unit=desk.other_county.unit)
    client = signed_in(desk.county_reporter)
    address = f"/bulletins/{bulletin.pk}/receipts"
    assert client.post(address, {"recipient": theirs.pk, "name": "x"}).status_code == 403
    for odd in ("", "x", "0", "9" * 30):
        assert client.post(address, {"recipient": odd, "name": "x"}).status_code == 404


def test_the_list_asks_the_same_however_many_there_are(desk: Desk, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(desk.officer)
    published(desk, draft(desk))
    page(client, "/bulletins")
    with CaptureQueriesContext(connection) as few:
        page(client, "/bulletins")
    for number, area in enumerate((cast.county, cast.other_county), start=2):
        published(desk, draft(desk, area=area), number=f"澄阳光建办〔2026〕{number}号", issue=number, total=number)
    with CaptureQueriesContext(connection) as more:
        page(client, "/bulletins")
    assert len(few) == len(more) <= 16


def test_the_page_of_a_bulletin_asks_little(desk: Desk, signed_in: SignedIn) -> None:
    bulletin = published(desk, draft(desk)).bulletin
    client = signed_in(desk.county_reporter)
    page(client, f"/bulletins/{bulletin.pk}")
    with CaptureQueriesContext(connection) as captured:
        page(client, f"/bulletins/{bulletin.pk}")
    assert len(captured) <= 16, [query["sql"][:90] for query in captured.captured_queries]
