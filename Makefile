# The commands of the project; `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Of a project whose modules are not kept compiled, every process compiles them once more.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed.stamp
TRACKERS_VENV := .venv-trackers
TRACKERS_STAMP := $(TRACKERS_VENV)/installed.stamp
EXAMPLE := backend/data/example_pilot.yaml

# The first interpreter that is new enough; `make PYTHON=/path/to/python ...` picks another.
PYTHON_CANDIDATES := python3 python3.11 python3.12 python3.13 python3.14 python

.PHONY: help setup run compose demo test accessibility proxy caddy chromium libreoffice postgresql teams machines ray trackers lint format schemas faults slow screenshots bench bench-api bench-worker findings projection calibration exports

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: $(STAMP) ## create or refresh .venv from requirements.lock
	@:

$(STAMP): requirements.lock pyproject.toml
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
		for candidate in $(PYTHON_CANDIDATES); do \
			if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
			then python="$$candidate"; break; fi; \
		done; \
	fi; \
	if [ -z "$$python" ] \
		|| ! "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		echo "Paybatch needs Python 3.11 or newer$${python:+; $$python is not that}." \
			"Install it, or name one: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; \
		exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$("$$python" --version)"; \
	"$$python" -m venv $(VENV) || { \
		echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; \
		exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

run: setup ## start API, page and a worker, print one link, stop all on Ctrl-C
	$(BIN)/python -m backend.cli up

compose: .env ## the same in containers
	docker compose up --build --detach --wait
	docker compose exec backend paybatch open

.env:
	@umask 077; for secret in REGISTRATION_TOKEN DATABASE_PASSWORD; do \
		echo "PAYBATCH_$$secret=$$(od -An -vtx1 -N32 /dev/urandom | tr -d ' \n')"; done > $@

demo: setup ## run the example pilot on real data and write its results into out/
	$(BIN)/python -m backend.cli pilot run $(EXAMPLE) --out out --overwrite --reports

lint: setup ## style, types and import rules
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-cache

format: setup ## let ruff repair what it can
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

test: setup chromium libreoffice postgresql caddy $(TRACKERS_STAMP) lint ## everything that CI runs
	$(BIN)/python -m pytest -n 2 --dist loadfile
	$(BIN)/python -m pytest -n 2 --dist loadfile -m postgres
	$(BIN)/python -m pytest -m browser
	$(BIN)/python -m pytest -m spreadsheet
	$(BIN)/python -m pytest -m proxy
	$(BIN)/python -m pytest -m trackers
	$(BIN)/python -m pytest -m "ray and not slow" tests/faults
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "faults and not slow and not alone" tests/faults
	$(BIN)/python -m pytest -m "faults and not slow and alone" tests/faults

accessibility: setup chromium ## every page in each language and theme against WCAG 2.2 AA
	$(BIN)/python -m pytest -m accessibility

proxy: setup caddy chromium ## page and API behind the proxy of the containers
	$(BIN)/python -m pytest -m proxy

caddy: setup # the proxy that the tests go through
	@$(BIN)/python -m tests.proxy.caddy

chromium: setup # the browser and the fonts that the tests of the pages need
	@$(BIN)/python -m tests.browser.chromium

libreoffice: setup # the spreadsheet that the tests compare money with
	@$(BIN)/python -m tests.spreadsheet.libreoffice

# What takes longest begins first. Each of them waits at times: three at once keep two cores busy.
LONGEST_FAULTS := $(addprefix tests/faults/test_,nothing_acknowledged_is_lost.py restarts.py \
	api_outage.py state_machine.py schema_is_kept.py one_worker_a_run.py)
FAULTY := $(LONGEST_FAULTS) $(filter-out $(LONGEST_FAULTS),$(wildcard tests/faults/test_*.py)) \
	tests/faults/runs tests/worker/training/test_resume.py

postgresql: setup # the server that the tests keep a team's installation in
	@$(BIN)/python -m tests.support.postgres

teams: setup postgresql ## every test of the API again, its database in PostgreSQL
	$(BIN)/python -m pytest -n 2 --dist loadfile --database postgresql tests/backend

slow: setup postgresql ## what takes long and strikes nothing, and 2,000 examples of the queue's model
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "slow and not (faults or alone or ray)" \
		tests/contract tests/backend tests/worker tests/paybatch
	$(BIN)/python -m pytest -n 2 -m "faults or slow" --thorough tests/faults/test_state_machine.py

faults: setup postgresql ## every promise: kill, freeze and starve what must survive it
	$(BIN)/python -m pytest -n 3 --dist loadfile --durations=25 \
		-m "(faults or slow) and not (alone or ray)" --whole $(FAULTY)
	$(BIN)/python -m pytest -m "(faults or slow) and alone" --whole tests/faults

machines: setup postgresql ## the example pilot by two workers in two networks, one killed midway
	$(BIN)/python -m pytest -m machines --whole tests/faults

ray: setup ## seats on a cluster of Ray on this computer: devices, adoption, kills in turn
	$(BIN)/python -m pytest -m ray tests/faults

schemas: setup ## write docs/review.schema.json and docs/formats from the code
	$(BIN)/python -m backend.cli schema --all docs/formats

screenshots: setup chromium ## remake the pictures of README and guides from a real example pilot
	$(BIN)/python -m tests.browser.screenshots

BENCH_VENV := .venv-bench
BENCH_STAMP := $(BENCH_VENV)/installed.stamp

bench-worker: $(BENCH_STAMP) ## the worker against plain loops, trackers and frameworks
	$(BENCH_VENV)/bin/python -m benchmarks.bench_worker

# Other people's trackers stay out of .venv: their pins are not ours.
$(BENCH_STAMP): requirements-bench.lock | setup
	$(BIN)/python -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

EXPORTS_VENV := .venv-exports
EXPORTS_STAMP := $(EXPORTS_VENV)/installed.stamp

exports: setup $(EXPORTS_STAMP) ## exported schedules, each trained in the framework that it is for
	$(BIN)/python -m pytest -m frameworks

$(EXPORTS_STAMP): requirements-exports.lock | setup
	$(BIN)/python -m venv $(EXPORTS_VENV)
	$(EXPORTS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

trackers: setup $(TRACKERS_STAMP) ## pilots exported to and runs imported from real trackers
	$(BIN)/python -m pytest -m trackers

$(TRACKERS_STAMP): requirements-trackers.lock | setup
	$(BIN)/python -m venv $(TRACKERS_VENV)
	$(TRACKERS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

findings: setup ## train everything behind docs/findings.md again, about 15 minutes
	$(BIN)/python -m benchmarks.findings

projection: setup ## write docs/projection.md: published trainings against the projection
	$(BIN)/python -m benchmarks.projection

calibration: setup ## judge simulated pilots whose truth is known, write docs/calibration.md
	$(BIN)/python -m benchmarks.calibration

bench-api: setup ## the API beside a bare app, and every route at 10,000 runs and 10 million points
	$(BIN)/python -m benchmarks.bench_api
	$(BIN)/python -m benchmarks.bench_load

bench: setup chromium ## side-by-side measurements; each prints its ratio
	@for benchmark in benchmarks/bench_*.py; do \
		$(BIN)/python -m "benchmarks.$$(basename "$$benchmark" .py)"; \
	done
