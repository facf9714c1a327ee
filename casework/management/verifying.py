"""How the verifying commands print and end."""

import json
from collections.abc import Iterable
from typing import Any

from casework.proofs.verification import Flaw


def report(found: Iterable[Flaw | None], *, as_json: bool, out: Any) -> int:
    """Print each flaw and the sum; gives the exit code, 1 when there is a flaw."""
    held, flaws = 0, []
    for flaw in found:
        if flaw is None:
            held += 1
            continue
        flaws.append(flaw)
        if not as_json:
            out.write(f"{flaw.where}: {flaw.what}\n")
    if as_json:
        out.write(json.dumps({"held": held, "flaws": [{"where": f.where, "what": f.what} for f in flaws]}) + "\n")
    else:
        out.write(f"{held} held, {len(flaws)} did not\n")
    return 1 if flaws else 0
