# Two commands matter: `make demo` and `make test`. Everything they need goes into .venv; nothing outside this
# folder is touched. They need Python 3.11 or newer with pip; a second run works offline.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

export PIP_NO_CACHE_DIR := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export TMPDIR := $(CURDIR)/.cache/tmp
export XDG_CACHE_HOME := $(CURDIR)/.cache
export XDG_CONFIG_HOME := $(CURDIR)/.cache/config

.PHONY: demo test check unit long kills matrix meanwhile pairs simulate fuzz canaries power exhaust soak mutants \
        bench wheel clean help

help:            ## show this list
	@grep -E '^[a-z]+: .*##' Makefile | sed 's/:.*##/\t/'

demo: $(READY)   ## plan, apply, drift and repair against local stand-ins of the systems
	@$(BIN)/reconciler demo

test: check unit ## every check: format, lint, types, room walls, tests

check: $(READY)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports

unit: $(READY)
	$(BIN)/pytest -n 2 --dist loadgroup

long: $(READY)   ## the long campaigns: every kill, every fault, many random worlds
	HYPOTHESIS_PROFILE=long RECONCILER_LONG=1 $(BIN)/pytest -n 2 --timeout 3600 tests/faults tests/laws

# The campaigns behind docs/reliability.md: each is one command with a seed, prints one summary, and ends with 1 where
# anything is not as promised.

kills: $(READY)  ## kill every write of a large apply in each system, and run again
	@$(BIN)/python -m tests.faults.kills --system all --concurrency 1,8 --double 200 --jobs 2

matrix: $(READY) ## every fault at every call
	@$(BIN)/python -m tests.faults.matrix --jobs 2

meanwhile: $(READY) ## somebody else writes to the same things at the worst moments
	@$(BIN)/python -m tests.faults.meanwhile --count 200

pairs: $(READY)  ## random desired and live states of every kind: apply, then plan: nothing
	@$(BIN)/python -m tests.laws.pairs --form process --minutes 10
	@$(BIN)/python -m tests.laws.pairs --form http --minutes 10

simulate: $(READY) ## whole histories with faults, crashes and others at work, in virtual time
	@$(BIN)/python -m tests.simulation.run --seeds 0..100000 --jobs 2

fuzz: $(READY)   ## broken manifests and broken answers
	@$(BIN)/python -m tests.fuzz.manifests --count 1000000 --jobs 2
	@$(BIN)/python -m tests.fuzz.answers --count 200000 --jobs 2

canaries: $(READY) ## secrets that must be nowhere, in every command and every failure
	@$(BIN)/python -m tests.safety.canaries

power: $(READY)  ## power loss at every operation on our own files
	@$(BIN)/python -m tests.faults.power

exhaust: $(READY) ## full disks, closed pipes, signals, at random points of an apply
	@$(BIN)/python -m tests.faults.exhaustion --points 50

soak: $(READY)   ## ten thousand rounds of drift and repair in one process
	@$(BIN)/python -m tests.faults.soak --cycles 10000

mutants: $(READY) ## how many small mistakes in diff, plan and apply the tests would find (needs the extra `mutants`)
	@$(BIN)/python -m tests.mutants --jobs 2

bench: $(READY)  ## every measurement of docs/performance.md, which it writes anew; `make bench QUICK=1`: small, and writes nothing
	@$(BIN)/python -m benchmarks $(if $(QUICK),--quick,--page)

wheel: $(READY)  ## build the wheel and run the demo from it, outside this checkout
	@rm -rf dist
	@$(BIN)/python -c "from hatchling.build import build_wheel; build_wheel('dist')"
	@room=$$(env -u TMPDIR mktemp -d) && trap 'rm -rf "$$room"' EXIT && \
	  $(PYTHON) -m venv --without-pip "$$room/venv" && \
	  $(PYTHON) -m pip --python "$$room/venv/bin/python" install --quiet dist/*.whl && \
	  cd "$$room" && env -u TMPDIR venv/bin/reconciler demo

clean:           ## remove everything the other commands made
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist .reconciler

$(READY): pyproject.toml Makefile
	@mkdir -p $(TMPDIR)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "reconciler needs Python 3.11 or newer; try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@echo "setting up $(VENV) (once; takes a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip $(VENV)
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --editable '.[dev]'
	@touch $@
