# Each target sets up what it needs: a virtual environment in .venv with the versions of constraints.txt. PYTHON names another interpreter.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet install --constraint constraints.txt

.PHONY: demo test lint clean

# A small portal is served on this machine, crawled, and searched.
demo: .venv/installed
	$(BIN)/newscrawl demo

test: .venv/installed-test
	$(BIN)/python -m pytest

lint: .venv/installed-lint
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

# An interpreter that is too old or lacks its own packages is named before anything is installed.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "newscrawl needs Python 3.11 or later; name one with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
	  { echo "$(PYTHON) can't make virtual environments; install its venv package (Debian: apt install python3-venv)" >&2; exit 1; }
	@echo 'Making .venv and installing into it: about a minute, this once.'
	@$(PYTHON) -m venv .venv

# Stamp files: installed again only when what they depend on has changed.
.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	@$(PIP) --editable .
	@touch $@

.venv/installed-test: .venv/installed
	@$(PIP) --editable '.[test,javascript,web,pandas,polars,remote,jobs]'
	@touch $@

.venv/installed-lint: .venv/installed
	@$(PIP) --editable '.[lint,web,jobs,rabbitmq]'
	@touch $@
