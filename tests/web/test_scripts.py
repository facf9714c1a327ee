"""How the pages' scripts speak with the server: in one place each, where a line that breaks is an answer and no error."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders


def test_only_what_knows_of_broken_lines_asks_the_server() -> None:
    folder = Path(finders.find("scripts") or "")
    asking = [str(one.relative_to(folder)) for one in folder.rglob("*.js") if re.search(r"\bfetch\(", one.read_text())]
    assert sorted(asking) == ["asking.js", "phone/asking.js"]
