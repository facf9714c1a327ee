"""The pages of spot checks: plan, freeze, roll, excuse, print, replay."""

import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.models import Person
from casework.models.unit import UnitLevel
from casework.stages import Role
from oversight.documents.register import add_base_document
from oversight.models import PlannedDraw, SpotCheckPlan
from oversight.spot_checks.freezing import Beacon
from oversight.spot_checks.reading import draw_to_read
from oversight.spot_checks.sheet import sheet_of
from oversight.spot_checks.sheet_pdf import write_pdf
from tests.cast import Cast
from tests.factories import appoint, unit
from tests.oversight.desk import make_desk
from tests.oversight.draws import DICE, MINUTES, SEED, drawn, frozen, plan_of, villages_of
from tests.walk import NOW, TODAY
from tests.web.test_queries import EVERY_PAGE, queries_of

SignedIn = Callable[[Person], Client]
ROLLED = {"name": [one.name for one in DICE], "faces": [one.faces for one in DICE], "is_read_back": "on"}


def words(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {
        "purpose": "村务公开抽查",
        "area": cast.county.code,
        "first_day": str(TODAY),
        "last_day": str(TODAY + timedelta(days=30)),
        "lot": "2",
        "yearly": "0",
        "key_share": "100",
        "announced": "no",
        "in_yearly_plan": "yes",
        **changed,
    }


def test_from_the_plan_to_the_village_and_back_from_the_record(
    cast: Cast, signed_in: SignedIn, clock: time_machine.Traveller
) -> None:
    client = signed_in(cast.county_supervisor)
    plan = client.post("/spot-checks/plans/new", words(cast))["Location"]
    assert "村务公开抽查" in client.get("/spot-checks").content.decode()
    address = client.post(f"{plan}/draws", {"seed": "dice"})["Location"]
    made = PlannedDraw.objects.get()
    page = client.get(address).content.decode()
    assert made.sha256 in page
    assert "上柳村" in page  # in the frozen list
    # The hash is published to everybody, without the place, before there is a seed.
    published = signed_in(cast.willow_head).get("/spot-checks/replay").content.decode()
    assert made.sha256 in published
    assert "青禾区" not in published
    assert client.post(f"{address}/seed", ROLLED).status_code == 409  # in the same second
    clock.move_to(NOW + MINUTES)
    assert client.post(f"{address}/seed", ROLLED).status_code == 302
    page = client.get(address).content.decode()
    assert SEED in page and "柳一" in page
    village = villages_of(made)[0]
    excused = client.post(f"{address}/excuses", {"village": village.code, "reason": "汛期道路中断"})
    assert excused["Location"].endswith(f"#village-{village.pk}")
    assert "汛期道路中断" in client.get(address).content.decode()
    record = client.get(f"{address}/record.txt").content
    replayed = signed_in(cast.willow_head).post(
        "/spot-checks/replay", {"file": SimpleUploadedFile("record.txt", record, "text/plain")}
    )
    assert replayed.context["found"].holds
    assert replayed.context["published"] == made


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lot": "0"}, "lot"),
        ({"lot": "9" * 50}, "lot"),
        ({"lot": "x"}, "lot"),
        ({"last_day": str(TODAY - timedelta(days=1))}, "last_day"),
        ({"area": "x"}, "area"),
        ({"area": ""}, "area"),
        ({"inspectors": "x"}, "inspectors"),
        ({"basis": "9" * 30}, "basis"),
        ({"in_yearly_plan": "no"}, "unplanned_reason"),
        ({"key_share": "40"}, "key_reason"),
        ({"purpose": " "}, "purpose"),
    ],
)
def test_a_plan_that_cannot_be_made_keeps_what_was_typed(
    change: dict[str, str], field: str, cast: Cast, signed_in: SignedIn
) -> None:
    answer = signed_in(cast.county_supervisor).post("/spot-checks/plans/new", words(cast, **change))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    if field != "purpose":
        assert "村务公开抽查" in answer.content.decode()
    assert not SpotCheckPlan.objects.exists()


def test_a_basis_document_and_chosen_inspectors_stand_in_the_plan(cast: Cast, signed_in: SignedIn) -> None:
    desk = make_desk(cast)
    basis = add_base_document(mechanism=desk.mechanism, title="村务监督办法", by=desk.officer, at=NOW)
    said = words(cast, basis=str(basis.pk), inspectors=[str(cast.inspector.pk)], checklist_version="3")
    client = signed_in(cast.county_supervisor)
    address = client.post("/spot-checks/plans/new", said)["Location"]
    plan = SpotCheckPlan.objects.get()
    assert (plan.basis, plan.inspectors, plan.checklist_version) == (basis, [cast.inspector.pk], 3)
    page = client.get(address).content.decode()
    assert "村务监督办法" in page
    changed = client.post(f"{address}/change", words(cast, purpose="改为财务公开"))
    assert changed["Location"] == address
    assert "改为财务公开" in client.get(address).content.decode()
    frozen_by = client.post(f"{address}/draws", {"seed": "dice"})
    assert frozen_by.status_code == 302
    assert client.get(f"{address}/change").status_code == 409
    assert client.post(f"{address}/change", words(cast)).status_code == 409


