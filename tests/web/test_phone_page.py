"""The page that works without a network as the server gives it: the page, its worker, its manifest, the check."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.cast import Cast
from web.pages import phone as page

MODULE = re.compile(r'from "(\.[^"]+)"')


def files_of(worker: str) -> list[str]:
    found = re.search(r"const FILES = (\[.*?\]);", worker)
    assert found is not None
    return list(json.loads(found[1]))


def test_the_page_is_the_same_for_everybody_and_opens_without_a_sign_in(cast: Cast) -> None:
    client = Client()
    stranger = client.get("/phone").content
    client.force_login(cast.inspector)
    assert client.get("/phone?language=zh-hans").content == stranger
    assert client.get("/phone")["Cache-Control"] == "private, no-store"


def test_it_is_there_in_both_languages(cast: Cast) -> None:
    assert b'<html lang="en">' in Client().get("/phone?language=en").content
    assert b'<html lang="zh-hans">' in Client().get("/phone?language=zh-hans").content
    assert Client().get("/phone?language=xx").status_code == 200


def test_the_worker_names_every_file_that_the_page_needs(cast: Cast) -> None:
    client = Client()
    worker, shown = client.get("/service-worker.js"), client.get("/phone").content.decode()
    kept = files_of(worker.content.decode())
    assert worker["Content-Type"].startswith("text/javascript")
    needed = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', shown))
    for module in Path(page.finders.find(page.FOLDER) or "").glob("*.js"):
        for name in MODULE.findall(module.read_text()):
            needed.add(
                "/static/" + str(Path("scripts/phone") / name).replace("scripts/phone/../../", "").replace("./", "")
            )
    assert needed <= set(kept)


def test_a_changed_file_is_a_new_version(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Client().get("/service-worker.js").content
    monkeypatch.setattr(page, "_files_hash", lambda: "another")
    assert Client().get("/service-worker.js").content != before


def test_with_hashed_names_as_in_an_office_the_worker_names_what_is_served(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", "--noinput", "--ignore=viewflow", "--ignore=admin", verbosity=0)
    kept = files_of(Client().get("/service-worker.js").content.decode())
    there = [settings.STATIC_ROOT / one.removeprefix("/static/") for one in kept if one.startswith("/static/")]
    assert len(there) > 15
    assert all(one.is_file() for one in there)
    assert any(re.search(r"phone\.[0-9a-f]{12}\.css$", one) for one in kept)


def test_the_manifest_starts_on_the_page(cast: Cast) -> None:
    answer = Client().get("/phone.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    assert (answer.json()["start_url"], answer.json()["display"]) == ("/phone", "standalone")


def test_the_check_is_open_to_whoever_has_not_signed_in_yet(cast: Cast) -> None:
    answer = Client().get("/phone-check")
    assert answer.status_code == 200
    assert "data-wechat" in answer.content.decode()
