# Short names for Maven commands; nothing is done here that Maven does not do, but for the model.
MVN ?= mvn

.DEFAULT_GOAL := help
.PHONY: help check fast format tck simulate mutants model chaos run bench clean sbom coverage

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

check: ## build, test and check everything
	$(MVN) verify

fast: ## build, test and check the core modules: no database, no server
	$(MVN) -Pfast verify

format: ## format all sources
	$(MVN) spotless:apply

ADAPTER ?= postgres
tck: ## the tests of one storage, contracts included: ADAPTER=postgres or duckdb or memory
	$(MVN) -pl $(if $(filter memory,$(ADAPTER)),testkit,adapters-$(ADAPTER)) -am test -Dsurefire.failIfNoSpecifiedTests=false '-Dtest=dev/holdfast/$(if $(filter memory,$(ADAPTER)),testkit,$(ADAPTER))/**/*Test'

SEED ?= 1
SEEDS ?= 10000
simulate: ## simulate clusters: SEED=1 SEEDS=10000; SEEDS=1 repeats one and tells what happened
	$(MVN) -q -Psimulate -DskipTests -pl testkit-simulator -am package -Dsimulate.seed=$(SEED) -Dsimulate.seeds=$(SEEDS)

mutants: ## the bugs that the simulator and the fault suite must find, all of them
	$(MVN) -q -pl testkit-simulator,chaos -am test -Dmutants.all=true -Dtest=MutantsTest,DatabaseMutantsTest -Dsurefire.failIfNoSpecifiedTests=false
	@cat testkit-simulator/target/mutants.txt chaos/target/database-mutants.txt

ARGS ?= serve
run: ## build and start the server: ARGS="serve --help"
	$(MVN) -q -Prun -DskipTests -Dcyclonedx.skip=true -pl bootstrap -am package "-Drun.arguments=$(ARGS)"

BENCH ?=
bench: ## build and run the benchmarks: BENCH="Claim -f 1 -wi 2"
	$(MVN) -q -Pbench -DskipTests -Dcyclonedx.skip=true -pl benchmarks -am package "-Dbench.arguments=$(BENCH)"

SCENARIO ?=
chaos: ## faults against clusters of real processes: SCENARIO="kill-worker:10 failover"
	$(MVN) -q -Pchaos -DskipTests -Dcyclonedx.skip=true -pl chaos -am package "-Dchaos.arguments=$(SCENARIO)"

clean: ## remove what was built
	$(MVN) clean

sbom: ## bill of materials of the distribution, in bootstrap/target/holdfast/holdfast-sbom.json
	$(MVN) -DskipTests -pl bootstrap -am package

coverage: ## test everything; the report is coverage/target/site/jacoco-aggregate/index.html
	$(MVN) verify

model: ## check the model of lease, fence and election in every reachable state: needs SPIN and gcc
	docs/model/check.sh
