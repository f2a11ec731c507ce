# Every target does its own set-up; `make help` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

UV_VERSION := 0.13.9
ACTIONLINT_VERSION := 1.7.12
ACTIONLINT := .tools/actionlint-$(ACTIONLINT_VERSION)/actionlint
UV := $(or $(shell command -v uv),.tools/uv/bin/uv)
# uv must use the Python that is here: an interpreter of its own would be one more download.
export UV_PYTHON_DOWNLOADS := never
# Where it is set, every process of the tests would compile the whole AWS SDK again.
unexport PYTHONDONTWRITEBYTECODE
RUN := $(UV) run --frozen --

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.tools/uv/bin/uv:
	@echo "uv is not on PATH: installing uv $(UV_VERSION) from PyPI into .tools/uv"
	python3 -m venv .tools/uv
	.tools/uv/bin/pip install --quiet uv==$(UV_VERSION)

.venv/.synced: pyproject.toml uv.lock components/pyproject.toml policypack/pyproject.toml sandbox/pyproject.toml | $(filter .tools/%,$(UV))
	$(UV) sync --frozen
	@touch $@

.PHONY: setup
setup: .venv/.synced ## make the Python environment .venv

.PHONY: demo
demo: setup ## the main job on this machine, with no AWS account
	@$(RUN) python -m demo

.PHONY: engine
engine: setup ## find the real Pulumi engine; download it, or build it where Go is there
	@$(RUN) python -m sandbox engine --retry

# Without an engine the tests that need one are skipped, unless REQUIRE_PULUMI=1 demands it.
.PHONY: test
test: setup ## run the tests, with the real engine where it can be had; ENGINE=no leaves it out
ifeq ($(ENGINE),no)
	@echo "ENGINE=no: the tests with the real Pulumi engine are left out"
	$(RUN) pytest -m "not engine and not slow"
else
	@$(RUN) python -m sandbox engine || test "$${REQUIRE_PULUMI:-}" != 1
	$(RUN) pytest
endif

.PHONY: test-program
test-program: setup ## run the tests of program, components and tools alone, without the engine
	$(RUN) pytest -m "not engine and not slow" --ignore tests/policypack tests

.PHONY: test-policies
test-policies: setup ## run the tests of the policy pack alone, without the engine
	$(RUN) pytest -m "not engine and not slow" tests/policypack

.PHONY: test-sandbox
test-sandbox: setup ## run the tests of the sandbox alone, without the engine
	$(RUN) pytest -m "not engine and not slow" sandbox/tests

.PHONY: test-slow
test-slow: setup ## run the slow tests, with Java 17, Maven and a browser: Trino, AWS's matcher, Prowler, the report
	$(RUN) pytest -n 2 --dist loadfile -m slow

.PHONY: faults
faults: setup ## let every call of an up of STACK meet every fault, for an hour or so
	$(RUN) python -m tests.faults $(STACK)

.PHONY: lint
lint: setup lint-workflows ## check format, lint rules, types and workflows
	$(RUN) ruff format --check
	$(RUN) ruff check
	$(RUN) basedpyright --threads

.PHONY: lint-workflows
lint-workflows: setup ## check what GitHub reads: workflows, templates, Renovate's settings
	$(RUN) zizmor --offline --no-progress --quiet --persona pedantic .github
	$(RUN) check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/*.yml
	$(RUN) check-jsonschema --builtin-schema vendor.renovate .github/renovate.json
	$(RUN) check-jsonschema --builtin-schema vendor.gitlab-ci recipes/gitlab/gitlab-ci.yml
	@if command -v go > /dev/null; then $(MAKE) --silent --no-print-directory $(ACTIONLINT) && $(ACTIONLINT); \
	else echo "actionlint is left out: it is built with Go, which is not on PATH"; fi

# No package carries actionlint's program; Go builds it, and checks what it fetched.
$(ACTIONLINT):
	GOBIN="$(CURDIR)/$(@D)" GOTOOLCHAIN=local go install github.com/rhysd/actionlint/cmd/actionlint@v$(ACTIONLINT_VERSION)

.PHONY: format
format: setup ## format the code and fix what the linter can
	$(RUN) ruff check --fix --exit-zero
	$(RUN) ruff format

.PHONY: generate
generate: setup ## write what is generated: Pulumi.yaml, schemas and names, the reference
	$(RUN) python -W ignore -m generate
	$(RUN) python -W ignore -m policy_handbook
	@# Without hashes: with any, pip demands one of each requirement, and an editable one has none.
	$(UV) export --quiet --frozen --no-dev --no-hashes --no-annotate --output-file requirements.txt

.PHONY: record-deployer
record-deployer: setup ## record what deploying asks of AWS: docs/deployer-permissions/recorded.json
	$(RUN) python -m generate.deployer_record

.PHONY: picture
picture: setup ## draw docs/demo.svg from a run of the demo
	$(RUN) python -m demo --picture docs/demo.svg

# For the published site: where the code can be read, and the site's own address.
SITE_SOURCE ?=
SITE_URL ?=
.PHONY: site
site: setup ## build the documentation as a site, with search: build/site
	$(RUN) python -W ignore -m docs_site build/site --source "$(SITE_SOURCE)" --url "$(SITE_URL)"

.PHONY: dist
dist: $(filter .tools/%,$(UV)) ## build what a release has: packages, plugin, policy pack, SBOM, checksums
	rm -rf dist
	$(UV) build --quiet --package cloudtrail-guard --out-dir dist/python
	$(UV) build --quiet --package cloudtrail-guard-policies --out-dir dist/python
	PYTHONPATH=tools python3 -m release archives dist
	$(UV) export --quiet --frozen --no-dev --format cyclonedx1.5 --output-file dist/sbom.cdx.json
	cd dist && sha256sum *.tar.gz sbom.cdx.json python/* > SHA256SUMS

.PHONY: audit
audit: $(filter .tools/%,$(UV)) ## look all locked packages up in the database of known vulnerabilities (osv.dev)
	$(UV) audit --frozen

.PHONY: publish
publish: $(filter .tools/%,$(UV)) ## upload dist/python to PyPI: the release workflow does, by its identity
	$(UV) publish --trusted-publishing always dist/python/*

.PHONY: clean
clean: ## remove what set-up and tests made
	rm -rf .venv .tools .pytest_cache .ruff_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
