# Behalf. `make` prints the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
# Targets run in their order; what may run side by side is in a make of its own.
ifeq ($(MAKELEVEL),0)
.NOTPARALLEL:
endif

# The project's own Node comes first, so that an older one on the machine only has to run npm.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export NODE_OPTIONS := --disable-warning=ExperimentalWarning

ARGS ?=
# Of vitest.config.ts; what starts Behalf as a user does, starts the source tree here, and the binary in `make test`.
PROJECT := !binary
INSTALLED := node_modules/.installed
OPA_WASM := build/opa.wasm
# Which build of OPA it is: cached policies are this one's.
OPA_ID := build/opa.id
BUILTINS_WASM := build/builtins.wasm
PACKED_WASM := build/packed/opa.wasm.zst build/packed/builtins.wasm.zst
GO_MODULE := src/opa/go/go.mod src/opa/go/go.sum
OPA_SOURCES := $(wildcard src/opa/go/*.go src/opa/go/readline/* src/opa/go/readline/*/*) $(GO_MODULE)
BUILTINS_SOURCES := $(wildcard src/opa/go/builtins/*) $(GO_MODULE)
GO_BUILD := GOOS=wasip1 GOARCH=wasm GOTOOLCHAIN=auto GOFLAGS=-buildvcs=false go build -buildmode=c-shared -trimpath -ldflags='-s -w'
NPM_PACKAGE := dist/npm/package.json
BINARY := dist/behalf
PACKED := $(shell find src policy docs packaging schema -type f) README.md LICENSE package.json
BEHALF := node src/main.ts
say = @printf '\033[2m%s\033[0m\n'

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ready ## the scenario on this machine: App, API, API2, a provider and the proxy (ARGS=--once ends after the walk)
	@$(BEHALF) demo $(ARGS)

.PHONY: test
test: PROJECT := !source
test: ready checked-and-built vitest ## everything: lint, types, Rego checks, opa test, the same cases in WASM, vitest, end-to-end, the binary

# The Rego checks take about as long as the others together.
.PHONY: checked-and-built
checked-and-built: ready
	@$(MAKE) --jobs=2 --output-sync --assume-old=ready rego-check lint build

.PHONY: build
build: ready $(NPM_PACKAGE) $(BINARY) ## dist/behalf, one file that needs nothing else, and dist/npm, the npm package

.PHONY: vitest
vitest: ready ## vitest alone, on the source tree (ARGS=test/config: one folder or file)
	@rm -f build/vitest.json
	@vitest run --project='$(PROJECT)' $(ARGS) --reporter=default --reporter=json --outputFile.json=build/vitest.json

.PHONY: opa-cases
opa-cases: ready ## all of OPA's own test cases, in WASM: how many pass, are refused when compiled, are wrong
	@node test/opa-cases/main.ts

.PHONY: bench
bench: ready ## what it costs, against other proxies (ARGS=--json, or the parts: decide request session start reload compile change meaning); docs/performance.md
	@node bench/bench.ts $(ARGS)

.PHONY: lint
lint: $(INSTALLED) ## lint and types
	$(say) 'lint and types'
	@biome check --error-on-warnings .
	@tsc --project .
	@gofmt -l src/opa/go | { ! grep .; }

.PHONY: rego-check
rego-check: ready ## Rego: format, strict check against the schemas, tests with full coverage, conventions
	$(say) 'Rego: fmt, check, test, conventions'
	@$(BEHALF) opa fmt --list --fail policy checks
	@$(BEHALF) opa check --strict --bundle --schema policy/schema --capabilities policy/capabilities.json policy
	@$(BEHALF) opa test --bundle policy --fail-on-empty --coverage --threshold 100 > /dev/null
	@$(BEHALF) opa check --strict checks
	@$(BEHALF) opa test checks --timeout 5m --fail-on-empty --coverage --threshold 100 > /dev/null
	@node checks/check-policy.ts

.PHONY: reference
reference: ready ## write docs/reference and schema/behalf.schema.json anew, from the tables of keys and the policy library
	@vitest run --project within test/reference/reference.test.ts --update

.PHONY: screenshots
screenshots: ready ## every page that people see, in light, dark and phone width: build/screenshots (ARGS=denied: some of them)
	@node test/pages/take-screenshots.ts $(ARGS)

.PHONY: fmt
fmt: ready ## format TypeScript, Rego and Go
	@biome check --write .
	@$(BEHALF) opa fmt --write policy checks
	@gofmt -w src/opa/go

.PHONY: clean
clean: ## remove what was built and installed
	rm -rf build dist node_modules

# One waits for the network, the other for the processor.
.PHONY: ready
ready:
	@$(MAKE) --silent --jobs=2 $(INSTALLED) $(OPA_ID) $(BUILTINS_WASM)

# npm ci removes node_modules whole, so the stamp lies inside.
$(INSTALLED): package.json package-lock.json
	@command -v npm > /dev/null || { echo 'npm is missing: install Node.js 20 or later, https://nodejs.org' >&2; exit 1; }
	$(say) 'npm ci: about half a minute with an empty cache'
	@npm ci --loglevel=error --no-audit --no-fund
	@ln -sf ../../packaging/behalf node_modules/.bin/behalf
	@touch $@

$(OPA_WASM): $(OPA_SOURCES)
	@command -v go > /dev/null || { echo 'go is missing: install Go 1.21 or later, https://go.dev/dl' >&2; exit 1; }
	$(say) 'OPA as WebAssembly: one to two minutes with an empty cache, once'
	@mkdir -p $(@D)
	@cd src/opa/go && $(GO_BUILD) -o ../../../$@ .

# After the other, which has compiled most of it.
$(BUILTINS_WASM): $(BUILTINS_SOURCES) | $(OPA_WASM)
	@cd src/opa/go && $(GO_BUILD) -o ../../../$@ ./builtins

$(OPA_ID): $(OPA_WASM)
	@cd src/opa/go && GOTOOLCHAIN=auto go tool buildid ../../../$< > ../../../$@

build/packed/%.wasm.zst: build/%.wasm packaging/pack-opa.ts
	@mkdir -p $(@D)
	@node packaging/pack-opa.ts $< $@

$(NPM_PACKAGE): $(INSTALLED) $(OPA_ID) $(PACKED_WASM) $(PACKED)
	$(say) 'the npm package: dist/npm'
	@node packaging/build-npm.ts

$(BINARY): $(NPM_PACKAGE)
	$(say) 'the binary: dist/behalf'
	@node packaging/build-binary.ts
