"""Photos in pieces, by the tus protocol (promises 19, 20, 21)."""

import base64
import hashlib
import random
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.models import Evidence, Person, PhoneFile
from casework.phones import pieces
from casework.proofs.uploads import LARGEST
from tests.cast import Cast
from tests.walk import NOW, photo
from tests.web.phones import VERSION, begun, entry, offset_of, patched, posted, sent

SignedIn = Callable[[Person], Client]
CUTS = 100


@pytest.fixture
def client(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.inspector)


@pytest.fixture
def picture() -> SimpleUploadedFile:
    return photo(5, size=(900, 700))


@pytest.fixture
def key(cast: Cast, client: Client, picture: SimpleUploadedFile) -> str:
    """A photo that its entry has announced."""
    said = entry(cast, [picture])
    posted(client, said)
    return str(said["files"][0]["key"])


def kept() -> Evidence:
    return Evidence.objects.get(kind="before")


def test_a_photo_cut_at_a_hundred_places_is_the_same_in_the_end(
    cast: Cast, client: Client, key: str, picture: SimpleUploadedFile
) -> None:
    content, dice, broken = picture.read(), random.Random(19), 0
    while (offset := offset_of(client, key)) < len(content):
        piece = content[offset : offset + dice.randint(1, len(content) // CUTS)]
        if dice.random() < 0.5:
            # The line broke: less came than was announced, and goes unanswered.
            cut = piece[: dice.randint(0, len(piece) - 1)]
            checksum = "sha256 " + base64.b64encode(hashlib.sha256(piece).digest()).decode()
            assert patched(client, key, cut, offset, **{"Upload-Checksum": checksum}).status_code == 460
            broken += 1
        else:
            patched(client, key, piece, offset)
    assert broken >= CUTS
    assert kept().sha256 == hashlib.sha256(content).hexdigest()
    with default_storage.open(kept().stored_as, "rb") as file:
        assert file.read() == content


def test_a_file_that_changed_between_two_pieces_is_refused_and_begins_anew(
    client: Client, key: str, picture: SimpleUploadedFile
) -> None:
    content = picture.read()
    half = len(content) // 2
    patched(client, key, content[:half], 0)
    answer = patched(client, key, bytes(len(content) - half), half)
    assert (answer.status_code, answer.json()["code"]) == (422, "file_changed")
    assert not Evidence.objects.exists()
    assert offset_of(client, key) == 0
    assert sent(client, key, content).status_code == 204
    assert kept().sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("offset", [1, 7, 10**6])
def test_a_wrong_offset_is_refused_with_409(offset: int, client: Client, key: str) -> None:
    assert patched(client, key, b"x", offset).status_code == 409
    assert offset_of(client, key) == 0


def test_a_piece_sent_twice_is_refused_the_second_time(client: Client, key: str, picture: SimpleUploadedFile) -> None:
    piece = picture.read()[:100]
    assert [patched(client, key, piece, 0).status_code for _ in range(2)] == [204, 409]
    assert offset_of(client, key) == 100


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Checksum": "sha256 " + base64.b64encode(bytes(32)).decode()}, 460),
        ({"Upload-Checksum": "sha1 AAAA"}, 400),
        ({"Upload-Checksum": "sha256 ???"}, 400),
        ({"Upload-Checksum": ""}, 400),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "x"}, 400),
        ({"Upload-Offset": "9" * 40}, 400),
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Content-Type": "application/json"}, 415),
    ],
)
def test_what_the_protocol_refuses_changes_nothing(
    headers: dict[str, str], status: int, client: Client, key: str
) -> None:
    assert patched(client, key, b"abc", 0, **headers).status_code == status
    assert offset_of(client, key) == 0


def test_a_piece_that_is_too_large_is_refused(client: Client, key: str) -> None:
    assert patched(client, key, bytes(pieces.LARGEST_PIECE + 1), 0).status_code == 413


def test_more_than_was_announced_is_refused(client: Client, key: str, picture: SimpleUploadedFile) -> None:
    assert patched(client, key, picture.read() + b"x", 0).status_code == 422
    assert offset_of(client, key) == 0


def test_creating_a_file_again_leaves_it_where_it_is(client: Client, key: str, picture: SimpleUploadedFile) -> None:
    content = picture.read()
    patched(client, key, content[:50], 0)
    answer = begun(client, key, len(content))
    assert (answer.status_code, answer["Location"]) == (201, f"/phone/files/{key}")
    assert offset_of(client, key) == 50


