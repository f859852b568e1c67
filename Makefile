# make train | test | check | ...: each makes .venv and installs what it needs if that is missing.
ifeq ($(OS),Windows_NT)
  PYTHON ?= python
  BIN := .venv/Scripts
  VENV_PYTHON := $(BIN)/python.exe
else
  PYTHON ?= python3
  BIN := .venv/bin
  VENV_PYTHON := $(BIN)/python
endif
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help train test check format bench results notebooks clean

help:
	@echo "make train      train a network on the bundled MNIST and print its accuracy"
	@echo "make test       run the tests"
	@echo "make check      check style, types and links"
	@echo "make format     format the code and correct links to lines of code"
	@echo "make bench      compare the speed with other libraries, and write docs/benchmarks.md"
	@echo "make results    train our recipes over several seeds, and fill docs/results.md (LONG=1: all, hours)"
	@echo "make notebooks  execute the notebooks and store their output"
	@echo "make clean      remove .venv and caches (runs/ stays)"

train: .venv/plots
	@$(BIN)/tenfold train

test: .venv/dev
	@$(BIN)/pytest -n auto --dist worksteal

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

$(VENV_PYTHON):
	@$(PYTHON) -c 'import sys; sys.exit("tenfold needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; try: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	@echo "Making .venv ..."
	@$(PYTHON) -m venv .venv

.venv/plots .venv/dev: .venv/%: pyproject.toml | $(VENV_PYTHON)
	@echo "Installing tenfold[$*] into .venv ..."
	@$(PIP) --editable '.[$*]'
	@touch $@

# PyTorch is pinned: a plain "torch" installs gigabytes of GPU libraries on some machines.
.venv/bench: pyproject.toml | $(VENV_PYTHON)
	@echo "Installing tenfold[bench] into .venv ..."
	@$(PIP) 'torch==2.13.0'
	@$(PIP) --editable '.[bench]'
	@touch $@
