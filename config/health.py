"""Says by its exit code whether a container is well: `python -I config/health.py web` or `beat`. Standard library only,
because it runs every few seconds for years.
"""

import http.client
import os
import sys
import time
from pathlib import Path

# Beat writes its schedule every three minutes.
BEAT_SILENCE_ALLOWED = 600


def main(part: str) -> int:
    well = {"web": web_answers, "beat": beat_is_counting}[part]()
    return 0 if well else 1


def web_answers() -> bool:
    """Ask as the site's own name: Django refuses names that are not in ALLOWED_HOSTS."""
    site = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip()
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=5)
    try:
        connection.request("GET", "/health", headers={"Host": site})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def beat_is_counting() -> bool:
    # The database library behind the schedule decides on the ending of its name.
    schedules = Path(os.environ["DATA_DIR"]).glob("beat-schedule*")
    return any(time.time() - schedule.stat().st_mtime < BEAT_SILENCE_ALLOWED for schedule in schedules)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
