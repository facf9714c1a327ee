"""Celery, and every clock on one page. Beat only says "now"; what is due stands in the database."""

import os
from typing import Any

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("rectification")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def set_clocks(sender: Celery, **_: Any) -> None:
    """Once the settings are there."""
    sender.conf.beat_schedule = {
        # What is due stands in the database, so a minute that nobody swept is swept with the next one.
        "sweep": {"task": "casework.tasks.sweep", "schedule": settings.SWEEP_EVERY},
        # The outbox; a crowd of messages is sent by further tasks, one a channel.
        "announce": {"task": "notifications.tasks.announce", "schedule": settings.ANNOUNCE_EVERY},
        # Imports and ledgers whose nudge was lost with a worker or a broker.
        "ledgers": {"task": "casework.tasks.finish_ledgers", "schedule": 60.0},
        "imports": {"task": "flows.tasks.finish_imports", "schedule": 60.0},
    }
