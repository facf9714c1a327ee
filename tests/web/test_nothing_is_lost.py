"""The server's side of it: files are kept whatever else is missing, and a page never says less than what is true."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from casework.changes import changes_of
from casework.models import Case, Evidence, Person
from casework.queries import current_measures
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, photo, proved
from tests.web.test_forms import hidden

SignedIn = Callable[[Person], Client]


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_at(Stage.RECTIFICATION, cast)


def send(client: Client, case: Case, **words: Any) -> str:
    address = f"/cases/{case.number}/rectification"
    return client.post(address, {**hidden(client, address), **words}, follow=True).content.decode()


def test_a_sheet_is_kept_before_its_names_and_named_later(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    client = signed_in(cast.willow_head)
    page = send(client, case, signed_sheet=[photo(1)], keep="1")
    assert "已保存 1 个文件" in page and "签字单已经保存" in page
    send(client, case, signers=["willow_member"], signed_by="王二，李四", keep="1")
    assert case.evidence.get(kind="signed_sheet").signed_by == ["willow_member", "王二", "李四"]


def test_names_and_step_handed_in_together_stand_in_their_order(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    """With a clock that runs: what is kept on the way is of the request's one moment, never later than the step."""
    client = signed_in(cast.willow_head)
    words: dict[str, Any] = {"signed_sheet": [photo(1)], "signed_by": "王二"}
    for measure in current_measures(case):
        place = f"reports-{measure.pk}-"
        words |= {
            place + "words": "雨棚已装好",
            place + "done_on": TODAY.isoformat(),
            place + "evidence": [photo(9 + measure.pk)],
        }
    with time_machine.travel(NOW, tick=True):
        send(client, case, **words)
    told = [one.step for one in changes_of(Case.objects.get(pk=case.pk))]
    assert told[0] == "submit_rectification"


def test_the_members_of_the_committee_are_offered(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    page = signed_in(cast.willow_head).get(f"/cases/{case.number}/rectification").content.decode()
    assert re.findall(r'name="signers" value="([^"]+)"', page) == ["willow_head", "willow_member"]


def test_a_bad_day_loses_no_file(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    first = current_measures(case)[0]
    words = {f"reports-{first.pk}-evidence": [photo(1)], f"reports-{first.pk}-done_on": "昨天"}
    page = send(signed_in(cast.willow_head), case, **words)
    assert case.evidence.filter(measure=first).count() == 1
    assert "已保存 1 个文件" in page


def test_an_empty_file_is_named_and_the_others_are_kept(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    first = current_measures(case)[0]
    files = [photo(1), SimpleUploadedFile("空.jpg", b"", "image/jpeg")]
    page = send(signed_in(cast.willow_head), case, **{f"reports-{first.pk}-evidence": files}, keep="1")
    assert "空.jpg：" in page and "还没有提交" not in page
    assert case.evidence.filter(measure=first).count() == 1


def test_taking_back_keeps_the_words_and_hides_the_file(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    case = proved(cast, case)
    first, client = current_measures(case)[0], signed_in(cast.willow_head)
    proof = case.evidence.get(measure=first)
    page = send(client, case, **{f"reports-{first.pk}-words": "雨棚已装好"}, take_back=str(proof.pk))
    assert "雨棚已装好" in page and "现场.jpg 已撤回" in page
    assert client.get(f"/evidence/{proof.pk}").status_code == 404
    assert Evidence.everything.filter(pk=proof.pk).exists()


def test_another_member_is_not_offered_to_take_it_back(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    proved(cast, case)
    for who, is_offered in (("willow_head", True), ("willow_member", False)):
        page = signed_in(getattr(cast, who)).get(f"/cases/{case.number}/rectification").content.decode()
        assert ('name="take_back"' in page) is is_offered


class TestSignIn:
    def test_it_leads_back_to_where_the_form_stood(self, cast: Cast) -> None:
        client = Client()
        answer = client.get("/cases/new?village=1&item=2")
        assert answer["Location"] == "/sign-in?next=%2Fcases%2Fnew%3Fvillage%3D1%26item%3D2"
        answer = client.post("/letters/5/receipt", headers={"referer": "http://testserver/letters/5"})
        assert answer["Location"] == "/sign-in?next=%2Fletters%2F5"

    @pytest.mark.parametrize("referer", ["https://elsewhere.example/x", "http://testserver//elsewhere.example", ""])
    def test_it_leads_nowhere_else(self, referer: str, cast: Cast) -> None:
        answer = Client().post("/cases/new", headers={"referer": referer})
        assert answer["Location"] == "/sign-in?next=%2Fcases%2Fnew"

    def test_a_token_that_is_too_old_gives_the_words_back(self, cast: Cast) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.inspector)
        words = {"description": "公示栏<b>空白</b>", "password": "secret", "key": "k"}
        answer = client.post("/cases/new", words, headers={"referer": "http://testserver/cases/new"})
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "公示栏&lt;b&gt;空白" in page and 'href="/cases/new"' in page and "secret" not in page


def test_only_a_page_that_says_saved_carries_the_mark(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.SCREENING, cast)
    client = signed_in(cast.county_supervisor)
    address = f"/cases/{case.number}/screening"
    assert " saved" not in client.post(address, hidden(client, address)).content.decode()
    words = {**hidden(client, address), "outcome": "accepted"}
    assert "message saved success" in client.post(address, words, follow=True).content.decode()
