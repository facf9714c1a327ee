"""gunicorn's settings, the same for `make run` and for an office: `python -m gunicorn -c python:config.web_server`."""

import os
import sys

wsgi_app = "config.wsgi"
# A container listens on all of its own addresses; a computer only on the one that nobody else reaches.
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = 4
# Threads begin with requests that have arrived whole, however slowly.
worker_class = "config.buffering_worker.BufferingWorker"
timeout = 60
graceful_timeout = 10
loglevel = "warning"
# Nobody steers this server while it runs, so it needs no socket in the home directory of whoever started it.
control_socket_disable = True


def on_starting(server):
    """Look for the demo's logins before the first request, by whatever road an office starts the web server; load the
    encoder of texts once for all workers, so that nobody waits for it while typing a report.
    """
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.db import connections

    from config.production import refuse_demo_logins
    from recognition.meaning import meanings_of

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        if settings.PRODUCTION:
            django.setup()
            refuse_demo_logins(production=True)
            # The workers are forked from here and must not share this connection.
            connections.close_all()
    except ImproperlyConfigured as reason:
        print(reason, file=sys.stderr)
        sys.exit(2)
    meanings_of(["报告"])
