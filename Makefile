# Two commands for everybody: `make demo` and `make test`. They set up .venv first, once.
#
#   make demo    simulate a trade world, rank its routes, write one HTML report, say where it is
#   make test    what CI runs: format, lint, types, tests and checks of the documentation
#   make quick   a part of the tests, in under a minute
#   make setup   the environment of the core alone; `make setup-dev` adds the tools of development
#   make reference write docs/reference.md anew from the code
#   make picture the README's picture anew, from the demo's report (needs chromium)
#   make pins    write constraints.txt anew from what .venv holds
#   make clean   remove .venv and what tools leave behind

PYTHON ?= python3
ENTREPOT_DEMO_OUT ?= demo
export ENTREPOT_DEMO_OUT

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
# The build tool is pinned as well, so the package is not built in an environment of its own. Nothing is compiled ahead:
# most of what comes along is never imported.
INSTALL := $(PIP) install --no-compile --no-build-isolation --constraint constraints.txt --editable

QUICK := tests/codes tests/contract tests/report tests/lake/test_store.py tests/sources/test_flows.py

.DELETE_ON_ERROR:
.PHONY: demo test types tests quick setup setup-dev reference picture pins clean

demo: setup
	@$(BIN)/python -m entrepot demo --out "$$ENTREPOT_DEMO_OUT"
	@echo "Open $$(cd "$$ENTREPOT_DEMO_OUT" && pwd)/report.html"

# Types are looked at beside the tests; what either finds fails the whole.
test: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@$(MAKE) --no-print-directory --jobs 2 types tests

types:
	$(BIN)/mypy --strict

tests:
	$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder

quick: setup-dev
	@$(BIN)/python -m pytest -m "not slow" $(QUICK)

setup: .venv/core.stamp

setup-dev: .venv/dev.stamp

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Entrepot needs Python 3.11 or newer. Name one: make PYTHON=python3.12"; exit 1; } >&2
	@$(PYTHON) -m venv .venv

.venv/core.stamp: pyproject.toml constraints.txt | .venv/bin/python
	@echo "installing Entrepot into .venv, once ..." >&2
	@$(PIP) install --constraint constraints.txt hatchling editables
	@$(INSTALL) .
	@touch $@

.venv/dev.stamp: pyproject.toml constraints.txt | .venv/core.stamp
	@echo "installing the tools of development, once ..." >&2
	@$(PIP) install --constraint constraints.txt setuptools
	@$(INSTALL) '.[articles,desk,dev,postgres,spark,web]'
	@touch $@

reference: setup-dev
	@$(BIN)/python -m tests.contract.reference

picture: demo
	chromium --headless=new --no-sandbox --disable-gpu --hide-scrollbars --window-size=1100,1240 \
	  --screenshot=docs/images/report.png "file://$$(cd "$$ENTREPOT_DEMO_OUT" && pwd)/report.html"

pins: setup-dev
	@{ sed -n 1p constraints.txt; $(BIN)/python -m pip --disable-pip-version-check freeze --all --exclude pip \
	  --exclude-editable; } \
	  > .venv/pins && cp .venv/pins constraints.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
