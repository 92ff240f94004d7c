# Fieldhouse. `make demo` to look at it, `make test` to trust it, `make check` before you hand in a change.

SHELL := /bin/sh
VENV  := .venv
BIN   := $(VENV)/bin
PIP   := $(BIN)/python -m pip --disable-pip-version-check -qq
UV    := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
         --custom-compile-command "make lock" pyproject.toml --group setup

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests demo run test check bench bench-search bench-typing lock revision clean

help:
	@sed -n 's/^\([a-z-]*\):.*## /make \1	/p' Makefile | expand -t 20

# $(call set_up,LOCK,STAMP): install what LOCK lists, unless STAMP says that it was done, for this project and this place.
define set_up
	@want="$$(cat $(1) pyproject.toml | cksum) $(CURDIR)"; \
	if [ -x $(BIN)/python ] && [ "$$(cat $(VENV)/$(2) 2>/dev/null)" = "$$want" ]; then exit 0; fi; \
	if ! $(BIN)/python -c "import pip" 2>/dev/null; then \
		found=; for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3); do \
			if $$python -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; \
			then found=$$python; break; fi; done; \
		if [ -z "$$found" ]; then \
			echo "Fieldhouse needs Python 3.11 or newer with its venv module, and found none" \
				"$(or $(PYTHON:%=at %),here). Install it (on Debian: apt-get install python3 python3-venv)," \
				"or name it: make setup PYTHON=/path/to/python3" >&2; exit 1; fi; \
		echo "Making $(VENV) with $$($$found --version)"; \
		$$found -m venv --clear $(VENV) || { \
			echo "The folder $(CURDIR)/$(VENV) cannot be made; may you write to $(CURDIR)?" >&2; exit 1; }; fi; \
	echo "Installing what $(1) lists (about a minute the first time)"; \
	if $(PIP) install --require-hashes --requirement $(1) \
		&& $(PIP) install --no-deps --no-build-isolation --editable .; \
	then echo "$$want" >$(VENV)/$(2); \
	else echo "The packages of $(1) could not be installed; the reason stands above." >&2; exit 1; fi
endef

setup: ## make .venv from requirements.lock; does nothing where nothing has changed
	$(call set_up,requirements.lock,.setup)

setup-tests: setup
	$(call set_up,tests/requirements.lock,.setup-tests)

demo: setup ## build the demo company and start it on this machine; Ctrl-C stops it
	@PORTAL_DEMO=on $(BIN)/portal demo
	@PORTAL_DEMO=on exec $(BIN)/portal run

run: setup ## start the portal with the settings of the environment (see .env.example)
	@exec $(BIN)/portal run

test: setup-tests ## run every test that this machine can; ARGS="tests/core -x" runs some
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

check: setup-tests ## style, strict types, import contracts, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --lint --quiet templates
	@$(BIN)/python -m pytest --quiet --no-header tests/laws/test_templates.py

bench: setup-tests ## measure against the floor
	@if [ -f tests/bench/run.py ]; then $(BIN)/python tests/bench/run.py $(ARGS); \
	else echo "Nothing to run yet: tests/bench/run.py is missing. Floor, tool and peers' figures: ../shared/bench"; fi

bench-search: setup-tests ## measure what search finds and how fast, beside FTS5 and bm25s; ARGS="--sizes 5000" is short
	@$(PIP) install --no-build-isolation --editable ".[bench]" || echo "bm25s could not be had; the table says so." >&2
	@$(BIN)/python -m tests.bench.search $(ARGS)

bench-typing: setup-tests ## measure from a keystroke to painted results, in a browser on the demo company
	@$(BIN)/python -m tests.bench.keystrokes $(ARGS)

lock: setup-tests ## write both lock files anew from pyproject.toml, keeping versions; ARGS=--upgrade takes the newest
	@test -x $(BIN)/uv || $(PIP) install uv
	$(UV) $(ARGS) --output-file requirements.lock
	$(UV) $(ARGS) --extra test --constraints requirements.lock --no-annotate --output-file tests/requirements.lock

revision: setup ## draft the next migration from the models: make revision WHY="Give stories a deal size"
	@test -n "$(WHY)" || { echo 'Say why: make revision WHY="Give stories a deal size"' >&2; exit 1; }
	@cd "$(CURDIR)" && folder=$$(mktemp -d) && $(BIN)/python -c "import sys; from portal.core import migrating; \
		migrating.upgrade(sys.argv[1]); migrating.draft(*sys.argv[1:])" "sqlite:///$$folder/draft.db" "$(WHY)"; \
		rm -r "$$folder"

clean: ## remove what was built; keeps the data in var/
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find portal tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +
