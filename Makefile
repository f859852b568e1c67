# make train | test | check | bench: each makes .venv and installs what it needs if that is missing.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help train test check format bench results notebooks clean

help:
	@echo "make train   train a digit network on the bundled MNIST and say how good it is"
	@echo "make test    run the tests"
	@echo "make check   check style, types and links"
	@echo "make format  put the code in its standard form"
	@echo "make bench   measure tenfold beside its peers, and write docs/benchmarks.md"
	@echo "make results train our recipes over several seeds, and fill docs/results.md (LONG=1: all, hours)"
	@echo "make notebooks  execute the notebooks, and keep what they show"
	@echo "make clean   remove .venv and caches (runs/ stays)"

train: .venv/plots
	@$(BIN)/tenfold train

test: .venv/dev
	@$(BIN)/pytest

check: .venv/dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python docs/link_lines.py

format: .venv/dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/python docs/link_lines.py --fix

bench: .venv/bench
	@$(BIN)/python -m benchmarks.run

results: .venv/plots
	@$(BIN)/python -m experiments.measure_recipes $(if $(LONG),--all)

notebooks: .venv/dev
	@$(BIN)/python notebooks/execute.py

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("tenfold needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; try: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	@echo "Making .venv ..."
	@$(PYTHON) -m venv .venv

.venv/plots .venv/dev: .venv/%: pyproject.toml | .venv/bin/python
	@echo "Installing tenfold[$*] into .venv ..."
	@$(PIP) --editable '.[$*]'
	@touch $@

# PyTorch is pinned: a plain "torch" brings gigabytes of GPU libraries on some machines.
.venv/bench: pyproject.toml | .venv/bin/python
	@echo "Installing tenfold[bench] into .venv ..."
	@$(PIP) 'torch==2.13.0'
	@$(PIP) --editable '.[bench]'
	@touch $@
