"""The page on which an office sets up its channels: what it shows, keeps, and never shows again."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from notifications.models import OfficeChannel
from tests.cast import Cast
from tests.notifications.test_channels_accounts import Platform
from tests.web.test_queries import SignedIn, queries_of

SECRET = "geheim-7"
SAID = {"corp_id": "ww1", "agent_id": "1000002", "secret": SECRET}


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def platform(settings: Any) -> Iterator[Platform]:
    found = Platform()
    settings.WECOM_API = found.server.url
    yield found
    found.server.close()


@pytest.fixture
def admin(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.administrator)


def test_set_up_tried_and_taken_away(cast: Cast, admin: Client, platform: Platform) -> None:
    page = f"/channels/{cast.county.code}/wecom"
    assert admin.post(page, SAID).headers["Location"] == page
    shown = admin.get(page).content.decode()
    assert "ww1" in shown and SECRET not in shown and OfficeChannel.objects.get().secret not in shown
    assert admin.post(f"{page}/trial", {"address": "zhang"}).headers["Location"] == page
    assert platform.server.said()["touser"] == "zhang"
    assert "the provider took it" in admin.get(page).content.decode()
    assert admin.post(f"{page}/ending").headers["Location"] == page
    shown = admin.get(page).content.decode()
    assert "Send me a test" not in shown and "ended by administrator" in shown


def test_what_the_provider_answers_stands_on_the_page_once(cast: Cast, admin: Client, platform: Platform) -> None:
    page = f"/channels/{cast.county.code}/wecom"
    admin.post(page, SAID)
    platform.tokens = [{"errcode": 40001, "errmsg": "invalid <b>credential</b>"}]
    answered = admin.post(f"{page}/trial", {"address": "zhang"}).content.decode()
    assert "invalid &lt;b&gt;credential&lt;/b&gt;" in answered
    later = admin.get(page).content.decode()
    assert "credential" not in later and "errcode 40001" in later


def test_what_is_refused_stands_beside_its_field_and_the_secret_is_not_written_back(cast: Cast, admin: Client) -> None:
    answer = admin.post(f"/channels/{cast.county.code}/sms", {"url": "https://10.0.0.1/", "token": SECRET})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["url"]
    assert SECRET not in answer.content.decode()
    assert OfficeChannel.objects.count() == 0


def test_a_channel_or_office_that_is_none_is_not_there(cast: Cast, admin: Client) -> None:
    for address in (f"{cast.county.code}/webhook", f"{cast.county.code}/pigeon", f"{cast.town.code}/sms", "x/sms"):
        assert admin.get(f"/channels/{address}").status_code == 404
    assert admin.post(f"/channels/{cast.county.code}/sms/trial", {"address": "13800000000"}).status_code == 422
    assert admin.post(f"/channels/{cast.county.code}/sms/ending").status_code == 302


def test_the_list_says_which_office_has_what_in_as_many_queries_as_before(cast: Cast, admin: Client) -> None:
    before = len(queries_of(admin, "/channels"))
    for unit in (cast.city, cast.county):
        admin.post(f"/channels/{unit.code}/wecom", SAID)
    assert len(queries_of(admin, "/channels")) == before
    shown = admin.get("/channels").content.decode()
    assert shown.count("own, not tried yet") == 2 and cast.other_county.name in shown
