# Every target does its own set-up; `make help` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

UV_VERSION := 0.13.9
UV := $(or $(shell command -v uv),.tools/uv/bin/uv)
# uv must use the Python that is here: an interpreter of its own would be one more download.
export UV_PYTHON_DOWNLOADS := never
RUN := $(UV) run --frozen --

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.tools/uv/bin/uv:
	@echo "uv is not on PATH: installing uv $(UV_VERSION) from PyPI into .tools/uv"
	python3 -m venv .tools/uv
	.tools/uv/bin/pip install --quiet uv==$(UV_VERSION)

.venv/.synced: pyproject.toml uv.lock components/pyproject.toml | $(filter .tools/%,$(UV))
	$(UV) sync --frozen
	@touch $@

.PHONY: setup
setup: .venv/.synced ## make the Python environment .venv

.PHONY: demo
demo: setup ## the main job on this machine, with no AWS account
	@$(RUN) python -m sandbox demo

.PHONY: test
test: setup ## run the tests
	$(RUN) pytest

.PHONY: lint
lint: setup ## check format, lint rules and types
	$(RUN) ruff format --check
	$(RUN) ruff check
	$(RUN) basedpyright

.PHONY: format
format: setup ## format the code and mend what the linter can
	$(RUN) ruff check --fix --exit-zero
	$(RUN) ruff format

.PHONY: generate
generate: setup ## write anew what is generated: Pulumi.yaml, docs/policies.md
	$(RUN) python -W ignore -m stacks.declaration
	PYTHONPATH=policypack $(RUN) python -m rules docs/policies.md

.PHONY: picture
picture: setup ## draw docs/demo.svg from a run of the demo
	$(RUN) python -m sandbox demo --picture docs/demo.svg

.PHONY: clean
clean: ## remove what set-up and tests made
	rm -rf .venv .tools .pytest_cache .ruff_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
