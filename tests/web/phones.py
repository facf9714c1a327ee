"""A phone's side of the wire: an entry as the page makes it, and photos by the tus protocol."""

import base64
import hashlib
import json
from typing import Any
from uuid import uuid4

from django.test import Client

from tests.cast import Cast
from tests.walk import TODAY

OFFSETS = "application/offset+octet-stream"
VERSION = {"Tus-Resumable": "1.0.0"}


def entry(cast: Cast, photos: Any = (), **values: Any) -> dict[str, Any]:
    files = []
    for picture in photos:
        content = picture.read()
        picture.seek(0)
        sha256 = hashlib.sha256(content).hexdigest()
        files.append(
            {"key": str(uuid4()), "name": picture.name, "size": len(content), "sha256": sha256, "original": None}
        )
    return {
        "key": str(uuid4()),
        "entered_at": "2026-03-02T01:00:00Z",
        "values": {
            "village": cast.willow.code,
            "description": "明白墙没有雨棚,公开栏被雨水冲刷。",
            "found_on": TODAY.isoformat(),
            **values,
        },
        "files": files,
    }


def posted(client: Client, said: dict[str, Any]) -> Any:
    return client.post("/phone/entries", json.dumps(said), content_type="application/json")


def begun(client: Client, key: str, size: int) -> Any:
    meta = "key " + base64.b64encode(key.encode()).decode()
    return client.post("/phone/files", headers={**VERSION, "Upload-Length": str(size), "Upload-Metadata": meta})


def offset_of(client: Client, key: str) -> int:
    return int(client.head(f"/phone/files/{key}", headers=VERSION).headers["Upload-Offset"])


def patched(client: Client, key: str, piece: bytes, offset: int, **headers: str) -> Any:
    checksum = "sha256 " + base64.b64encode(hashlib.sha256(piece).digest()).decode()
    said = {**VERSION, "Content-Type": OFFSETS, "Upload-Offset": str(offset), "Upload-Checksum": checksum, **headers}
    return client.patch(f"/phone/files/{key}", piece, content_type=said["Content-Type"], headers=said)


def sent(client: Client, key: str, content: bytes) -> Any:
    """All that is not there yet, as one piece."""
    offset = offset_of(client, key)
    return patched(client, key, content[offset:], offset)
