# Everything that is needed to run, test and check the tracker. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help run stop status test soak lint format bench assets environment environment-dev

PORT ?= 8000
PYTHON ?=
ARGS ?=
# Processes that run tests: one for each core, but no more than this, since each has a database of its own.
N ?= 4

VENV_PYTHON := .venv/bin/python

# The Python that was named, else the newest that is known to work, else any python3 that is new enough.
define PREPARE
	@for candidate in $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3); do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "$(if $(PYTHON),$(PYTHON) is not a Python 3.11 or later that runs,No Python 3.11 or later was found): install one (on Debian or Ubuntu: apt install python3 python3-venv), or name it, as in: make run PYTHON=/usr/bin/python3.11" >&2; \
	  exit 1; \
	fi; \
	"$$found" -I config/environment.py $(1) $(if $(PYTHON),--this-python)
endef

help: ## Show this list
	@sed -n -E 's/^([a-z-]+):.*## (.*)/\1 \2/p' $(MAKEFILE_LIST) | while read -r target text; do printf '  make %-8s %s\n' "$$target" "$$text"; done
	@printf '\n  Variables: PORT=8000  PYTHON=/usr/bin/python3.11  N=4 (test processes)  ARGS="--reset" or pytest arguments\n'

run: assets ## Start the site on 127.0.0.1 with everything it needs; Ctrl-C stops it (ARGS=--reset deletes its data first)
	@exec $(VENV_PYTHON) -m config.supervisor run --port '$(PORT)' $(ARGS)

stop: environment ## Stop a site that runs in another terminal
	@$(VENV_PYTHON) -m config.supervisor stop

status: environment ## Say whether the site runs, and where
	@$(VENV_PYTHON) -m config.supervisor status

test: environment-dev assets ## Run all tests in parallel (ARGS="-k journey" and the like are passed on)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || [ -n "$$TRACKER_BROWSER" ] || \
	  echo "No Chromium was found, so the browser journeys are skipped; to run them: apt install chromium"
	@$(VENV_PYTHON) -m pytest -n logical --maxprocesses $(N) --dist loadgroup $(ARGS)

soak: environment-dev assets ## Run the long versions of the tests of races, kills and random edits (about half an hour)
	@TRACKER_LONG=1 $(VENV_PYTHON) -m pytest -n 0 tests/policies/actions/test_racing_saves.py \
	  tests/config/test_kills.py tests/tracker/actions/test_state_machine.py $(ARGS)

lint: environment-dev ## Check style, import contracts, templates and migrations
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	.venv/bin/lint-imports
	$(VENV_PYTHON) -m djlint templates --lint --quiet --profile=jinja
	$(VENV_PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

format: environment-dev ## Put all Python files into the common format
	$(VENV_PYTHON) -m ruff check --fix .
	$(VENV_PYTHON) -m ruff format .

bench: environment-dev assets ## Measure speed and print the figures
	@$(VENV_PYTHON) -m benchmarks $(ARGS)

assets: environment ## Fetch and prepare the design system's styles and scripts
	@$(VENV_PYTHON) -m config.assets

environment:
	$(call PREPARE,run)

environment-dev:
	$(call PREPARE,dev)
