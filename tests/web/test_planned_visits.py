"""The page on which an office plans a visit."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from casework.stages import Role
from oversight.models import VillageVisit
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.oversight.visiting import planned_visit
from tests.walk import TODAY
from tests.web.test_queries import SignedIn


class TestPlanning:
    def words(self, cast: Cast, **changed: Any) -> dict[str, Any]:
        words = {"key": uuid4(), "village": "上柳村", "kind": "spot_check", "inspector": cast.inspector.pk}
        return {**words, "due_by": str(TODAY + timedelta(5)), **changed}

    def test_an_office_plans_and_the_inspector_finds_it(self, cast: Cast, signed_in: SignedIn) -> None:
        sent = signed_in(cast.county_supervisor).post("/visits/new", self.words(cast))
        visit = VillageVisit.objects.get()
        assert sent["Location"] == f"/visits/{visit.pk}"
        assert f"/visits/{visit.pk}" in signed_in(cast.inspector).get("/").content.decode()
        for person in (cast.inspector, cast.willow_head, cast.town_reviewer):
            assert signed_in(person).post("/visits/new", self.words(cast)).status_code == 403

    @pytest.mark.parametrize(
        "odd",
        [
            {"village": "月亮村"},
            {"village": "芦苇村"},
            {"village": "村"},
            {"village": ""},
            {"due_by": "2026-03-01"},
            {"due_by": "x"},
            {"kind": "party"},
            {"inspector": "999999"},
            {"inspector": ""},
            {"key": ""},
        ],
    )
    def test_what_is_refused_keeps_the_words(self, odd: dict[str, str], cast: Cast, signed_in: SignedIn) -> None:
        sent = signed_in(cast.county_supervisor).post("/visits/new", self.words(cast, **odd))
        page = sent.content.decode()
        assert sent.status_code == 422 and ("errorlist" in page or 'class="alert"' in page)
        assert "2026-03-07" in page or "due_by" in odd
        assert not VillageVisit.objects.exists()

    def test_ones_own_village_is_said_at_the_inspector(self, cast: Cast, signed_in: SignedIn) -> None:
        own = holder(Role.INSPECTOR, cast.county, "own")
        appoint(own, Role.COMMITTEE_MEMBER, cast.willow)
        sent = signed_in(cast.county_supervisor).post("/visits/new", self.words(cast, inspector=own.pk))
        assert sent.status_code == 422 and not VillageVisit.objects.exists()

    def test_it_is_called_off_with_a_reason(self, cast: Cast, signed_in: SignedIn) -> None:
        visit = planned_visit(cast)
        client, address = signed_in(cast.county_supervisor), f"/visits/{visit.pk}/cancellation"
        assert client.post(address, {"reason": " "}).status_code == 422
        assert client.post(address, {"reason": "道路中断"}).status_code == 302
        assert "道路中断" in client.get("/visits?show=called_off").content.decode()
        assert client.post(address, {"reason": "x"}).status_code == 409
