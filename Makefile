# make run    sets a fresh machine up, builds, runs the demo
# make test   sets a fresh machine up, builds, passes all tests
# make build  release products under .build/release
# make bench  the figures, one JSON line each        make lint  formats and headers
SHELL := /bin/bash
CONFIGURATION ?= release
BIN := .build/$(CONFIGURATION)
CC ?= cc
CONNECTORS := sqlite http
CFLAGS_CONNECTOR := -std=c11 -O2 -fPIC -shared -fvisibility=hidden -Wall -Wextra -Werror -I SDK/C/include
LIBS_sqlite := -lsqlite3
LIBS_http := -lcurl

.PHONY: run test build products connectors bench lint setup clean
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

# What a third party does with any connector: compile against the SDK's headers, pack.
connectors: $(CONNECTORS:%=connector-%)

connector-%:
	@folder=Plugins/$$(echo $* | sed 's/./\u&/'); stage=$(BIN)/stage/$*; \
	rm -rf $$stage && mkdir -p $$stage/lib/linux-x86_64 $(BIN)/connectors && \
	$(CC) $(CFLAGS_CONNECTOR) -Wl,--version-script=SDK/C/exports.map -o $$stage/lib/linux-x86_64/$*.so \
	    $$folder/*.c $(LIBS_$*) && \
	cp $$folder/connector.json $$folder/README.md $$stage/ && rm -f $(BIN)/connectors/$*-*.tenon && \
	$(BIN)/tenon connector pack $$stage --output $(BIN)/connectors

test: setup
	swift build --build-tests
	$(MAKE) --no-print-directory CONFIGURATION=debug products connectors
	swift test --package-path SDK
	swift test

bench: build
	swift build -c release --product tenon-bench
	$(CC) -std=c11 -O2 -o $(BIN)/call-floor Tests/Benchmarks/Floors/call_floor.c -I SDK/C/include -ldl
	$(BIN)/tenon-bench

lint:
	swift format lint --strict --recursive Sources Tests SDK/Swift SDK/Tests Package.swift SDK/Package.swift
	.ci/headers

clean:
	rm -rf .build SDK/.build
