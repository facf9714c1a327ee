# Two images from one file: `application` (web, worker, beat and the one that prepares) and `proxy`. Neither runs as root.

FROM python:3.12-slim-bookworm AS packages
COPY requirements.lock .
RUN python -m venv /opt/rectification \
    && /opt/rectification/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock

FROM python:3.12-slim-bookworm AS application
# What sets the type of letters, and a face that has the rare characters of village names.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
# Fixed numbers, so that a volume keeps its owner over every later image.
RUN groupadd --gid 10001 rectification \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin rectification \
    && install -d -o rectification -g rectification /data /data/files
COPY --from=packages /opt/rectification /opt/rectification
WORKDIR /srv/rectification
COPY . .
ENV PATH=/opt/rectification/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data HOST=0.0.0.0
# The code belongs to root and the program is not root: it can't rewrite itself. So the catalogues are compiled here.
RUN python -m config.translations compile
USER 10001:10001
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "--config", "python:config.web_server"]

FROM caddy:2-alpine AS proxy
# Folders of its own, so that a new volume begins with the right owner; ports above 1023 need no privilege.
ENV XDG_DATA_HOME=/var/lib/proxy/data XDG_CONFIG_HOME=/var/lib/proxy/config
RUN mkdir -p /var/lib/proxy/data /var/lib/proxy/config && chown -R 10002:10002 /var/lib/proxy
COPY config/proxy/Caddyfile /etc/caddy/Caddyfile
USER 10002:10002
EXPOSE 8080 8443
