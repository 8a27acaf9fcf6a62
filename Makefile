# Sets up, starts and checks Backscope. `make` alone lists what it can do.

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
PYTEST_ARGS ?=
JOBS ?= 2

BIN := $(VENV)/bin
SETUP := PYTHON="$(PYTHON)" VENV="$(VENV)" sh resources/setup.sh
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test lint format types imports pytest soak bench coverage clean \
	packages-run packages-test packages-bench

help: ## list these commands
	@echo 'Backscope: a debugger for gradient descent and backpropagation'
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: packages-run $(VENV)/.installed-run ## set up what is missing and start (ARGS="train --out out")
	@$(BIN)/python main.py $(ARGS)

test: packages-test $(VENV)/.installed-test ## set up what is missing, then every check and every test
	@$(MAKE) --no-print-directory --keep-going lint pytest

lint: packages-test $(VENV)/.installed-test ## ruff, mypy and import-linter
	@$(MAKE) --no-print-directory --keep-going format types imports

format: $(VENV)/.installed-test
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

types: $(VENV)/.installed-test
	$(BIN)/python -m mypy

imports: $(VENV)/.installed-test
	$(BIN)/lint-imports --no-logo

pytest: $(VENV)/.installed-test
	$(PYTEST) -n $(JOBS) --durations=10 $(PYTEST_ARGS)

soak: packages-test $(VENV)/.installed-test ## the long tests with their full counts
	$(PYTEST) -m soak --timeout=3600 $(PYTEST_ARGS)

coverage: packages-test $(VENV)/.installed-test ## the tests with a table of the lines they miss
	$(PYTEST) -n $(JOBS) --cov --cov-report=term $(PYTEST_ARGS)

bench: packages-bench $(VENV)/.installed-bench ## every measured ratio beside its peer
	@$(BIN)/python -m benchmarks $(ARGS)

clean: ## remove the virtual environment and all caches
	rm -rf $(VENV) build dist *.egg-info .coverage* htmlcov
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

packages-run packages-test packages-bench: packages-%:
	@$(SETUP) packages $*

$(VENV)/.installed-%: pyproject.toml constraints.txt
	@$(SETUP) install $*
