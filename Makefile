# Everything a person or a machine does with this checkout; `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest

# Trust what the machine trusts: company networks have certificates of their own.
export UV_SYSTEM_CERTS := 1

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run demo check test test-slow test-domain audit snapshots bench docs lock

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.uv: requirements-setup.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
	@touch $@

$(VENV)/.ready: $(VENV)/.uv requirements.lock pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.ready ## Install what running needs, into .venv
setup-dev: $(VENV)/.ready-dev ## Install what testing needs too

run: setup ## Run the site and the worker on the private database
	$(BIN)/entente up

demo: setup ## Build the demo world, do the main job on it, serve it until Ctrl-C
	$(BIN)/entente demo $(ARGS)

test: setup-dev ## The fast tests
	$(PYTEST) -m "not slow" -n 2

test-domain: setup-dev ## Calculations only, with Django's import blocked
	$(PYTEST) -o addopts="-q --strict-markers --import-mode=importlib" -p no:django -p entente.foundation.no_django \
		--noconftest --doctest-modules src/entente/*/tests/domain src/entente/*/domain

test-slow: setup-dev ## Races, kills, generated cases
	$(PYTEST) -m slow -n 2 --dist loadfile

check: setup-dev ## Format, lint, types, imports, architecture, migrations, docs
	$(BIN)/ruff format --check src config tests bench conftest.py
	$(BIN)/ruff check src config tests bench conftest.py
	$(BIN)/mypy src config
	$(BIN)/lint-imports --no-cache
	$(PYTEST) tests/architecture
	DJANGO_SETTINGS_MODULE=config.settings $(BIN)/python -W ignore -m django makemigrations --check --dry-run
	$(BIN)/entente gate lint
	$(MAKE) docs

docs: setup-dev ## Build the documentation; a warning is an error
	$(BIN)/python -m docs_build.generate --check
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --site-dir site

audit: setup-dev ## Look up known faults of the dependencies; says loudly when it cannot
	$(BIN)/python -m docs_build.audit

snapshots: setup-dev ## Write generated documents anew; read the difference before committing
	$(BIN)/python -m docs_build.generate
	$(BIN)/python -m docs_build.messages

bench: setup-dev ## Measure, beside a named peer, in one run
	for each in bench/*.py; do $(BIN)/python $$each || exit 1; done

lock: ## Resolve the dependencies anew
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --extra dev -o requirements-dev.lock pyproject.toml
	echo uv | $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url -o requirements-setup.lock -
