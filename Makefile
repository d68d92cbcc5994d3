# `make` lists the targets. Two are all a newcomer needs: `make demo` and `make test`.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# Undeclared imports between targets are errors (style habit; CONTRIBUTING.md).
SWIFT_FLAGS := --explicit-target-dependency-import-check error
FORMATTED := Sources Tests Package.swift

.PHONY: help deps deps-build build demo test lint imports lab lab-down lab-test bench fmt goldens schema \
  release deb package-test clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | \
	  while IFS="$$(printf '\t')" read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

deps: ## install what is missing to build, test and run the lab (Debian as root, macOS with Homebrew)
	@bash Tests/Scripts/deps.sh

deps-build: # only what building needs
	@bash Tests/Scripts/deps.sh build

build: deps-build ## build everything (debug)
	swift build $(SWIFT_FLAGS)

demo: deps-build ## plan, apply, plan on a simulated mesh: nothing real is touched
	@bash Tests/Scripts/demo.sh

test: deps ## every test; on Linux as root with real hosts in the lab (MESHCTL_LAB=0 leaves it out)
	@bash Tests/Scripts/test.sh

lint: ## swift format, shellcheck, python
	@bash Tests/Scripts/lint.sh

imports: ## purity, layers, reading ports, habits; and that this check can fail
	@bash Tests/Scripts/check-imports.sh
	@bash Tests/Scripts/check-imports.sh --self-test

lab: deps ## bring up three real hosts, a control server and a package mirror (Linux, root)
	swift build $(SWIFT_FLAGS)
	bash Tests/Lab/lab.sh up --hosts 3
	@echo "an inventory of it: bash Tests/Lab/lab.sh demo-inventory; remove everything: make lab-down"

lab-down: ## remove the lab
	bash Tests/Lab/lab.sh down

lab-test: deps ## only the tests that use the lab
	@MESHCTL_LAB=1 bash Tests/Scripts/test.sh --filter LabTests

bench: deps-build ## measure against the budgets (release build; BENCH_LARGE=1 adds 100,000 hosts)
	@bash Tests/Scripts/bench.sh

fmt: ## format the Swift code
	swift format -i -r -p $(FORMATTED)

goldens: deps-build ## rewrite the expected texts; read the diff before you commit it
	env -u CI MESHCTL_UPDATE_GOLDENS=1 swift test --disable-xctest $(SWIFT_FLAGS)
	@git status --short

schema: deps-build ## write inventory.schema.md and docs/codes.md from their tables
	swift build --product meshctl $(SWIFT_FLAGS)
	"$$(swift build --show-bin-path)/meshctl" schema --format markdown > inventory.schema.md.new
	mv inventory.schema.md.new inventory.schema.md
	"$$(swift build --show-bin-path)/meshctl" explain --format markdown > docs/codes.md.new
	mv docs/codes.md.new docs/codes.md

release: deps-build ## build what is committed as one stripped binary: .build-release/out/meshctl
	@bash .packaging/release.sh

deb: release ## a Debian package of it for this machine's architecture
	@bash Tests/Scripts/deps.sh deb
	@bash .packaging/deb.sh

package-test: release ## build the package, have its checkers read it, install it in clean Debians (Linux, root)
	@bash Tests/Scripts/deps.sh package
	@bash .packaging/test.sh

clean: ## remove what was built
	swift package clean
	rm -rf .build-release
