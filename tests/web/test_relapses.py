"""Candidates, verdicts and look-backs as people meet them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from casework.escalation.sweeping import sweep
from casework.models import Case, Flag, LookBack, Person, RelapseVerdict
from casework.stages import Role, Stage, Watch
from casework.watch.prevention import start_wider_check
from casework.working_time.deadlines import midnight
from tests.casework.poison import SECRET, poison
from tests.casework.shots import scene, upload
from tests.cast import Cast
from tests.factories import holder, item
from tests.walk import NOW, TODAY, assigned, case_at, closed, photo, reported, reviewed, screened
from web.pages import relapses

SignedIn = Callable[[Person], Client]
WALL = "村部东侧明白墙内容空白"


@pytest.fixture
def again(cast: Cast) -> Case:
    """A case that looks like one struck off a month ago."""
    earlier = reported(cast, description=WALL)
    Case.objects.filter(pk=earlier.pk).update(
        stage=Stage.CLOSED, waits_at=None, closed_on=TODAY - timedelta(days=30), watch=Watch.WATCHED
    )
    return assigned(cast, screened(cast, reported(cast, description=WALL, found_on=TODAY)))


class TestVerdicts:
    def test_the_office_finds_it_and_decides(self, again: Case, cast: Cast, signed_in: SignedIn) -> None:
        client, candidate = signed_in(cast.county_supervisor), again.candidates.get()
        assert "/candidates" in client.get("/").content.decode()
        address = f"/cases/{again.number}/candidates/{candidate.pk}/verdict"
        assert address in client.get("/candidates").content.decode()
        form = client.get(address)
        assert "方位相同" in form.content.decode()
        keys = {name: form.context["form"][name].value() for name in ("key", "seen_version")}
        empty = client.post(address, {**keys, "verdict": "relapse", "reason": " "})
        assert (empty.status_code, RelapseVerdict.objects.count()) == (422, 0)
        done = client.post(address, {**keys, "verdict": "relapse", "reason": "同一面墙"})
        assert done.status_code == 302
        again.refresh_from_db()
        assert again.relapse_of == candidate.earlier
        assert address not in client.get("/candidates").content.decode()

    def test_the_village_reads_a_verdict_and_appeals(self, again: Case, cast: Cast, signed_in: SignedIn) -> None:
        candidate, village = again.candidates.get(), signed_in(cast.willow_head)
        page = f"/cases/{again.number}"
        assert "came-back" not in village.get(page).content.decode()
        RelapseVerdict.objects.create(
            candidate=candidate, verdict="relapse", reason="同一面墙", by=cast.county_supervisor, at=NOW
        )
        assert "同一面墙" in village.get(page).content.decode()
        address = f"{page}/candidates/{candidate.pk}/appeal"
        form = village.get(address).context["form"]
        keys = {name: form[name].value() for name in ("key", "seen_version")}
        assert village.post(address, {**keys, "reason": "是新建的墙"}).status_code == 302
        decision = signed_in(cast.city_supervisor).get(f"{page}/candidates/{candidate.pk}/appeal/decision")
        assert "是新建的墙" in decision.content.decode()


class TestStruckOffBefore:
    """What a desk sees at a glance, where nothing was likely enough to be a candidate."""

    @pytest.fixture
    def earlier(self, cast: Cast) -> Case:
        case = reported(cast, description=WALL)
        day = TODAY - timedelta(days=30)
        Case.objects.filter(pk=case.pk).update(stage=Stage.CLOSED, waits_at=None, closed_on=day)
        return case

    def page(self, case: Case, client: Client) -> str:
        return client.get(f"/cases/{case.number}/screening").content.decode()

    def test_the_desk_that_screens_sees_what_is_no_candidate(
        self, earlier: Case, cast: Cast, signed_in: SignedIn
    ) -> None:
        case = reported(cast, description="公示栏里贴的是去年的内容", found_on=TODAY)
        assert not case.candidates.exists()
        page = self.page(case, signed_in(cast.county_supervisor))
        assert earlier.number in page.split('id="struck-off-before"')[1]

    def test_what_is_a_candidate_already_is_not_listed_twice(
        self, earlier: Case, cast: Cast, signed_in: SignedIn
    ) -> None:
        case = reported(cast, description=WALL, found_on=TODAY)
        assert case.candidates.get().earlier == earlier
        assert "struck-off-before" not in self.page(case, signed_in(cast.county_supervisor))

    def test_words_that_can_not_be_compared_leave_the_desk_its_page(
        self, earlier: Case, cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = reported(cast, description="公示栏里贴的是去年的内容", found_on=TODAY)
        poison(monkeypatch, relapses, "likeliest_of", lambda _case: True)
        page = self.page(case, signed_in(cast.county_supervisor))
        assert case.number in page
        assert "struck-off-before" not in page

    def test_this_one_is_named_and_judged_in_one_step(self, earlier: Case, cast: Cast, signed_in: SignedIn) -> None:
        case = reported(cast, description="公示栏里贴的是去年的内容", found_on=TODAY)
        client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/back-from/{earlier.number}"
        assert address in self.page(case, client)
        form = client.get(address).context["form"]
        keys = {name: form[name].value() for name in ("key", "seen_version")}
        assert (form["verdict"].value(), form.verdicts) == ("relapse", [])
        assert client.post(address, {**keys, "verdict": "relapse", "reason": "同一块公示栏"}).status_code == 302
        case.refresh_from_db()
        assert case.relapse_of == earlier
        assert address not in self.page(case, client)

    def test_what_is_no_struck_off_case_of_the_village_has_no_such_page(
        self, earlier: Case, cast: Cast, signed_in: SignedIn
    ) -> None:
        case = reported(cast, description="公示栏里贴的是去年的内容", found_on=TODAY)
        elsewhere = reported(cast, village=cast.poplar, description=WALL)
        Case.objects.filter(pk=elsewhere.pk).update(
            stage=Stage.CLOSED, waits_at=None, closed_on=TODAY - timedelta(days=30)
        )
        client = signed_in(cast.county_supervisor)
        for number in (case.number, elsewhere.number, reported(cast, description="账目未公开").number, "none"):
            assert client.get(f"/cases/{case.number}/back-from/{number}").status_code == 404


class TestOpenTwins:
    """While a report is typed: what is open in the village already, by its words."""

    WORDS = "公示栏里没有东西，还是空的"

    def ask(self, client: Client, cast: Cast, words: str = WORDS) -> str:
        said = {"village_code": cast.willow.code, "description": words}
        return client.get("/cases/new/hints", said).content.decode()

    @pytest.fixture
    def still_open(self, cast: Cast) -> Case:
        reported(cast, description="机井房电线裸露，群众取水有危险")
        return reported(cast, description="公示栏里没有东西，是空的")

    def test_the_likeliest_is_named(self, still_open: Case, cast: Cast, signed_in: SignedIn) -> None:
        page = self.ask(signed_in(cast.inspector), cast)
        numbers = re.findall(r"/cases/(QH-2026-\d+)", page)
        assert numbers[0] == still_open.number

    def test_not_what_was_struck_off_nor_another_village_s(
        self, still_open: Case, cast: Cast, signed_in: SignedIn
    ) -> None:
        Case.objects.filter(pk=still_open.pk).update(stage=Stage.CLOSED, waits_at=None, closed_on=NOW.date())
        twin = reported(cast, village=cast.poplar, description=self.WORDS)
        page = self.ask(signed_in(cast.inspector), cast)
        assert twin.number not in page
        assert still_open.number not in page.split("hint-others")[0]

    def test_who_may_not_see_it_is_not_told(self, still_open: Case, cast: Cast, signed_in: SignedIn) -> None:
        Case.objects.filter(pk=still_open.pk).update(reported_by=cast.county_supervisor)
        volunteer = holder(Role.VOLUNTEER, cast.willow, "another")
        assert still_open.number not in self.ask(signed_in(volunteer), cast)
        assert still_open.number in self.ask(signed_in(cast.county_supervisor), cast)


class TestHints:
    def ask(self, client: Client, cast: Cast, **words: str) -> str:
        said = {"village_code": cast.willow.code, "description": "村委会院东边的公示栏又没有东西", **words}
        return client.get("/cases/new/hints", said).content.decode()

    def test_while_a_report_is_typed(self, cast: Cast, signed_in: SignedIn) -> None:
        earlier = reported(cast, description=WALL)
        Case.objects.filter(pk=earlier.pk).update(
            stage=Stage.CLOSED, waits_at=None, closed_on=TODAY - timedelta(days=30)
        )
        client, item = signed_in(cast.inspector), str(earlier.item_id)
        assert earlier.number in self.ask(client, cast, item=item)
        other = self.ask(client, cast, item=item, description="村部西侧明白墙空白")
        assert earlier.number not in other.split("hint-others")[0]
        assert earlier.number not in self.ask(client, cast, item=item, village_code=cast.poplar.code)
        assert self.ask(client, cast, item=item, village_code=cast.reed.code + "9").strip() == ""

    def test_words_that_can_not_be_read_leave_the_report_to_be_typed(
        self, cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        poison(monkeypatch, relapses, "traits_of", lambda **_words: True)
        assert self.ask(signed_in(cast.inspector), cast).strip() == ""
        assert "PoisonError" in caplog.text
        assert SECRET not in caplog.text

    def test_what_is_hardly_likely_is_listed_and_does_not_interrupt(self, cast: Cast, signed_in: SignedIn) -> None:
        earlier = reported(cast, description="村部东侧明白墙内容空白")
        day = TODAY - timedelta(days=30)
        Case.objects.filter(pk=earlier.pk).update(stage=Stage.CLOSED, waits_at=None, closed_on=day)
        client, item = signed_in(cast.inspector), str(earlier.item_id)
        likely = self.ask(client, cast, item=item)
        assert earlier.number in likely
        assert "hint-others" not in likely
        less = self.ask(client, cast, item=item, description="公示栏里贴的是去年的内容")
        assert earlier.number in less.split("hint-others")[1]
        assert "icon" not in less.split("hint-others")[0]

    def test_what_the_reporter_may_not_see_is_not_hinted_at(self, cast: Cast, signed_in: SignedIn) -> None:
        earlier = reported(cast, description=WALL)
        Case.objects.filter(pk=earlier.pk).update(
            stage=Stage.CLOSED, waits_at=None, closed_on=TODAY - timedelta(days=30)
        )
        assert earlier.number not in self.ask(signed_in(cast.volunteer), cast, item=str(earlier.item_id))


class TestLookBacks:
    @pytest.fixture
    def first(self, cast: Cast) -> LookBack:
        case_at(Stage.CLOSED, cast)
        sweep(at=NOW)
        look_back = LookBack.objects.order_by("opens_on")[0]
        sweep(at=midnight(look_back.opens_on) + timedelta(hours=6))
        look_back.refresh_from_db()
        return look_back

    def test_the_drawn_inspector_goes_there_and_enters_the_result(
        self, first: LookBack, cast: Cast, signed_in: SignedIn, clock: time_machine.Traveller
    ) -> None:
        clock.move_to(midnight(first.opens_on) + timedelta(hours=9))
        client, address = signed_in(cast.inspector), f"/look-backs/{first.pk}"
        assert address in client.get("/").content.decode()
        words = {"key": str(client.get(address).context["form"]["key"].value()), "words": "保持完好"}
        wrong = client.post(address, {**words, "outcome": "held"})
        assert wrong.status_code == 422
        assert "保持完好" in wrong.content.decode()
        said = {**words, "outcome": "held", "photos": photo(5), "why_no_position": "无信号"}
        assert client.post(address, said).status_code == 302
        first.refresh_from_db()
        assert (first.state, first.photos.count()) == ("done", 1)

    def test_a_photo_that_says_where_it_was_taken_is_position_enough(
        self, first: LookBack, cast: Cast, signed_in: SignedIn, clock: time_machine.Traveller
    ) -> None:
        clock.move_to(midnight(first.opens_on) + timedelta(hours=9))
        client, address = signed_in(cast.inspector), f"/look-backs/{first.pk}"
        words = {"key": str(client.get(address).context["form"]["key"].value()), "words": "保持完好", "outcome": "held"}
        assert client.post(address, {**words, "photos": upload(scene(5), place=(33.5, 114.0))}).status_code == 302
        first.refresh_from_db()
        assert (first.state, first.latitude) == ("done", 33.5)

    def test_it_comes_unannounced(
        self, first: LookBack, cast: Cast, signed_in: SignedIn, clock: time_machine.Traveller
    ) -> None:
        clock.move_to(midnight(first.opens_on) + timedelta(hours=9))
        for person in (cast.willow_head, cast.town_reviewer):
            client = signed_in(person)
            assert client.get(f"/look-backs/{first.pk}").status_code == 404
            page = client.get(f"/cases/{first.case.number}").content.decode()
            assert f"/look-backs/{first.pk}" not in page
            assert "look_back_drawn" not in page
        assert (
            "look_back_drawn" in signed_in(cast.county_supervisor).get(f"/cases/{first.case.number}").content.decode()
        )


def test_flags_are_for_reviewers_and_not_for_those_who_are_reviewed(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    evidence = case.evidence.filter(kind="after").first()
    Flag.objects.create(case=case, evidence=evidence, kind="same_photo", about="x", at=NOW)
    assert (
        "同一张照片以前用过" in signed_in(cast.town_reviewer).get(f"/cases/{case.number}/first-review").content.decode()
    )
    assert "同一张照片以前用过" in signed_in(cast.county_supervisor).get(f"/cases/{case.number}").content.decode()
    assert "同一张照片以前用过" not in signed_in(cast.willow_head).get(f"/cases/{case.number}").content.decode()
    closed(cast, reviewed(reviewed(case, cast.town_reviewer), cast.county_supervisor))
    assert "同一张照片以前用过" not in signed_in(cast.county_supervisor).get(f"/cases/{case.number}").content.decode()


def test_how_likely_it_is_stands_in_words(again: Case, cast: Cast, signed_in: SignedIn) -> None:
    row = signed_in(cast.county_supervisor).get("/candidates")
    assert "%" not in row.content.decode().partition("<main")[2]
    assert str(row.context["rows"][0]["likelihood"]) in row.content.decode()

    def test_where_no_object_is_recognised_it_is_asked_for(self, cast: Cast, signed_in: SignedIn) -> None:
        client, asked = signed_in(cast.inspector), "请在“问题对象”中写明"
        assert asked in self.ask(client, cast, description="那个事情还是老样子没人管")
        assert asked not in self.ask(client, cast, description="那个事情还是老样子没人管", object_name="东侧明白墙")
        assert asked not in self.ask(client, cast)


class TestSelfChecks:
    def test_a_village_is_asked_and_reports_of_itself(self, cast: Cast, signed_in: SignedIn) -> None:
        start_wider_check(county=cast.county, item=item(2), reason="多村同类", by=cast.county_supervisor, at=NOW)
        client = signed_in(cast.willow_head)
        address = f"/cases/new?item={item(2).code}"
        assert address in client.get("/").content.decode()
        form = client.get(address).context["form"]
        assert (form["village_code"].value(), form["item"].value()) == (cast.willow.code, item(2).pk)
        assert "severity" not in [field.name for field in form.more()]
        said = {name: form[name].value() or "" for name in ("key", "village", "village_code", "item", "source")}
        sent = client.post(address, {**said, "description": "自查发现公开栏没更新", "found_on": TODAY.isoformat()})
        assert sent.status_code == 302
        case = Case.objects.get()
        assert (case.source, case.severity) == ("self_check", 1)
