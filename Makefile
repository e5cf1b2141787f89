PYTHON ?= python3
VENV := .venv
# The checks set it to --cov: tracing takes half as long again.
COVERAGE ?=
# Of hypothesis, in tests/conftest.py; the checks set it to thorough.
PROFILE ?= quick
# A cluster that loses machines may take its driver with it: these tests have a process of their own.
CLUSTERS := tests/executors/test_ray.py tests/test_anywhere_ray.py
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TOOLS := .venv-tools
UPGRADE ?=

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

.PHONY: setup
setup: $(STAMP) ## Make .venv and install what the lock names

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else f"tercet needs Python 3.11 or newer, and {sys.executable} is {sys.version.split()[0]}: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m tools.install
	@touch $(STAMP)

.PHONY: run
run: setup ## Run the demonstration sweep on the embedded corpus
	$(BIN)/tercet run experiment=demo

.PHONY: run-llm
run-llm: setup ## Let the embedded language model summarize and translate, with two prompts
	$(BIN)/tercet run experiment=llm

.PHONY: gate-llm
gate-llm: setup ## Gate a worse prompt of the embedded language model; ends with exit code 1, as it should
	$(BIN)/tercet run experiment=llm hydra.mode=RUN prompt=continued
	$(BIN)/tercet bless $$(ls -dt results/gemma_270m-gemma_270m-*/ | head -1) --to results/llm-baseline --why "the prompt that was there"
	$(BIN)/tercet gate experiment=llm hydra.mode=RUN prompt=one_example --baseline results/llm-baseline

.PHONY: test
# Where nothing is kept of what was compiled, each of the hundreds of processes that are started compiles it anew.
test: export PYTHONDONTWRITEBYTECODE =
# There is a process of tests for each core: threads beside it would wait for each other, and spin while they do.
test: export OMP_NUM_THREADS = 1
test: export OPENBLAS_NUM_THREADS = 1
test: setup ## Run the tests
	$(BIN)/python -m pytest --hypothesis-profile=$(PROFILE) $(COVERAGE) $(if $(COVERAGE),--cov-fail-under=0) $(CLUSTERS)
	$(BIN)/python -m pytest --hypothesis-profile=$(PROFILE) -n auto --dist loadfile --max-worker-restart 0 \
	  $(COVERAGE) $(if $(COVERAGE),--cov-append) $(addprefix --ignore=,$(CLUSTERS))

.PHONY: check
check: setup ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: bench
bench: setup ## Measure start-up, the demonstration and every metric against its peers
	$(BIN)/python -m benchmarks.startup
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.rouge
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.ngrams
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.ter
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.facts_speed
	$(BIN)/python -m benchmarks.facts_kills
	$(BIN)/python -m benchmarks.nli
	$(BIN)/python -m benchmarks.comparing
	$(BIN)/python -m benchmarks.calibration --quick
	$(BIN)/python -m benchmarks.gate_rates --seeds 200
	$(BIN)/python -m benchmarks.report
	$(BIN)/python -m benchmarks.suite
	$(BIN)/python -m benchmarks.bertscore speed --count 100

.PHONY: viewer
viewer: ## Build the report's viewer anew from src/viewer (needs Node.js and npm)
	cd src/viewer && npm ci --no-audit --no-fund && npm run check && npm run build

.PHONY: newcomer
newcomer: ## Do what README.md says in a fresh clone of the last commit, by the clock (installs anew)
	bash tests/docs/first_time.sh

.PHONY: screenshots
screenshots: setup ## Take the README's pictures of a report anew (needs Chromium)
	$(BIN)/python -m benchmarks.screenshots

.PHONY: lock
lock: setup ## Write requirements.lock anew, for every platform; make lock UPGRADE=--upgrade takes the newest versions
	$(MAKE) $(TOOLS)
	UV=$(TOOLS)/bin/uv $(BIN)/python -m tools.lock $(UPGRADE)

.PHONY: audit
audit: setup ## Ask whether a weakness is known of any package that the lock names (asks an advisory service)
	$(MAKE) $(TOOLS)
	$(TOOLS)/bin/python -m tools.vulnerabilities

.PHONY: sbom
sbom: setup ## Write the bill of materials: packages with hashes and licences, weights, the viewer's code
	$(MAKE) $(TOOLS)
	$(TOOLS)/bin/python -m tools.sbom $(BIN)/python sbom.json

.PHONY: licences
licences: setup ## Write docs/licences.md anew from what is installed
	$(BIN)/python -m tools.licences

# What lock, audit and sbom need, in an environment of its own.
$(TOOLS): tools/requirements.txt
	$(PYTHON) -m venv --clear $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check -r tools/requirements.txt
	@touch $(TOOLS)

.PHONY: publish
publish: setup ## Make results/published anew, the sweeps behind the pages' tables, and compute each number again
	rm -rf results/made
	$(BIN)/tercet run experiment=demo results=results/made
	$(BIN)/tercet run experiment=llm results=results/made
	rm -rf results/published && mv results/made results/published
	$(BIN)/tercet verify results/published/demo-*/ results/published/llm-*/

.PHONY: clean
clean: ## Remove the environment, caches and unpublished results
	rm -rf $(VENV) $(TOOLS) .tercet .mypy_cache .pytest_cache .ruff_cache .coverage
	find results -mindepth 1 -maxdepth 1 -type d ! -name published -exec rm -rf {} +
