"""An office's own channels: kept locked, tried, used for whom they are meant, and nowhere near an inner net."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from casework.errors import Conflict, NotAllowed, Refusal
from notifications import setting_up
from notifications.announcing import announce
from notifications.channels import channel, offices_hosts
from notifications.channels.base import Blocked, Outgoing
from notifications.choosing import personal_channels
from notifications.delivering import deliver, due_channels
from notifications.kept_secrets import lock, unlock
from notifications.models import Address, BlockedChannel, Delivery, OfficeChannel, State
from notifications.office_channels import road_of
from notifications.setting_up import Trial, end_channel, keep_channel, try_channel
from tests.cast import Cast
from tests.notifications.fake_servers import Mailbox, Receiver
from tests.notifications.test_channels_accounts import Platform
from tests.walk import NOW, TODAY, assigned, reported, screened

WECOM = {"corp_id": "ww1", "agent_id": "1000002"}
SMS = {"url": "https://sms.example.cn/send"}
SECRET = "geheim-7"


@pytest.fixture(autouse=True)
def _settings(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LANGUAGE_CODE = "en"
    settings.CHANNEL_ALLOWED_HOSTS = ["sms.example.cn", ".mail.example.cn"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    monkeypatch.setattr(offices_hosts, "addresses_of", lambda host, port: ["93.184.216.34"])


@pytest.fixture
def platform(settings: Any) -> Iterator[Platform]:
    found = Platform()
    settings.WECOM_API = found.server.url
    yield found
    found.server.close()


def keep(cast: Cast, values: dict[str, str] = WECOM, *, kind: str = "wecom", secret: str = SECRET, **more: Any) -> Any:
    said = {"unit": cast.county, "by": cast.administrator, "at": NOW, **more}
    return keep_channel(kind=kind, values=values, secret=secret, **said)


def trial(cast: Cast, **more: Any) -> Trial:
    said = {"unit": cast.county, "kind": "wecom", "address": "zhang", "by": cast.administrator, "at": NOW, **more}
    return try_channel(subject="s", text="t", **said)


def refused(*args: Any, **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as error:
        keep(*args, **more)
    return [(one.code, one.field) for one in error.value.each()]


class TestSecrets:
    def test_a_secret_is_locked_differently_each_time_and_opened_by_the_same_key_alone(self, settings: Any) -> None:
        first, second = lock("授权码 7"), lock("授权码 7")
        assert first != second
        assert unlock(first) == unlock(second) == "授权码 7"
        assert unlock(first[:-8] + "AAAAAAA=") is None
        assert unlock("no base64!") is None
        former, settings.SECRET_KEY = settings.SECRET_KEY, "another"
        assert unlock(first) is None
        settings.SECRET_KEY_FALLBACKS = [former]
        assert unlock(first) == "授权码 7"

    @pytest.mark.django_db
    def test_no_column_holds_it_in_the_clear_and_an_earlier_one_is_wiped(self, cast: Cast) -> None:
        first = keep(cast)
        keep(cast, {**WECOM, "corp_id": "ww2"}, secret="other", at=NOW + timedelta(days=1))
        rows = list(OfficeChannel.objects.order_by("id").values())
        assert SECRET not in str(rows) and "other" not in str(rows)
        assert (rows[0]["secret"], rows[0]["ended_by_id"], rows[0]["id"]) == ("", cast.administrator.pk, first.pk)
        assert unlock(rows[1]["secret"]) == "other"

    @pytest.mark.django_db
    def test_an_empty_field_keeps_it_but_never_for_another_account(self, cast: Cast) -> None:
        keep(cast)
        assert refused(cast, {**WECOM, "corp_id": "ww2"}, secret="") == [("secret_again", "secret")]
        again = keep(cast, secret="", at=NOW + timedelta(minutes=1))
        assert unlock(again.secret) == SECRET

    @pytest.mark.django_db
    def test_a_secret_of_another_key_holds_the_channel_up(self, cast: Cast, settings: Any) -> None:
        row = keep(cast)
        settings.SECRET_KEY = "another"
        with pytest.raises(Blocked, match="enter it anew"):
            road_of(f"wecom@{row.unit_id}").send(Outgoing("message-1", "zhang", "s", "t"))


@pytest.mark.django_db
class TestWho:
    def test_only_an_administrator_of_this_office_or_above(self, cast: Cast) -> None:
        for person in (cast.city_supervisor, cast.county_supervisor, cast.willow_head):
            with pytest.raises(NotAllowed):
                keep(cast, by=person)
            with pytest.raises(NotAllowed):
                trial(cast, by=person)
            with pytest.raises(NotAllowed):
                end_channel(unit=cast.county, kind="wecom", by=person, at=NOW)
        with pytest.raises(NotAllowed):
            keep(cast, unit=cast.town)

    def test_what_is_missing_or_can_not_be_is_said_beside_its_field(self, cast: Cast) -> None:
        assert refused(cast, {"corp_id": "", "agent_id": "x" * 201}, secret="") == [
            ("setting_missing", "corp_id"),
            ("setting_unreadable", "agent_id"),
            ("secret_missing", "secret"),
        ]
        assert refused(cast, {**WECOM, "agent_id": "１２"}) == [("no_number", "agent_id")]
        mail = {"host": "a.mail.example.cn", "port": "25", "sender": "a@b.cn", "user": "a"}
        assert refused(cast, mail, kind="email") == [("setting_unknown", "port")]
        assert refused(cast, {**mail, "port": "465", "sender": "a\r\nBcc: x"}, kind="email") == [
            ("setting_unreadable", "sender")
        ]
        assert refused(cast, {**mail, "port": "465", "sender": "no"}, kind="email") == [("email_unreadable", "sender")]


@pytest.mark.django_db
class TestAddresses:
    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("http://sms.example.cn/send", "address_unsafe"),
            ("https://a:b@sms.example.cn/", "address_unsafe"),
            ("https://sms.example.cn:8443/", "address_unsafe"),
            ("file:///etc/passwd", "address_unsafe"),
            ("https://[", "address_unsafe"),
            ("https://127.0.0.1/", "host_not_allowed"),
            ("https://localhost/", "host_unreadable"),
            ("https://evil.example.cn/", "host_not_allowed"),
        ],
    )
    def test_only_https_and_only_what_the_installation_allows(self, cast: Cast, url: str, code: str) -> None:
        found = refused(cast, {"url": url}, kind="sms")
        assert found == [(code, "url")] or found == [("host_unreadable", "url")]
        assert OfficeChannel.objects.count() == 0

    @pytest.mark.parametrize("inner", ["10.0.0.7", "127.0.0.1", "169.254.169.254", "::1", "fd00::1"])
    def test_an_allowed_name_that_leads_inside_is_refused(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch, inner: str
    ) -> None:
        monkeypatch.setattr(offices_hosts, "addresses_of", lambda host, port: ["93.184.216.34", inner])
        assert refused(cast, SMS, kind="sms") == [("host_internal", "url")]

    def test_a_name_that_nobody_knows(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(offices_hosts, "addresses_of", lambda host, port: [])
        assert refused(cast, SMS, kind="sms") == [("host_unknown", "url")]

    def test_a_host_that_is_no_longer_allowed_gets_nothing(self, cast: Cast, settings: Any) -> None:
        row = keep(cast, SMS, kind="sms")
        settings.CHANNEL_ALLOWED_HOSTS = []
        with pytest.raises(Blocked, match="no longer allows"):
            road_of(f"sms@{row.unit_id}").send(Outgoing("message-1", "13800000000", "s", "t"))

    def test_a_mail_server_whose_name_leads_inside_by_now_gets_nothing(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        values = {"host": "smtp.mail.example.cn", "port": "587", "sender": "a@example.cn", "user": "a"}
        row = keep(cast, values, kind="email")
        server = Mailbox()
        monkeypatch.setattr(offices_hosts, "addresses_of", lambda host, port: ["127.0.0.1"])
        with pytest.raises(Blocked, match="internal net"):
            road_of(f"email@{row.unit_id}").send(Outgoing("message-1", "b@example.cn", "s", "t"))
        server.close()


@pytest.mark.django_db
class TestTrying:
    def test_a_test_arrives_by_the_office_s_own_account(self, cast: Cast, platform: Platform) -> None:
        keep(cast)
        assert trial(cast) == Trial()
        (asked,) = platform.asked_for_tokens()
        assert (asked["corpid"], asked["corpsecret"]) == (["ww1"], [SECRET])
        assert platform.server.said()["touser"] == "zhang"
        assert platform.server.said()["agentid"] == 1000002
        row = OfficeChannel.objects.get()
        assert (row.tried_at, row.tried_by, row.trial_error) == (NOW, cast.administrator, "")

    def test_the_provider_s_own_words_are_told_and_kept_nowhere(
        self, cast: Cast, platform: Platform, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        platform.tokens = [{"errcode": 40001, "errmsg": f"invalid credential {SECRET},\nhint: 7"}]
        keep(cast)
        assert trial(cast).said == "invalid credential ••••, hint: 7"
        row = OfficeChannel.objects.values().get()
        assert row["trial_error"] == "errcode 40001: check the settings of wecom"
        assert SECRET not in caplog.text and "invalid credential" not in caplog.text + str(row)

    def test_the_next_one_waits_twenty_seconds(self, cast: Cast, platform: Platform) -> None:
        keep(cast)
        trial(cast)
        with pytest.raises(Conflict, match="twenty seconds"):
            trial(cast, at=NOW + timedelta(seconds=19))
        assert trial(cast, at=NOW + timedelta(seconds=20)) == Trial()

    def test_an_address_that_can_not_be_costs_no_try(self, cast: Cast) -> None:
        keep(cast)
        with pytest.raises(Refusal, match="work account"):
            trial(cast, address="two words")
        assert OfficeChannel.objects.get().tried_at is None

    def test_a_gateway_s_answer_is_the_office_s_trouble(
        self, cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server = Receiver(lambda path: (403, b"balance is used up"))
        row = keep(cast, SMS, kind="sms")
        settings.CHANNEL_ALLOWED_HOSTS = settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]
        OfficeChannel.objects.filter(pk=row.pk).update(values={"url": server.url})
        assert trial(cast, kind="sms", address="13800000000").said == "balance is used up"
        assert server.received[0][1]["Authorization"] == f"Bearer {SECRET}"
        server.close()


@pytest.mark.django_db
class TestWhoIsReached:
    def told(self, cast: Cast) -> list[tuple[str, str]]:
        """The two of Willow by WeCom, and Reed's head, who is told nothing."""
        for person in (cast.willow_head, cast.outsider_head):
            Address.objects.create(person=person, channel="wecom", address=person.username)
        assigned(cast, screened(cast, reported(cast, severity=3)))
        announce(at=NOW)
        rows = Delivery.objects.order_by("id").values_list("channel", "state")
        return sorted(set(rows))

    def test_nothing_changes_where_no_office_has_its_own(self, cast: Cast) -> None:
        assert {code for code, _state in self.told(cast)} == {"wecom"}

    def test_the_nearest_office_above_sends(self, cast: Cast, platform: Platform) -> None:
        keep(cast, {**WECOM, "corp_id": "city"}, unit=cast.city)
        keep(cast)
        keep(cast, {**WECOM, "corp_id": "elsewhere"}, unit=cast.other_county)
        assert {code for code, _state in self.told(cast)} == {f"wecom@{cast.county.pk}"}
        later = NOW + timedelta(days=2)
        (code,) = due_channels(at=later)
        assert deliver(code, at=later) >= 1
        assert {one["corpid"][0] for one in platform.asked_for_tokens()} == {"ww1"}
        assert platform.server.said()["touser"] == "willow_head"

    def test_an_office_that_is_refused_holds_up_nobody_else(self, cast: Cast, platform: Platform) -> None:
        keep(cast)
        self.told(cast)
        platform.says = [{"errcode": 60020, "errmsg": "not allow to access from your ip"}]
        later = NOW + timedelta(days=2)
        deliver(f"wecom@{cast.county.pk}", at=later)
        assert [row.channel for row in BlockedChannel.objects.all()] == [f"wecom@{cast.county.pk}"]
        assert due_channels(at=later) == []
        keep(cast, secret="", at=later)
        assert due_channels(at=later) == [f"wecom@{cast.county.pk}"]
        assert Address.objects.get(person=cast.willow_head).failed_at is None

    def test_what_waited_goes_by_the_installation_s_or_waits(
        self, cast: Cast, platform: Platform, settings: Any
    ) -> None:
        keep(cast)
        self.told(cast)
        end_channel(unit=cast.county, kind="wecom", by=cast.administrator, at=NOW)
        code, later = f"wecom@{cast.county.pk}", NOW + timedelta(days=2)
        assert deliver(code, at=later) == 0
        assert set(Delivery.objects.values_list("state", flat=True)) == {State.WAITING}
        settings.WECOM_CORP_ID, settings.WECOM_SECRET, settings.WECOM_AGENT_ID = "all", "s", 1
        assert deliver(code, at=later + timedelta(hours=1)) >= 1
        assert platform.asked_for_tokens()[-1]["corpid"] == ["all"]

    def test_people_are_offered_what_an_office_above_them_has(self, cast: Cast) -> None:
        before = [road.code for road in personal_channels(cast.willow_head, TODAY)]
        keep(cast)
        assert "wecom" not in before
        assert "wecom" in [road.code for road in personal_channels(cast.willow_head, TODAY)]
        assert "wecom" not in [road.code for road in personal_channels(cast.outsider_head, TODAY)]
        assert not channel("wecom").is_configured()

    def test_two_at_once_leave_one_in_force(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        keep(cast)
        monkeypatch.setattr(setting_up, "in_force", lambda unit, kind: None)
        with pytest.raises(Conflict, match="Somebody else"):
            keep(cast)
        assert OfficeChannel.objects.filter(ended_at=None).count() == 1
