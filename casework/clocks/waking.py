"""Saying "look now" to a worker. What must happen stands in the database, so a nudge may be lost."""

import logging
from typing import Any

from celery import current_app

log = logging.getLogger(__name__)


def wake(task: str, *arguments: Any) -> None:
    """Send a task by its name. With the broker away nothing breaks: the next sweep finds what waits."""
    try:
        current_app.send_task(task, list(arguments))
    except Exception as error:
        log.warning("%s was not asked for: %s", task, type(error).__name__)
