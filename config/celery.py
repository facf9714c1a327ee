"""Celery, and every clock on one page. Beat only says "now"; what is due stands in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("rectification")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # The light turns with the day; ten minutes late is early enough, and a restart just after midnight misses nothing.
    "lights": {"task": "casework.tasks.turn_lights", "schedule": 600.0},
    # Imports and ledgers whose nudge was lost with a worker or a broker.
    "ledgers": {"task": "casework.tasks.finish_ledgers", "schedule": 60.0},
    "imports": {"task": "flows.tasks.finish_imports", "schedule": 60.0},
}