def test_only_what_an_entry_has_announced_is_taken(client: Client, key: str, picture: SimpleUploadedFile) -> None:
    assert begun(client, str(uuid4()), 10).status_code == 404
    assert begun(client, key, 10).status_code == 409
    assert begun(client, key, LARGEST + 1).status_code == 413
    assert begun(client, "nothing", 10).status_code == 400


def test_somebody_elses_file_is_not_there(cast: Cast, signed_in: SignedIn, key: str) -> None:
    stranger = signed_in(cast.county_supervisor)
    assert stranger.head(f"/phone/files/{key}", headers=VERSION).status_code == 404
    assert patched(stranger, key, b"x", 0).status_code == 404
    assert patched(Client(), key, b"x", 0).status_code == 401


def test_what_is_no_photo_is_refused_by_its_content_and_said_in_the_receipt(cast: Cast, client: Client) -> None:
    said = entry(cast, [SimpleUploadedFile("a.jpg", b"%PDF-1.4 not a photo", "image/jpeg"), photo(1)])
    posted(client, said)
    for one, content in zip(said["files"], (b"%PDF-1.4 not a photo", photo(1).read()), strict=True):
        assert sent(client, one["key"], content).status_code == 204
    answer = client.get(f"/phone/entries/{said['key']}").json()
    assert (answer["complete"], [one["state"] for one in answer["files"]]) == (False, ["refused", "kept"])
    assert answer["files"][0]["sentence"]
    assert not pieces.path_of(PhoneFile.objects.get(order=0).key).exists()


def test_the_same_photo_twice_in_one_entry_is_one_proof(cast: Cast, client: Client) -> None:
    said = entry(cast, [photo(1), photo(1)])
    posted(client, said)
    for one in said["files"]:
        sent(client, one["key"], photo(1).read())
    assert client.get(f"/phone/entries/{said['key']}").json()["complete"] is True
    assert Evidence.objects.count() == 1


def test_pieces_that_a_disk_has_lost_are_asked_for_again(client: Client, key: str, picture: SimpleUploadedFile) -> None:
    content = picture.read()
    patched(client, key, content[:200], 0)
    path = pieces.path_of(PhoneFile.objects.get().key)
    path.write_bytes(path.read_bytes()[:120])
    assert offset_of(client, key) == 120
    sent(client, key, content)
    assert kept().sha256 == hashlib.sha256(content).hexdigest()


def test_a_disk_without_room_is_said_and_the_photo_goes_on_later(
    client: Client, key: str, picture: SimpleUploadedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = picture.read()
    patched(client, key, content[:100], 0)
    with monkeypatch.context() as broken:
        broken.setattr("casework.phones.pieces.os.fsync", lambda _file: (_ for _ in ()).throw(OSError(28, "full")))
        answer = patched(client, key, content[100:], 100)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_full")
    assert offset_of(client, key) == 100
    assert sent(client, key, content[100:]).status_code == 204


def test_what_was_whole_but_could_not_be_kept_is_kept_by_an_empty_piece(
    client: Client, key: str, picture: SimpleUploadedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = picture.read()
    with monkeypatch.context() as broken:
        broken.setattr("django.core.files.storage.default_storage._wrapped", FullStorage(), raising=False)
        answer = sent(client, key, content)
    assert answer.status_code == 503
    assert offset_of(client, key) == len(content)
    assert patched(client, key, b"", len(content)).status_code == 204
    assert kept().sha256 == hashlib.sha256(content).hexdigest()


class FullStorage:
    def exists(self, _name: str) -> bool:
        return False

    def save(self, _name: str, _file: object) -> None:
        raise OSError(28, "No space left on device")


def test_a_file_that_was_under_way_for_too_long_begins_anew(
    client: Client, key: str, picture: SimpleUploadedFile
) -> None:
    content = picture.read()
    patched(client, key, content[:100], 0)
    later = NOW + pieces.KEPT_FOR + timedelta(days=1)
    assert pieces.remove_expired(later) == 1
    assert not pieces.path_of(PhoneFile.objects.get().key).exists()
    with time_machine.travel(later, tick=False):
        client.force_login(Person.objects.get(username="inspector"))
        assert client.head(f"/phone/files/{key}", headers=VERSION).status_code == 410
        assert begun(client, key, len(content)).status_code == 201
        sent(client, key, content)
    assert kept().sha256 == hashlib.sha256(content).hexdigest()


def test_the_server_says_what_it_speaks(client: Client) -> None:
    answer = client.options("/phone/files")
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,checksum,expiration"
    assert (answer["Tus-Max-Size"], answer["Tus-Checksum-Algorithm"]) == (str(LARGEST), "sha256")
