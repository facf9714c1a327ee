"""Celery. Every clock stands in `config/clocks.py`."""

import os
from typing import Any

import django
from celery import Celery
from django.apps import apps
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Numpy reads it once, when it is loaded. What is multiplied here is small, a sentence at a time, in a process beside
# others: with a thread for each core most of the time went into waiting for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
TRANSPORT_ALIASES["filesystem"] = "config.broker:Transport"

app = Celery("rectification")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def set_clocks(sender: Celery, **_: Any) -> None:
    """Once the applications are there, which the clocks are imported from."""
    if not apps.ready:
        django.setup()
    from config.clocks import schedule

    sender.conf.beat_schedule = schedule()
