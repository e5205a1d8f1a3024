# Two commands matter: `make demo` and `make test`. Both prepare what they need; `make help` lists the others.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PO := $(wildcard hub/locale/*/LC_MESSAGES/django.po)
MO := $(PO:.po=.mo)
PORT ?= 8000
PYTEST := $(BIN)/python -m pytest --quiet --durations 10
# Four processes, each with servers of its own: some wait while others work. The tests of a file stay together; tests/servers.py says which come first.
AT_ONCE := --numprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: help demo test lint bench setup setup-dev system messages lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: setup ## two towns on http://127.0.0.1:8000; Ctrl-C stops it
	@exec $(BIN)/hub demo --port $(PORT)

test: setup-dev system ## the whole suite, with its own PostgreSQL and Redis
	@failed=0; said=$$(mktemp); \
	echo "== PostgreSQL and Redis"; \
	$(PYTEST) $(AT_ONCE) tests --ignore tests/faults || failed=1; \
	echo "== Faults, which wait more than they work; meanwhile what has to hold on SQLite, in process"; \
	PARVIS_TEST_STORE=sqlite nice -n 19 $(PYTEST) $(AT_ONCE) -m both_stores >$$said 2>&1 & sqlite=$$!; \
	$(PYTEST) --numprocesses 3 tests/faults || failed=1; \
	echo "== SQLite, in process"; \
	wait $$sqlite || failed=1; cat $$said; rm -f $$said; \
	exit $$failed

lint: setup-dev system ## every rule that a program can check
	.ci/lint

bench: setup-dev ## what is measured, and against whom
	$(BIN)/python -m bench

setup: .venv/ready $(MO) ## the Python environment in .venv/, from the lock

setup-dev: .venv/ready-dev $(MO) ## the same, with what tests and linters need

system: .venv/ready-dev ## what Debian brings for tests: Chromium, gettext, Dovecot
	@.ci/system

.venv/python:
	@test -n "$(PYTHON)" || { echo "Parvis needs Python 3.11 or newer; install it, or name it: make PYTHON=…"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/ready: .venv/python requirements.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

%.mo: %.po | .venv/ready
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@ --locale $(notdir $(patsubst %/,%,$(dir $(patsubst %/,%,$(dir $<)))))

messages: setup-dev system ## bring hub/locale up to date with the code
	$(BIN)/hub makemessages --locale en --no-location --no-obsolete --ignore tests --ignore bench

lock: .venv/ready-dev ## resolve the dependencies of pyproject.toml anew
	.ci/lock

clean: ## away with everything that can be made again; the data of .parvis/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info $(MO)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
