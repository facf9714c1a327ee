# The way in: each target is one thing a person wants. PORT=, DATA_DIR=, DATABASE_URL= and REDIS_URL= behind a command
# reach the programs as environment variables; make exports what stands on its command line.

.DEFAULT_GOAL := help
.PHONY: help run setup test check bench mutants format messages lock clean packages development-packages

# The first Python that is new enough; plain python3 where there is none, because config/bootstrap.py says what is wrong.
SYSTEM_PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && exit; done; echo python3)
PYTHON := .venv/bin/python
UV ?= uv

help:
	@echo "make run       start everything on http://127.0.0.1:8000 (PORT= and DATA_DIR= choose others)"
	@echo "make setup     only prepare: packages, tables, the demo city, static files"
	@echo "make test      the whole suite, on SQLite and then on PostgreSQL and Redis where they answer (ARGS= for pytest)"
	@echo "make check     style, floors, types, translations, migrations"
	@echo "make bench     measure, on PostgreSQL and Redis"
	@echo "make mutants   change the code in 60 small ways, and count what the tests notice (ARGS=\"--sample 200 --room ladder\")"
	@echo "make format    lay the code out"
	@echo "make messages  bring the translation catalogue up to date"
	@echo "make lock      resolve the packages anew (needs uv)"
	@echo "make clean     remove what tests and checks leave behind; the data and .venv stay"

run: packages
	@exec $(PYTHON) -m config.run

setup: packages
	@$(PYTHON) -m config.run --prepare

test: development-packages
	@$(PYTHON) -m config.testing $(ARGS)

check: development-packages
	@$(PYTHON) -m config.checks

bench: development-packages
	@$(PYTHON) -m config.testing --benchmarks $(ARGS)

mutants: development-packages
	@$(PYTHON) -m config.mutants $(ARGS)

format: development-packages
	@$(PYTHON) -m ruff check --fix --quiet . ; $(PYTHON) -m ruff format .

messages: development-packages
	@$(PYTHON) -m config.translations update

lock:
	@command -v $(UV) >/dev/null || { echo "make lock needs uv, and it is not installed." >&2; exit 2; }
	@for target in "-o requirements.lock" "--group dev -o requirements-dev.lock"; do \
		$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
			-q pyproject.toml $$target >/dev/null || exit 2; \
	done

clean:
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage .mutants
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

packages:
	@command -v $(SYSTEM_PYTHON) >/dev/null || { echo "Python 3.11 or later is needed, and no python3 was found." >&2; exit 2; }
	@$(SYSTEM_PYTHON) config/bootstrap.py

development-packages:
	@command -v $(SYSTEM_PYTHON) >/dev/null || { echo "Python 3.11 or later is needed, and no python3 was found." >&2; exit 2; }
	@$(SYSTEM_PYTHON) config/bootstrap.py --dev
