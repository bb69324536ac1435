# make run    sets a fresh machine up, builds, runs the demo
# make test   sets a fresh machine up, builds, passes all tests
# make build  release products under .build/release
# make bench  the figures, one JSON line each        make lint  formats and headers
SHELL := /bin/bash
CONFIGURATION ?= release
BIN := .build/$(CONFIGURATION)
CC ?= cc
CONNECTORS := sqlite http
SWIFT_CONNECTORS := files
CFLAGS_CONNECTOR := -std=c11 -O2 -fPIC -shared -fvisibility=hidden -Wall -Wextra -Werror -I SDK/C/include
LIBS_sqlite := -lsqlite3
LIBS_http := -lcurl

.PHONY: run test build products connectors bench conformance fuzz lint setup clean
.NOTPARALLEL:

run: build
	$(BIN)/tenon demo

build: setup products connectors

setup:
	@.ci/setup

products:
	swift build -c $(CONFIGURATION) --product tenon
	swift build -c $(CONFIGURATION) --product tenon-cell
	@mkdir -p $(BIN)/share && rm -rf $(BIN)/share/sdk && cp -r SDK $(BIN)/share/sdk && rm -rf $(BIN)/share/sdk/.build
	@rm -rf $(BIN)/share/errors && cp -r Sources/TenonDocs/Errors $(BIN)/share/errors

# What a third party does with any connector: compile against the SDK's headers, pack.
connectors: $(CONNECTORS:%=connector-%) $(SWIFT_CONNECTORS:%=swift-connector-%)

connector-%: FOLDER = Plugins/$(shell echo $* | sed 's/./\u&/')
connector-%: PACKAGES = $(BIN)/connectors
connector-%:
	$(compile)
	$(pack)

# The same for one in Swift: its package brings its own Swift runtime.
swift-connector-%: FOLDER = Plugins/$(shell echo $* | sed 's/./\u&/')
swift-connector-%: PACKAGES = $(BIN)/connectors
swift-connector-%:
	swift build -c $(CONFIGURATION) --product $*
	$(stage)
	@strip --strip-unneeded -o $(BIN)/stage/$*/$(LIBRARY)/$*.so $(BIN)/lib$*.so
	$(pack)

# Fixture connectors that the figures are measured with.
bench-connector-%: FOLDER = Tests/Fixtures/Connectors/$*
bench-connector-%: PACKAGES = $(BIN)/bench
bench-connector-%:
	$(compile)
	$(pack)

LIBRARY := lib/linux-x86_64

define stage
	@rm -rf $(BIN)/stage/$* && mkdir -p $(BIN)/stage/$*/$(LIBRARY) $(PACKAGES)
endef

define compile
	$(stage)
	@$(CC) $(CFLAGS_CONNECTOR) -Wl,--version-script=SDK/C/exports.map -o $(BIN)/stage/$*/$(LIBRARY)/$*.so \
	    $(FOLDER)/*.c $(LIBS_$*)
endef

define pack
	@cp $(FOLDER)/connector.json $(wildcard $(FOLDER)/README.md) $(BIN)/stage/$*/ && rm -f $(PACKAGES)/$*-*.tenon && \
	$(BIN)/tenon connector pack $(BIN)/stage/$* --output $(PACKAGES)
endef

test: setup
	@.ci/peers
	swift build --build-tests
	$(MAKE) --no-print-directory CONFIGURATION=debug products connectors
# A test looks at the machine code of the hot kernels, which only a release build has.
	swift build -c release --product tenon-cell
	swift build -c release --product files
	swift test --package-path SDK
# One after the other: many tests run real processes, and these machines have two cores.
	swift test --skip-build --no-parallel

bench: build bench-connector-counter bench-connector-torrent
	swift build -c release --product tenon-bench
	$(BIN)/tenon-bench $(SUITES)

# Third-party suites over any folder of their form, release build: make conformance DATA=folder
DATA ?= ../shared/conformance
conformance:
	swift build -c release --product tenon-conformance
	$(BIN)/tenon-conformance "$(DATA)" ../shared/conformance

# Ten minutes of made-up input for each parser, two at a time: make fuzz [FUZZ=json] [SECONDS=600]
FUZZ ?= json expression template schedule zone moment schema pattern version definition pipeline yaml \
	manifest package cell ring batch lines csv ndjson
SECONDS ?= 600
fuzz:
	FUZZ="$(FUZZ)" SECONDS_EACH="$(SECONDS)" .ci/fuzz

lint:
	swift format lint --strict --recursive Sources Tests Plugins/Files SDK/Swift SDK/Tests Package.swift SDK/Package.swift
	.ci/headers

clean:
	rm -rf .build SDK/.build