def test_a_second_freeze_asks_for_a_reason_and_a_beacon_for_its_round(
    cast: Cast, signed_in: SignedIn, clock: time_machine.Traveller
) -> None:
    frozen(cast)
    client = signed_in(cast.county_supervisor)
    address = f"/spot-checks/plans/{plan_of(cast).pk}"
    for sent, field in (
        ({"seed": "dice"}, "reason"),
        ({"seed": "beacon", "reason": "x"}, "beacon"),
        ({"seed": "beacon", "reason": "x", "beacon": "双色球"}, "round"),
        ({"seed": "beacon", "reason": "x", "beacon": "双色球", "round": "2026025"}, "comes_out_at"),
        ({"seed": "x"}, "seed"),
    ):
        answer = client.post(f"{address}/draws", sent)
        assert answer.status_code == 422
        assert field in answer.context["form"].errors, sent
    sent = {"seed": "beacon", "reason": "另抽", "beacon": "双色球", "round": "25", "comes_out_at": "2026-03-03T21:30"}
    made = client.post(f"{address}/draws", sent)["Location"]
    assert "双色球" in client.get(made).content.decode()
    clock.move_to(NOW + timedelta(days=2))
    answer = client.post(f"{made}/seed", {"round": "26", "value": "03081219272811"})
    assert answer.status_code == 422
    assert "round" in answer.context["seed_form"].errors
    assert "03081219272811" in answer.content.decode()


def test_too_few_dice_are_said_and_the_throws_stay_typed(cast: Cast, signed_in: SignedIn) -> None:
    made = frozen(cast, at=NOW - MINUTES)
    client = signed_in(cast.county_supervisor)
    address = f"/spot-checks/draws/{made.pk}"
    answer = client.post(f"{address}/seed", {"name": ["柳一"], "faces": ["41635241"], "is_read_back": "on"})
    assert answer.status_code == 422
    assert "41635241" in answer.content.decode()
    assert not made.villages.exists()
    unread = client.post(f"{address}/seed", {key: value for key, value in ROLLED.items() if key != "is_read_back"})
    assert (unread.status_code, made.villages.exists()) == (422, False)
    assert client.post(f"{address}/seed", ROLLED).status_code == 302
    assert client.post(f"{address}/seed", ROLLED).status_code == 409
    for odd in ({"faces": "1" * 90_000}, {"name": "x"}, {}):
        assert client.post(f"{address}/seed", {**odd, "is_read_back": "on"}).status_code in (409, 422)


def test_excuses_without_a_reason_or_of_a_village_that_was_not_drawn(cast: Cast, signed_in: SignedIn) -> None:
    made = drawn(cast)
    client, (village,) = signed_in(cast.county_supervisor), villages_of(made)
    address = f"/spot-checks/draws/{made.pk}/excuses"
    assert client.post(address, {"village": village.code, "reason": " "}).status_code == 422
    for code in (cast.reed.code, "", "9" * 500):
        assert client.post(address, {"village": code, "reason": "x"}).status_code == 404
    assert client.post(address, {"village": village.code, "reason": "x"}).status_code == 302
    assert client.post(address, {"village": village.code, "reason": "x"}).status_code == 409


