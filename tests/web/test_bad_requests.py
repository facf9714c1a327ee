"""What can't be taken is answered with a sentence that says what to do, in the reader's language, and never as our fault."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.models import Case, Person
from casework.proofs.verification import verify_history
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import TODAY, case_at, photo

SignedIn = Callable[[Person], Client]
MULTIPART = "multipart/form-data; boundary=x"
SERVED = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(autouse=True)
def _as_in_an_office(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Static files by their manifest, which names none: a page for bad requests needs none."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    monkeypatch.setattr(ManifestStaticFilesStorage, "manifest_strict", True)


def client_of(person: Person | None = None) -> Client:
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
        client.cookies["django_language"] = "en"
        Person.objects.filter(pk=person.pk).update(language="en")
    return client


def words_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_a_foreign_host_is_told_so(cast: Cast) -> None:
    client = client_of(cast.inspector)
    answer = client.get("/", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert "does not know the name in your address bar" in words_of(answer)


def test_without_a_language_it_is_chinese(db: None) -> None:
    assert 'lang="zh-hans"' in words_of(client_of().get("/", HTTP_HOST="evil.example"))


def test_too_many_files_are_told_how_many_are_possible(cast: Cast, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    files = [SimpleUploadedFile(f"{n}.jpg", b"x") for n in range(4)]
    answer = client_of(cast.inspector).post("/cases/new", {"photos": files})
    assert answer.status_code == 413
    assert "More than 3 files at once" in words_of(answer)


def test_three_measures_with_twenty_photos_and_a_sheet_arrive(cast: Cast, settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": SERVED}
    case = case_at(Stage.RECTIFICATION, cast)
    files = {f"reports-{n}-evidence": [photo(n) for _ in range(20)] for n in range(3)}
    client = Client()
    client.force_login(cast.willow_head)
    data = {**files, "signed_sheet": [photo(9)], "key": "x", "seen_version": 1, "keep": "1"}
    assert client.post(f"/cases/{case.number}/rectification", data, HTTP_HOST="localhost").status_code not in (400, 413)


@pytest.mark.parametrize(
    ("body", "kind", "status", "sentence"),
    [
        (b"&".join(b"a=1" for _ in range(1500)), "application/x-www-form-urlencoded", 413, "more fields"),
        (b"words=" + b"a" * 5_000_000, "application/x-www-form-urlencoded", 413, "longer than 4 MB"),
        (b"x", "multipart/form-data", 400, "did not arrive whole"),
        (
            b'--x\r\nContent-Disposition: form-data; name="p"; filename="' + b"a" * 1200 + b'"\r\n\r\nx\r\n--x--\r\n',
            MULTIPART,
            400,
            "name of a file is too long",
        ),
        (b"description=a%00b", "application/x-www-form-urlencoded", 400, "can't be read"),
        (b"%00=a", "application/x-www-form-urlencoded", 400, "can't be read"),
    ],
    ids=["fields", "text", "no boundary", "file name", "NUL", "NUL in a name"],
)
def test_a_form_that_can_not_be_read_is_told_why(
    body: bytes, kind: str, status: int, sentence: str, cast: Cast
) -> None:
    answer = client_of(cast.inspector).generic("POST", "/cases/new", body, content_type=kind)
    assert answer.status_code == status
    assert sentence in words_of(answer)


@pytest.mark.parametrize(
    "address",
    [
        "/cases?words=a%00b",
        "/cases?village=%00",
        "/units?words=%00",
        "/cases/new?village=%00",
        "/cases/new?relapse_of=%00",
        "/cases/a%00b",
        "/villages/%00/key",
        "/cases?%00=x",
    ],
)
def test_nul_in_an_address_is_refused(address: str, cast: Cast) -> None:
    assert client_of(cast.city_supervisor).get(address).status_code == 400


def test_nul_in_a_cookie_is_refused(db: None) -> None:
    assert client_of().get("/", HTTP_COOKIE="sessionid=a\0b").status_code == 400


LARGE = 400_000_000


@pytest.mark.parametrize("address", ["/sign-in", "/health", "/cases/new", "/language", "/nowhere", "/admin/"])
def test_a_large_body_before_a_sign_in_is_refused_unread(address: str, db: None) -> None:
    answer = client_of().generic("POST", address, b"--x", content_type=MULTIPART, CONTENT_LENGTH=LARGE)
    assert answer.status_code == 413


def test_a_large_body_with_a_session_of_nobody_is_refused_unread(db: None) -> None:
    client = client_of()
    client.cookies["sessionid"] = "a" * 32
    answer = client.generic("POST", "/cases/new", b"--x", content_type=MULTIPART, CONTENT_LENGTH=LARGE)
    assert answer.status_code == 413


# Numbers, months and addresses that have no meaning (M8): each gives a page or says what is wrong.
@pytest.mark.parametrize(
    "address",
    [
        "/burden?month=0001-01",
        "/burden?month=9999-12",
        "/burden?month=2000-01",
        *(
            f"/{page}={number}"
            for page in (
                "cases?approver",
                "ledger?approver",
                "cases?after",
                "cases?after=2026-01-01_",
                "letters?after",
                "messages?after",
            )
            for number in ("9" * 19, "9" * 20, "9" * 5000, "²", "①", "-1")
        ),
    ],
)
def test_odd_numbers_in_an_address_are_taken_as_none(address: str, cast: Cast, settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": SERVED}
    assert client_of(cast.county_supervisor).get(address).status_code == 200


@pytest.mark.parametrize("rows", ["abc", "9" * 5000, "-1", "", "²", "99999999999999999999"])
def test_odd_numbers_of_rows_keep_the_plan(rows: str, cast: Cast, settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": SERVED}
    case = case_at(Stage.PLANNING, cast)
    data = {"rows": rows, "measures-0-what": "加装雨棚", "key": "x", "seen_version": "9" * 5000}
    answer = client_of(cast.willow_head).post(f"/cases/{case.number}/plan", data)
    assert answer.status_code == 422
    assert "加装雨棚" in words_of(answer)


@pytest.mark.parametrize("words", ["x", "home", "//evil.example", "http://evil.example/", "\\\\evil", "me?x", ""])
def test_the_language_leads_back_to_an_address_of_ours_alone(words: str, db: None) -> None:
    answer = client_of().post("/language", {"language": "en", "next": words})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_the_sign_in_leads_back_to_the_whole_address(db: None) -> None:
    answer = client_of().get("/cases?state=all&words=%E6%94%B9%26x")
    assert answer["Location"] == "/sign-in?next=%2Fcases%3Fstate%3Dall%26words%3D%25E6%2594%25B9%2526x"


@pytest.mark.parametrize(
    "header", ["http://[", "http://[::1", "http://testserver]/x", "//testserver//evil", "x", "http://"]
)
def test_a_form_from_nowhere_leads_to_the_sign_in(header: str, db: None) -> None:
    answer = client_of().post("/cases/new", {}, HTTP_REFERER=header, HTTP_HOST="testserver")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=%2Fcases%2Fnew")


@pytest.mark.parametrize("words", ["x" * 50_001, "x " * 5000, "'" + "x" * 70_000, "改" * 20_000, "%" * 60_000])
@pytest.mark.parametrize("address", ["alias", "catalogueitem", "person", "post", "unit"])
def test_a_book_in_a_field_of_search_is_looked_for_by_its_beginning(
    words: str, address: str, cast: Cast, settings: Any
) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": SERVED}
    answer = client_of(cast.administrator).get(f"/admin/casework/{address}/", {"q": words})
    assert answer.status_code == 200


class TestText:
    def report(self, cast: Cast, **said: Any) -> Any:
        client = client_of(cast.inspector)
        village = {"village": cast.willow.name, "village_code": cast.willow.code}
        data = {"description": "公示栏空白", "found_on": TODAY.isoformat(), "source": "spot_check", "severity": "2"}
        key = "6f1f2d0e-6a3c-4a5e-9c39-0d2b8a1f4c11"
        return client.post("/cases/new", {**village, **data, "key": key, **said})

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("已整改\x0b第二行", "已整改\n第二行"),
            ("a\x0cb", "a\nb"),
            ("a\x1bb\x00"[:3], "ab"),
            ("a\ufffeb\uffff", "ab"),
            ("a\u2028b", "a\nb"),
            ("a\x85b", "a\nb"),
            ("a\x80b\x7f", "ab"),
        ],
    )
    def test_what_no_document_can_hold_is_left_out(self, typed: str, kept: str, cast: Cast) -> None:
        assert self.report(cast, description=typed, place=f"村口{typed}").status_code == 302
        case = Case.objects.get()
        assert case.description == kept
        assert case.place == f"村口{kept}"

    @pytest.mark.parametrize(
        ("latitude", "longitude", "kept"),
        [
            ("1e-320", "-0.0", (None, None)),  # what phones write that have not found their place
            ("27.12345678949", "113.99999999999", (27.1234568, 114.0)),
            ("27.1234567", "-0.0", (27.1234567, 0.0)),
            ("-0.00000001", "1e-7", (0.0, 1e-7)),
        ],
    )
    def test_a_position_is_sealed_as_it_is_stored(
        self, latitude: str, longitude: str, kept: tuple[float | None, float | None], cast: Cast
    ) -> None:
        assert self.report(cast, latitude=latitude, longitude=longitude).status_code == 302
        case = Case.objects.get()
        assert (case.latitude, case.longitude) == kept
        assert not [flaw for flaw in verify_history() if flaw]

    @pytest.mark.parametrize("odd", ["nan", "inf", "-inf", "1e400", "91", "x", "９０.１"])
    def test_what_is_no_latitude_is_refused(self, odd: str, cast: Cast, settings: Any) -> None:
        settings.STORAGES = {**settings.STORAGES, "staticfiles": SERVED}
        assert self.report(cast, latitude=odd, longitude="1").status_code == 422
        assert not Case.objects.exists()


class TestCaches:
    @pytest.fixture(autouse=True)
    def _static(self, settings: Any) -> None:
        settings.STORAGES = {**settings.STORAGES, "staticfiles": SERVED}

    def test_what_somebody_was_shown_stays_in_no_cache(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        client = client_of(cast.county_supervisor)
        for address in ("/", f"/cases/{case.number}", "/messages/count", "/nowhere", "/units?words=x"):
            assert "no-store" in client.get(address)["Cache-Control"], address
        assert "no-store" in client.post("/sign-out")["Cache-Control"]

    def test_who_is_nobody_may_keep_the_page(self, db: None) -> None:
        assert "no-store" not in client_of().get("/health").headers.get("Cache-Control", "")

    def test_a_proof_is_asked_for_again_each_time(self, cast: Cast) -> None:
        from casework.models import Evidence
        from tests.walk import proved

        proved(cast, case_at(Stage.RECTIFICATION, cast))
        client, proof = client_of(cast.willow_head), Evidence.objects.order_by("pk").first()
        assert proof is not None
        answer = client.get(f"/evidence/{proof.pk}")
        assert answer["Cache-Control"] == "private, no-cache"
        assert client.get(f"/evidence/{proof.pk}", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
        client.post("/sign-out")
        assert client.get(f"/evidence/{proof.pk}", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 302

    def test_an_old_cookie_is_dead_after_the_sign_out(self, cast: Cast) -> None:
        client, thief = client_of(cast.willow_head), Client()
        thief.cookies["sessionid"] = client.cookies["sessionid"].value
        assert thief.get("/me").status_code == 200
        client.post("/sign-out")
        assert thief.get("/me").status_code == 302
