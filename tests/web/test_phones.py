"""What phones hold unsent, for their people and the offices; and emergency files, taken in once."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.lifecycle.evidence import MOST_IN_ROUND
from casework.models import Case, Evidence, Person, PhoneEntry, PhoneQueue
from casework.phones.queues import WARNED_AFTER, Unsent, is_long, tell_queue, unsent_below
from casework.stages import Role
from casework.talk.attachments import MOST_FILES
from oversight.demo.phones import seed
from oversight.visits.queries import lines_of
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.oversight.visiting import planned_visit
from tests.walk import NOW, TODAY, photo
from tests.web.phones import entry, posted
from tests.web.test_phone_visits import handed_in as visit_handed_in
from tests.web.test_phone_visits import made

SignedIn = Callable[[Person], Client]


def told(client: Client, **said: Any) -> Any:
    return client.post("/phone/queue", json.dumps({"phone": str(uuid4()), **said}), content_type="application/json")


class TestHowMuchIsUnsent:
    def test_a_phone_says_how_much_it_holds_and_since_when(self, cast: Cast, signed_in: SignedIn) -> None:
        since = NOW - timedelta(days=2)
        told(signed_in(cast.inspector), unsent=3, refused=1, since=since.isoformat())
        queue = PhoneQueue.objects.get()
        assert (queue.person, queue.unsent, queue.refused, queue.unsent_since) == (cast.inspector, 3, 1, since)

    def test_the_same_phone_overwrites_what_it_said(self, cast: Cast, signed_in: SignedIn) -> None:
        client, phone = signed_in(cast.inspector), str(uuid4())
        told(client, phone=phone, unsent=3, since=NOW.isoformat())
        told(client, phone=phone, unsent=0)
        queue = PhoneQueue.objects.get()
        assert (queue.unsent, queue.unsent_since) == (0, None)

    def test_since_when_is_never_to_come(self, cast: Cast) -> None:
        unsent = Unsent(1, 0, NOW + timedelta(days=400))
        assert tell_queue(phone=uuid4(), unsent=unsent, by=cast.inspector, at=NOW).unsent_since == NOW

    @pytest.mark.parametrize("said", [{"phone": 7}, {"phone": "x"}, {"phone": None}])
    def test_a_phone_without_a_number_is_refused(self, said: Any, cast: Cast, signed_in: SignedIn) -> None:
        assert told(signed_in(cast.inspector), unsent=1, **said).status_code == 400

    @pytest.mark.parametrize("unsent", ["3", -1, True, 2**40, None])
    def test_a_count_that_is_none_is_nothing(self, unsent: Any, cast: Cast, signed_in: SignedIn) -> None:
        assert told(signed_in(cast.inspector), unsent=unsent).status_code == 200
        assert PhoneQueue.objects.get().unsent == 0

    def test_offices_see_whoever_holds_a_post_below_them_the_longest_first(self, cast: Cast) -> None:
        below = holder(Role.INSPECTOR, cast.county, "below")
        for days, person in ((1, below), (3, below), (2, cast.outsider_county)):
            tell_queue(phone=uuid4(), unsent=Unsent(1, 0, NOW - timedelta(days=days)), by=person, at=NOW)
        seen = [queue.unsent_since for queue in unsent_below(cast.county_supervisor, TODAY)]
        assert seen == [NOW - timedelta(days=3), NOW - timedelta(days=1)]
        assert unsent_below(cast.city_supervisor, TODAY).count() == 3
        assert unsent_below(cast.town_reviewer, TODAY).count() == 0

    def test_after_five_days_it_is_a_warning_to_both(self, cast: Cast, signed_in: SignedIn) -> None:
        phone = uuid4()
        for past, is_said in ((timedelta(seconds=1), False), (timedelta(0), True)):
            unsent = Unsent(2, 0, NOW - WARNED_AFTER + past)
            tell_queue(phone=phone, unsent=unsent, by=cast.inspector, at=NOW)
            assert ("message error" in signed_in(cast.inspector).get("/").content.decode()) is is_said
            listed = signed_in(cast.city_supervisor).get("/phones").content.decode()
            assert ('class="missing"' in listed) is is_said

    def test_the_list_costs_the_same_for_many(self, cast: Cast, signed_in: SignedIn) -> None:
        client, costs = signed_in(cast.city_supervisor), []
        for more in (1, 5):
            for _ in range(more):
                tell_queue(phone=uuid4(), unsent=Unsent(1, 0, NOW), by=cast.inspector, at=NOW)
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/phones").status_code == 200
            costs.append(len(queries))
        assert costs[0] == costs[1]

    def test_others_do_not_see_it(self, cast: Cast, signed_in: SignedIn) -> None:
        assert signed_in(cast.inspector).get("/phones").status_code == 403


def test_the_demo_shows_a_phone_that_has_held_something_for_long(cast: Cast) -> None:
    holder(Role.INSPECTOR, cast.county, "second")
    seed(None, now=NOW)
    held = list(unsent_below(cast.city_supervisor, TODAY))
    assert [(queue.unsent, is_long(queue, at=NOW)) for queue in held] == [(3, True), (1, False)]


def emergency(cast: Cast, *entries: tuple[dict[str, Any], list[SimpleUploadedFile]], **more: Any) -> SimpleUploadedFile:
    said = [
        {
            **one,
            "photos": [
                {"key": file["key"], "base64": base64.b64encode(picture.read()).decode()}
                for file, picture in zip(one["files"], pictures, strict=True)
            ],
        }
        for one, pictures in entries
    ]
    content = {"format": "rectification-phone-1", "person": cast.inspector.pk, "entries": said, **more}
    return SimpleUploadedFile("phone.json", json.dumps(content).encode(), "application/json")


def handed_in(client: Client, file: SimpleUploadedFile) -> Any:
    return client.post("/phones/emergency", {"file": file})


class TestAnEmergencyFile:
    def test_its_entries_become_cases_with_their_photos(self, cast: Cast, signed_in: SignedIn) -> None:
        pictures = [photo(1), photo(2)]
        said = entry(cast, pictures)
        answer = handed_in(signed_in(cast.city_supervisor), emergency(cast, (said, pictures)))
        assert answer.status_code == 302
        row = PhoneEntry.objects.get()
        assert (row.person, row.by, row.case.reported_by) == (
            cast.inspector,
            cast.city_supervisor,
            cast.city_supervisor,
        )
        assert [one.sha256 for one in Evidence.objects.order_by("number")] == [one["sha256"] for one in said["files"]]

    def test_taken_in_twice_or_sent_by_the_phone_as_well_it_is_one_case(self, cast: Cast, signed_in: SignedIn) -> None:
        said = entry(cast, [photo(1)])
        office = signed_in(cast.city_supervisor)
        for _ in range(2):
            handed_in(office, emergency(cast, (said, [photo(1)])))
        answer = posted(signed_in(cast.inspector), said)
        assert (answer.status_code, answer.json()["complete"]) == (200, True)
        assert (Case.objects.count(), Evidence.objects.count()) == (1, 1)

    def test_a_refused_entry_and_a_damaged_photo_stop_nothing(self, cast: Cast, signed_in: SignedIn) -> None:
        wrong, good = entry(cast, found_on="2099-01-01"), entry(cast, [photo(1), photo(2)])
        file = emergency(cast, (wrong, []), (good, [photo(1), photo(9)]))
        answer = handed_in(signed_in(cast.city_supervisor), file)
        assert answer.status_code == 200
        assert Case.objects.count() == 1
        assert Evidence.objects.get().sha256 == good["files"][0]["sha256"]
        assert [bool(one.refusals) for one in answer.context["taken"]] == [True, True]

    @pytest.mark.parametrize(
        "content", [b"", b"x", b"[]", b"{}", b'{"format": "rectification-phone-1", "entries": 7}', b"\xff", b"[" * 9999]
    )
    def test_another_file_is_refused_with_a_sentence(self, content: bytes, cast: Cast, signed_in: SignedIn) -> None:
        file = SimpleUploadedFile("x.json", content, "application/json")
        answer = handed_in(signed_in(cast.city_supervisor), file)
        assert answer.status_code == 422
        assert "errorlist" in answer.content.decode()

    @pytest.mark.parametrize("person", [None, "1", 10**30, True, 0])
    def test_a_file_of_nobody_is_refused(self, person: Any, cast: Cast, signed_in: SignedIn) -> None:
        file = emergency(cast, (entry(cast), []), person=person)
        assert handed_in(signed_in(cast.city_supervisor), file).status_code == 422

    def test_a_file_of_somebody_elsewhere_is_refused(self, cast: Cast, signed_in: SignedIn) -> None:
        file = emergency(cast, (entry(cast), []), person=cast.outsider_county.pk)
        assert handed_in(signed_in(cast.county_supervisor), file).status_code == 422
        assert not Case.objects.exists()

    def test_an_office_takes_in_only_what_it_could_report_itself(self, cast: Cast, signed_in: SignedIn) -> None:
        appoint(cast.inspector, Role.INSPECTOR, cast.county)
        file = emergency(cast, (entry(cast, village=cast.reed.code), []))
        answer = handed_in(signed_in(cast.county_supervisor), file)
        assert answer.status_code == 422
        assert not Case.objects.exists()

    def test_a_visit_is_taken_in_with_its_findings_wherever_they_stand(self, cast: Cast, signed_in: SignedIn) -> None:
        appoint(cast.inspector, Role.INSPECTOR, cast.county)
        visit = planned_visit(cast)
        line = lines_of(visit)[2]
        said = made(visit, arrived_at="2026-03-01T23:30:00Z")
        said["values"]["answers"][str(line.pk)] = "finding"
        finding = entry(cast, on_visit={"visit": visit.pk, "line": line.pk}, item=line.item.code)
        for _ in range(2):
            answer = handed_in(signed_in(cast.county_supervisor), emergency(cast, (said, []), (finding, [])))
            assert answer.status_code == 302
        visit.refresh_from_db()
        assert (visit.state, visit.found, visit.inspector, visit.taken_in_by) == (
            "done",
            1,
            cast.inspector,
            cast.county_supervisor,
        )
        assert visit.arrived_stated_at is not None and Case.objects.get().phone_entries.get().person == cast.inspector
        assert visit_handed_in(signed_in(cast.inspector), said).status_code == 200  # the phone found its line after all
        page = signed_in(cast.county_supervisor).get(f"/visits/{visit.pk}").content.decode()
        assert str(cast.county_supervisor) in page

    def test_a_visit_of_another_area_or_person_is_not_taken_in(self, cast: Cast, signed_in: SignedIn) -> None:
        appoint(cast.inspector, Role.INSPECTOR, cast.county)
        elsewhere = planned_visit(cast, village=cast.reed, by=cast.city_supervisor)
        answer = handed_in(signed_in(cast.county_supervisor), emergency(cast, (made(elsewhere), [])))
        assert answer.status_code == 422 and answer.context["taken"][0].refusals
        mine = planned_visit(cast)
        somebody = holder(Role.INSPECTOR, cast.county, "somebody")
        file = emergency(cast, (made(mine), []), person=somebody.pk)
        assert handed_in(signed_in(cast.county_supervisor), file).status_code == 422
        for visit in (elsewhere, mine):
            visit.refresh_from_db()
            assert visit.state == "planned"

    def test_a_visit_whose_finding_is_missing_is_said_and_stops_nothing(self, cast: Cast, signed_in: SignedIn) -> None:
        appoint(cast.inspector, Role.INSPECTOR, cast.county)
        visit = planned_visit(cast)
        said = made(visit)
        said["values"]["answers"][str(lines_of(visit)[2].pk)] = "finding"
        answer = handed_in(signed_in(cast.county_supervisor), emergency(cast, (said, []), (entry(cast), [])))
        assert answer.status_code == 200 and Case.objects.count() == 1
        assert [bool(one.refusals) for one in answer.context["taken"]] == [False, True]
        visit.refresh_from_db()
        assert visit.state == "planned"


def test_the_phone_takes_as_many_photos_as_the_forms_do(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.inspector).get("/phone").content.decode()
    assert f'data-most="{MOST_IN_ROUND}" data-most-added="{MOST_FILES}"' in page
    source = Path(finders.find("scripts/phone/entering.js")).read_text()
    assert "MOST" not in source and "list.dataset.mostAdded" in source