def test_who_reads_without_drawing_is_offered_nothing_to_do(cast: Cast, signed_in: SignedIn) -> None:
    made, waiting = drawn(cast), frozen(cast, reason="x")
    for person, count in ((cast.inspector, 0), (cast.county_supervisor, 1)):
        client = signed_in(person)
        page = client.get(f"/spot-checks/draws/{made.pk}").content.decode()
        assert page.count(f"/spot-checks/draws/{made.pk}/excuses") == count
        page = client.get(f"/spot-checks/draws/{waiting.pk}").content.decode()
        assert page.count(f"/spot-checks/draws/{waiting.pk}/seed") == count
        page = client.get(f"/spot-checks/plans/{made.plan.pk}").content.decode()
        assert page.count(f"/spot-checks/plans/{made.plan.pk}/draws") == count
    assert signed_in(cast.inspector).post(f"/spot-checks/draws/{waiting.pk}/seed", ROLLED).status_code == 403
    appoint(cast.city_supervisor, Role.INSPECTOR, cast.city)
    third = frozen(cast, reason="y")
    page = signed_in(cast.city_supervisor).get(f"/spot-checks/draws/{third.pk}").content.decode()
    assert f"/spot-checks/draws/{third.pk}/seed" not in page


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"text": "x" * 1000},
        {"text": "format 1", "seed": "1" * 20},
        {"text": "format 1", "seed": "9" * 5000},
        {"text": "format 1\nplan 1", "frozen_at": "x"},
        {"file": SimpleUploadedFile("x.txt", b"\xff\xfe\x00", "text/plain")},
        {"file": SimpleUploadedFile("x.txt", b"1" * 1_000_001, "text/plain")},
    ],
)
def test_a_replay_of_something_else_is_a_sentence(sent: dict[str, Any], cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.willow_head).post("/spot-checks/replay", sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_a_replay_says_that_the_list_was_changed_and_never_published(cast: Cast, signed_in: SignedIn) -> None:
    made = drawn(cast)
    client = signed_in(cast.county_supervisor)
    record = client.get(f"/spot-checks/draws/{made.pk}/record.txt").content.decode()
    changed = record.replace(f"village {cast.elm.code} ", f"village {cast.elm.code}1 ")
    answer = client.post("/spot-checks/replay", {"text": changed})
    assert answer.status_code == 200
    assert answer.context["found"].is_same_list is False
    own_hash = "\n".join(line for line in changed.splitlines() if not line.startswith("sha256 "))
    answer = client.post("/spot-checks/replay", {"text": own_hash, "sha256": answer.context["found"].sha256})
    assert answer.context["found"].is_same_list
    assert answer.context["published"] is None


def test_names_of_inspectors_stand_there_for_who_reads_spot_checks_alone(cast: Cast, signed_in: SignedIn) -> None:
    made = drawn(cast, lot=3)
    record = signed_in(cast.county_supervisor).get(f"/spot-checks/draws/{made.pk}/record.txt").content.decode()
    for person, shown in ((cast.county_supervisor, True), (cast.willow_head, False)):
        answer = signed_in(person).post("/spot-checks/replay", {"text": record})
        assert {isinstance(row["inspector"], Person) for row in answer.context["rows"]} == {shown}


def test_the_sheet_says_everything_for_a_replay_and_for_signatures(cast: Cast, signed_in: SignedIn) -> None:
    made = drawn(cast, lot=2)
    client = signed_in(cast.county_supervisor)
    file = client.get(f"/spot-checks/draws/{made.pk}/sheet.docx").content
    document = zipfile.ZipFile(BytesIO(file)).read("word/document.xml").decode()
    village = villages_of(made)[0]
    ticket = made.villages.get(rank=1).ticket[:16]
    for said in (made.sha256, SEED, "柳一", "4163524163", village.name, ticket, "inspector", "签名", "替补顺序"):
        assert said in document, said
    for line in made.text.splitlines():
        assert f">{line}<" in document, line
    pdf = client.get(f"/spot-checks/draws/{made.pk}/sheet.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert "attachment" in pdf["Content-Disposition"]


def test_the_sheet_is_printed_before_the_dice_with_room_for_them(cast: Cast) -> None:
    sheet = sheet_of(draw_to_read(frozen(cast)))
    assert sheet.is_waiting_for_dice
    assert (sheet.rows, sheet.dice) == ([], [])
    assert not any(line.startswith("seed-value") for line in sheet.record)
    assert write_pdf(sheet).startswith(b"%PDF")
    beacon = Beacon("双色球", "2026025", NOW + timedelta(days=1))
    other = sheet_of(draw_to_read(frozen(cast, reason="另抽", beacon=beacon)))
    assert not other.is_waiting_for_dice
    assert ("种子来源", "公开信标“双色球”第2026025期") in other.facts


def test_the_pages_take_as_many_queries_for_many_villages_and_plans(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    made = drawn(cast, lot=2)
    addresses = ["/spot-checks", f"/spot-checks/plans/{made.plan.pk}", f"/spot-checks/draws/{made.pk}"]
    few = [len(queries_of(client, address)) for address in addresses]
    for _ in range(5):
        unit(UnitLevel.VILLAGE, cast.town)
    for number in range(3):
        made = drawn(cast, lot=7, reason=f"再抽 {number}")
    addresses[1:] = [f"/spot-checks/plans/{made.plan.pk}", f"/spot-checks/draws/{made.pk}"]
    many = [len(queries_of(client, address)) for address in addresses]
    assert all(later <= first + 1 for first, later in zip(few, many, strict=True)), (few, many)
    assert many[0] - EVERY_PAGE <= 4 and many[1] - EVERY_PAGE <= 16 and many[2] - EVERY_PAGE <= 12, many


def test_the_list_goes_on_to_the_next_page(cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.spot_checks.PAGE", 2)
    plans = [plan_of(cast, purpose=f"第{number}次抽查") for number in range(3)]
    client = signed_in(cast.county_supervisor)
    page = client.get("/spot-checks").content.decode()
    assert f"?after={plans[1].pk}" in page and "第0次" not in page
    assert "第0次" in client.get(f"/spot-checks?after={plans[1].pk}").content.decode()
    assert client.get("/spot-checks?after=x").status_code == 200


def test_the_analysis_leads_to_a_plan_of_the_county(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    plan = plan_of(cast)
    page = client.get("/analysis").content.decode()
    assert f"/spot-checks/plans/new?area={cast.county.code}" in page
    assert f"/spot-checks/plans/{plan.pk}" in page
    form = client.get(f"/spot-checks/plans/new?area={cast.county.code}").context["form"]
    assert form["area"].value() == cast.county.code
