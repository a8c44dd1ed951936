# Behalf. `make` prints the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# The project's own Node comes first, so that an older one on the machine only has to run npm.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export NODE_OPTIONS := --disable-warning=ExperimentalWarning

ARGS ?=
INSTALLED := node_modules/.installed
OPA_WASM := build/opa.wasm
OPA_SOURCES := $(wildcard src/opa/go/* src/opa/go/*/* src/opa/go/*/*/*)
BEHALF := node src/main.ts
say = @printf '\033[2m%s\033[0m\n'

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(INSTALLED) $(OPA_WASM) ## the scenario on this machine: App, API, API2, a provider and the proxy (ARGS=--once ends after the walk)
	@$(BEHALF) demo $(ARGS)

.PHONY: test
test: lint rego-check vitest ## everything: lint, types, Rego checks, opa test, the same cases in WASM, vitest, end-to-end

.PHONY: vitest
vitest: $(INSTALLED) $(OPA_WASM) ## vitest alone (ARGS=test/config: one folder or file)
	@rm -f build/vitest.json
	@vitest run $(ARGS) --reporter=default --reporter=json --outputFile.json=build/vitest.json

.PHONY: lint
lint: $(INSTALLED) ## lint and types
	$(say) 'lint and types'
	@biome check --error-on-warnings .
	@tsc --project .
	@gofmt -l src/opa/go | { ! grep .; }

.PHONY: rego-check
rego-check: $(INSTALLED) $(OPA_WASM) ## Rego: format, strict check against the schemas, tests with full coverage
	$(say) 'Rego: fmt, check, test'
	@$(BEHALF) opa fmt --list --fail policy
	@$(BEHALF) opa check --strict --bundle --schema policy/schema --capabilities policy/capabilities.json policy
	@$(BEHALF) opa test --bundle policy --fail-on-empty --coverage --threshold 100 > /dev/null

.PHONY: fmt
fmt: $(INSTALLED) $(OPA_WASM) ## format TypeScript, Rego and Go
	@biome check --write .
	@$(BEHALF) opa fmt --write policy
	@gofmt -w src/opa/go

.PHONY: clean
clean: ## remove what was built and installed
	rm -rf build node_modules

# npm ci removes node_modules whole, so the stamp lies inside.
$(INSTALLED): package.json package-lock.json
	@command -v npm > /dev/null || { echo 'npm is missing: install Node.js 20 or later, https://nodejs.org' >&2; exit 1; }
	$(say) 'npm ci: about half a minute with an empty cache'
	@npm ci --loglevel=error --no-audit --no-fund
	@ln -sf ../../src/main.ts node_modules/.bin/behalf
	@touch $@

$(OPA_WASM): $(OPA_SOURCES)
	@command -v go > /dev/null || { echo 'go is missing: install Go 1.21 or later, https://go.dev/dl' >&2; exit 1; }
	$(say) 'OPA as WebAssembly: one to two minutes with an empty cache, once'
	@mkdir -p $(@D)
	@cd src/opa/go && GOOS=wasip1 GOARCH=wasm GOTOOLCHAIN=auto GOFLAGS=-buildvcs=false go build -buildmode=c-shared -trimpath -ldflags='-s -w' -o ../../../$@ .
