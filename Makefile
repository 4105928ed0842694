# make demo: try the bot, no account needed.  make test: run every test.  Both set up .venv by themselves.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all:
WORKERS ?= 4

.PHONY: demo run test test-quick crash soak bench bench-quick check fix lock clean

demo: .venv/.runtime
	@$(BIN)/python -m bot demo $(ARGS)

run: .venv/.runtime
	@$(BIN)/python -m bot $(ARGS)

test: .venv/.dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

test-quick: .venv/.dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow" $(ARGS)

crash: .venv/.dev
	CRASHES=50 $(BIN)/python -m pytest tests/faults -n $(WORKERS) -s $(ARGS)

soak: .venv/.dev
	LIVES=10000 STORED_LIVES=24 SOAK=1 SIM_SEEDS=40 SIM_PEOPLE=12 SIM_DAYS=14 MACHINE_EXAMPLES=300 $(BIN)/python -m pytest tests/care/test_random_schedules.py tests/storage/test_random_lives.py tests/simulation tests/faults tests/handlers/test_forged.py -n $(WORKERS) --dist worksteal $(ARGS)

bench: .venv/.dev
	$(BIN)/python -m benchmarks $(ARGS)

bench-quick: .venv/.dev
	$(BIN)/python -m benchmarks --quick $(ARGS)

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell
	$(BIN)/deptry .
	$(BIN)/bandit -q -r bot handlers storage care -c pyproject.toml
	$(BIN)/mypy

fix: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m tests.docs.write

lock:
	$(PYTHON) -m venv .venv/lock && .venv/lock/bin/python -m pip install --quiet uv
	UV_CUSTOM_COMPILE_COMMAND="make lock" .venv/lock/bin/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --python-version 3.11 pyproject.toml --extra postgres -o requirements.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" .venv/lock/bin/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --python-version 3.11 pyproject.toml --extra postgres --group dev -o requirements-dev.txt

clean:
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Name one with PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt | .venv/bin/python
	@echo "Setting up .venv (half a minute, once) ..."
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/bin/python
	@echo "Setting up .venv for development (a minute, once) ..."
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@ .venv/.runtime
