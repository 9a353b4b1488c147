# One way in. `make help` lists everything; `make check-all` is what CI runs.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
.DEFAULT_GOAL := help

# More processes than cores: many tests wait, for a time limit, a browser, or a process that starts.
SPREAD := -n 4 --dist worksteal

.PHONY: help install run test check check-all lint types contracts bench planted planted-postgres clean lock

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

install: $(VENV)/.production ## a .venv that can run everything

run: install ## install, make the database, load the demonstration bank, start everything
	@$(BIN)/python app.py

test: $(VENV)/.development ## install what tests need, and run them (SQLite, PostgreSQL, browser where there is one)
	@echo "== tests"
	@$(BIN)/python -m pytest $(SPREAD)

check: lint types contracts test ## before every commit: lint, types, import contracts, tests

check-all: check ## what CI runs: check, and what test leaves out (journeys on PostgreSQL, conformance, more examples of properties)
	@echo "== the tests that make test leaves out"
	@$(BIN)/python -m pytest $(SPREAD) -m 'whole or hypothesis' --hypothesis-profile=whole

lint: $(VENV)/.development ## ruff
	@echo "== lint"
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.development ## mypy, strict, tests too
	@echo "== types"
	@$(BIN)/mypy .

contracts: $(VENV)/.development ## who may import whom
	@echo "== import contracts"
	@$(BIN)/lint-imports

bench: $(VENV)/.development ## measure, and write docs/benchmarks.md
	@$(BIN)/python -m bench

planted: $(VENV)/.development ## plant bugs, see the tests catch them, and write docs/planted-bugs.md
	@$(BIN)/python -m tests.planted

planted-postgres: $(VENV)/.development ## plant them again, for the tests on PostgreSQL
	@$(BIN)/python -m tests.planted --postgres

lock: ## pin the requirements anew
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements-dev.in -c requirements.txt -o requirements-dev.txt

clean: ## remove the installation and the embedded database
	rm -rf $(VENV) var

# A stamp is written last, so an interrupted installation is done again from the start.
$(VENV)/.uv: Makefile
	@echo "== installing into $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; try make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@rm -rf $(VENV) && { $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv, then again: make $(MAKECMDGOALS)"; exit 1; }; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) || echo "   (uv is not to be had here; pip does it, slower)"
	@touch $@

$(VENV)/.production: $(VENV)/.uv requirements.txt
	@echo "== installing what the hotline needs"
	@$(call sync,requirements.txt)
	@touch $@

$(VENV)/.development: $(VENV)/.production requirements-dev.txt
	@echo "== installing what tests need"
	@$(call sync,requirements-dev.txt)
	@touch $@

define sync
if [ -x $(BIN)/uv ] && $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); then true; \
else echo "   (with pip, which is slower)"; $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi
endef
