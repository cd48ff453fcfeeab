# Dalil. "make" lists the targets.
SHELL := /bin/bash
BIN := bin/dalil
TOOL := go tool -modfile=tools/go.mod
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
CONTAINER ?= $(shell command -v docker >/dev/null && echo docker || echo podman)
# The race detector needs cgo, which needs a C compiler.
RACE := $(shell [ "$$(go env CGO_ENABLED)" = 1 ] && command -v "$$(go env CC)" >/dev/null && echo -race)
# SQLite is C that was translated to Go. Its memory is not that of Go, so the detector finds no
# race in it, but makes it much slower. No package may join it here that has copies of generic code:
# the linker may take such a copy, which the detector does not watch, for all packages.
RACED := $(if $(RACE),$(RACE) -gcflags=modernc.org/sqlite/lib=-race=false)
# Everything else is built without cgo, like the program, so that each package is compiled once.
export CGO_ENABLED := 0

.PHONY: help run build onnx test clients stubs test-qdrant chaos lint generate module bench bench-scale bench-writes ratio compare eval models fmt image bin/image

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: build ## build, index seeds/, serve, ask the example questions, stay up until Ctrl-C
	@scripts/run.sh

build: ## build the static binary bin/dalil
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X dalil/internal/observe.version=$(VERSION)" -o $(BIN) ./cmd/dalil

onnx: ## build bin/dalil-onnx, which serves models in the ONNX format
	cd cmd/dalil-onnx && CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o ../../bin/dalil-onnx .

bin/image: build # the content of the image
	rm -rf $@ && mkdir -p $@/data && cp $(BIN) $@/dalil

image: bin/image ## build the container image from bin/dalil; pulls no other image
	$(CONTAINER) build --build-arg BINARY=prebuilt --tag dalil:$(VERSION) --tag dalil:latest .

test: ## run vet and all tests, with the race detector if there is a C compiler; needs no network and no server
	go vet ./...
	$(if $(RACE),CGO_ENABLED=1) go test $(RACED) -vet=off -timeout 20m ./...
	$(if $(RACE),scripts/test-without-race.sh)
	cd deploy && go vet ./... && go test -vet=off ./... # a module of its own
	cd tools && go vet ./... && go test -vet=off -count 1 ./... # another, with the generator of the OpenAPI document
	cd cmd/dalil-onnx && go vet ./... && go test -vet=off ./... # a third
	cd tools/compare && go vet ./... && go test -vet=off -count 1 ./... # a fourth; asks PostgreSQL with pgvector too if DALIL_TEST_POSTGRES has its URL
	@echo "dalil-onnx: $(if $(DALIL_TEST_ONNX_LIBRARY),ran with ONNX Runtime$(if $(DALIL_TEST_ONNX_MODEL), and a real model,; DALIL_TEST_ONNX_MODEL names no real model),without ONNX Runtime: the protocol and the errors only (DALIL_TEST_ONNX_LIBRARY names one))"

clients: build ## test the clients for Python and TypeScript on a server; needs python3 and node, or says that they are missing
	scripts/clients.sh

stubs: ## generate the code of the clients from proto/; needs node, and a PYTHON with clients/python/requirements-stubs.txt
	scripts/python-stubs.sh generate
	node clients/typescript/scripts/generate.mjs

test-qdrant: ## run the tests of Qdrant, with tenants, on a real server at DALIL_TEST_QDRANT=127.0.0.1:6334
	DALIL_TEST_QDRANT=$${DALIL_TEST_QDRANT:-127.0.0.1:6334} go test -count 1 -timeout 20m ./store/qdrant/...
	DALIL_TEST_QDRANT=$${DALIL_TEST_QDRANT:-127.0.0.1:6334} go test -count 1 -timeout 20m -run 'AliasMoves|ModelOfActivations|StaleCopy' ./internal/app
	DALIL_TEST_QDRANT=$${DALIL_TEST_QDRANT:-127.0.0.1:6334} go test -count 1 -timeout 20m ./internal/app -run 'Qdrant|Reindex|Flips|ServerFollows|Partitioned|Doctor'

chaos: ## disturb a server for CHAOS=3m: kill -9, full disk, removed files, hostile input
	DALIL_TEST_CHAOS=$${CHAOS:-3m} go test -count 1 -timeout 30m -v ./internal/chaos

lint: ## check format, static analysis, compatibility of the wire, and that generated code is current
	@scripts/lint.sh

generate: ## generate the Go code from proto/
	$(TOOL) buf generate

module: ## rename the Go module for publishing, to MODULE=example.org/you/dalil
	@scripts/module.sh $(MODULE)

fmt: ## format every Go file
	$(TOOL) gofumpt -w .

bench: ## measure a server on 100,000 passages of natural text, and run the benchmarks of the packages
	@scripts/bench.sh

bench-writes: ## measure questions while documents come in: RATE=2000 a second
	DALIL_TEST_RATE=$(RATE) go test -count 1 -timeout 60m -v -run '^$$' -bench Writes -benchtime 1x ./internal/ratio

bench-scale: ## measure how the CPU time of a question grows with the index: SIZES=10000,100000,300000
	DALIL_TEST_SIZES=$(SIZES) go test -count 1 -timeout 120m -v -run '^$$' -bench Scale -benchtime 1x ./internal/ratio

ratio: ## compare the speed of builds on one set of passages: BUILDS=old/dalil,new/dalil
	DALIL_TEST_BUILDS=$(BUILDS) go test -count 1 -timeout 60m -v -run '^$$' -bench Builds -benchtime 1x ./internal/ratio

compare: build ## compare the speed with that of other systems, at POSTGRES=URL and QDRANT=HOST:PORT; writes the table into docs/performance.md
	cd tools/compare && go build -o ../../bin/compare .
	bin/compare --dalil $(BIN) --passages $(or $(PASSAGES),100000) $(if $(POSTGRES),--postgres "$(POSTGRES)") $(if $(QDRANT),--qdrant "$(QDRANT)") $(if $(KEEP),--keep "$(KEEP)") --write docs/performance.md

eval: build ## measure the ranking on the seeds and, with DATA=DIR, on the judged sets in DIR
	@scripts/eval.sh $(if $(DATA),"$(DATA)")

models: ## train the built-in models again, from the data in DATA=DIR, and the ranker if SETS=DIR names the judged sets
	@scripts/models.sh $(DATA) $(SETS)
