"""The office's compose file: validated, because it can't be started everywhere."""

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent

# The part of the compose specification that this file uses; anything else is a slip of the pen.
SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "image": {"type": "string"},
        "build": {
            "type": "object",
            "additionalProperties": False,
            "required": ["context"],
            "properties": {"context": {"type": "string"}, "target": {"type": "string"}},
        },
        "user": {"type": "string"},
        "command": {"type": "array", "items": {"type": "string"}},
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "init": {"type": "boolean"},
        "cap_drop": {"type": "array", "items": {"type": "string"}},
        "cap_add": {"type": "array", "items": {"type": "string"}},
        "security_opt": {"type": "array", "items": {"type": "string"}},
        "environment": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
        "networks": {"type": "array", "items": {"type": "string"}},
        "volumes": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+:/"}},
        "ports": {"type": "array", "items": {"type": "string", "pattern": r"^\d+:\d+$"}},
        "stop_grace_period": {"type": "string", "pattern": r"^\d+s$"},
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["condition"],
                "properties": {"condition": {"enum": ["service_healthy", "service_completed_successfully"]}},
            },
        },
        "healthcheck": {
            "type": "object",
            "additionalProperties": False,
            "required": ["test", "interval", "timeout", "retries"],
            "properties": {
                "test": {"type": "array", "minItems": 2},
                "interval": {"type": "string"},
                "timeout": {"type": "string"},
                "retries": {"type": "integer"},
                "start_period": {"type": "string"},
            },
        },
    },
}
SCHEMA = {
    "type": "object",
    "required": ["services", "networks", "volumes"],
    "properties": {"services": {"type": "object", "additionalProperties": SERVICE}},
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return found


def test_the_file_follows_the_specification(compose: dict[str, Any]) -> None:
    jsonschema.validate(compose, SCHEMA)


def test_every_part_of_an_office_is_there(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"prepare", "web", "worker", "beat", "database", "broker", "proxy"}


def test_every_lasting_part_says_whether_it_is_well(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert ("healthcheck" in service) == (name != "prepare"), name


def test_parts_start_when_those_before_are_well(compose: dict[str, Any]) -> None:
    order = {name: set(service.get("depends_on", {})) for name, service in compose["services"].items()}
    assert order == {
        "database": set(),
        "broker": set(),
        "prepare": {"database", "broker"},
        "web": {"prepare"},
        "worker": {"prepare"},
        "beat": {"prepare"},
        "proxy": {"web"},
    }


def test_volumes_and_networks_are_declared(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= set(compose["volumes"])
        assert set(service["networks"]) <= set(compose["networks"])
    assert compose["networks"]["inside"]["internal"] is True


def test_secrets_come_from_the_environment_and_have_no_default(compose: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert re.search(r"SECRET_KEY: \$\{SECRET_KEY:\?", text)
    assert len(re.findall(r"\$\{POSTGRES_PASSWORD:\?", text)) == 2
    assert compose["services"]["web"]["environment"]["DEPLOYMENT"] == "production"


def test_nothing_runs_as_root(compose: dict[str, Any]) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    stages = dockerfile.split("FROM ")[1:]
    for stage in stages:
        if " AS packages" not in stage.splitlines()[0]:
            assert re.search(r"^USER (?!0|root)", stage, re.MULTILINE), stage.splitlines()[0]
    for name in ("database", "broker"):
        assert compose["services"][name]["user"] not in ("", "root", "0")
    for service in compose["services"].values():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_variables_are_those_that_the_settings_read(compose: dict[str, Any]) -> None:
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"(\w+)"', (ROOT / "config" / "settings.py").read_text()))
    elsewhere = {"PORT", "TZ", "WEB_WORKERS"}
    given = set(compose["services"]["web"]["environment"])
    storage = {name for name in given if name.startswith("AWS_")}
    assert given - elsewhere - storage <= read


def test_lock_files_hold_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text and "--index" not in text and "--find-links" not in text
        packages = re.split(r"\n(?=[a-zA-Z0-9])", "\n".join(line for line in text.splitlines() if line[:1] != "#"))
        for package in packages:
            if package.strip():
                assert "==" in package and "--hash=sha256:" in package, package[:60]
