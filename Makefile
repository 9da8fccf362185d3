# billing_fdw: the Tencent Cloud Billing API as PostgreSQL foreign tables
#
#   make demo        a short guided tour, on a machine with nothing but Debian's packages
#   make test        everything that is tested: ends with "N passed, N failed"
#   make             build; then "make install", as the owner of the server's directories
#   make sim         the simulator in the foreground, to try things out from your own psql
#   make unit        the unit tests alone; "make test ONLY=tap TESTS='030_faults'": see test/bin/run
#   make difftest SECONDS=600 SEED=7   random queries against local copies, for longer than "make test"
#   make campaign SECONDS=600 SEED=7   random scans under random faults, for longer than "make test"
#   make memcheck    queries in a server under valgrind, in a few minutes; choose with TESTS='rescan tags'
#   make mutants     wrong changes to the sources, which the tests must notice; choose with MUTANTS='nan_is_an_amount'
#   make coverage    all tests, and what of src they do not reach; choose with ONLY and TESTS
#   make package     Debian packages: built, checked and tried out in clean chroots
#   make bench       speed and memory beside COPY and curl, in ten minutes; choose with BENCH_JOBS='load sum'
#   make fuzz SECONDS=600              each fuzz target for that long
#   make lint        layout rules, formatting and static analysis; "make format" applies pgindent's
#   make typedefs    the list of types that pgindent needs
#   make docs        the generated parts of the documentation, and the outputs of its examples
#   make setup       install what all of these need (they do it themselves when something is missing)
#
# PG_CONFIG names the server to build for. WERROR=1 makes warnings errors. COVERAGE=1 builds for gcov.

EXTENSION = billing_fdw
MODULE_big = billing_fdw
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" billing_fdw.control)
DATA = $(wildcard sql/billing_fdw--*.sql)

# The client of the API: knows no PostgreSQL
API_OBJS = \
	src/api/arena.o \
	src/api/catalog.o \
	src/api/catalog_account.o \
	src/api/catalog_allocation.o \
	src/api/catalog_bill.o \
	src/api/catalog_budget.o \
	src/api/catalog_cost.o \
	src/api/catalog_organization.o \
	src/api/catalog_usage.o \
	src/api/endpoint.o \
	src/api/error.o \
	src/api/http.o \
	src/api/json.o \
	src/api/month.o \
	src/api/outcome.o \
	src/api/page.o \
	src/api/quota.o \
	src/api/request.o \
	src/api/retry.o \
	src/api/sign.o \
	src/api/tags.o \
	src/api/tree.o \
	src/api/value.o

# The foreign data wrapper: knows no curl, OpenSSL or cJSON
FDW_OBJS = \
	src/fdw/analyze.o \
	src/fdw/billing_fdw.o \
	src/fdw/bind.o \
	src/fdw/call.o \
	src/fdw/candidate.o \
	src/fdw/convert.o \
	src/fdw/equality.o \
	src/fdw/estimate.o \
	src/fdw/explain.o \
	src/fdw/fetch.o \
	src/fdw/filter.o \
	src/fdw/import.o \
	src/fdw/inspect.o \
	src/fdw/option.o \
	src/fdw/plan.o \
	src/fdw/range.o \
	src/fdw/relation.o \
	src/fdw/report.o \
	src/fdw/requests.o \
	src/fdw/scan.o \
	src/fdw/stream.o \
	src/fdw/tuple.o \
	src/fdw/volatile.o

OBJS = $(API_OBJS) $(FDW_OBJS)

# sql/NAME.sql and expected/NAME.out, run in this order in one database
REGRESS = \
	setup \
	import \
	options \
	columns \
	conditions \
	required \
	values_checked \
	input_columns \
	tags \
	periods \
	rescan \
	joins \
	partitions \
	costs \
	limit \
	count \
	analyze \
	bi_tools \
	explain \
	errors \
	errors_inside \
	privileges \
	transactions

LIBS_USED = -lcurl -lcrypto -lcjson
WARNINGS = -Wall -Wextra -Wno-unused-parameter -Wshadow=compatible-local \
	$(if $(findstring clang,$(CC)),$(CLANG_WARNINGS)) $(if $(WERROR),-Werror)
# what clang does not know of gcc: a warning, and flags and attributes of a server that gcc built
CLANG_WARNINGS = -Wno-unknown-warning-option -Wno-ignored-optimization-argument -Wno-ignored-attributes
CORE_WARNINGS = -Wstrict-prototypes -Wold-style-definition

PG_CPPFLAGS = -I$(srcdir)/src -DBF_VERSION='"$(EXTVERSION)"' -MMD -MP
PG_CFLAGS = $(WARNINGS) $(if $(COVERAGE),-O0 --coverage)
SHLIB_LINK = $(LIBS_USED) -Wl,--version-script=$(srcdir)/src/exports.map $(if $(COVERAGE),--coverage)

UNIT_DIR = test/unit/build
FUZZ_DIR = test/fuzz/build
EXTRA_CLEAN = $(OBJS:.o=.d) $(OBJS:.o=.gcno) $(OBJS:.o=.gcda) src/.built-for $(UNIT_DIR) $(FUZZ_DIR) test/output

PG_CONFIG ?= pg_config
PGXS := $(shell "$(PG_CONFIG)" --pgxs 2>/dev/null)

.DEFAULT_GOAL := all

ifneq ($(wildcard $(PGXS)),)
# bitcode would need the clang that the server was built with
override with_llvm = no
include $(PGXS)

$(API_OBJS): override CFLAGS += $(CORE_WARNINGS)
$(OBJS): src/.built-for
$(shlib): src/exports.map
-include $(OBJS:.o=.d)

# Objects built for another server, or otherwise, are stale: this file changes when they are
BUILT_FOR = $(shell "$(PG_CONFIG)" --version) $(PGXS)$(if $(COVERAGE), coverage)
src/.built-for: always
	@echo '$(BUILT_FOR)' | cmp -s - $@ || echo '$(BUILT_FOR)' >$@

else
all install uninstall installcheck:
	@echo 'no PostgreSQL to build for: "make setup" installs one, or set PG_CONFIG' >&2; exit 1
clean:
	rm -rf $(EXTRA_CLEAN) $(OBJS) billing_fdw.so
endif

# The unit tests compile the client without PostgreSQL, as plain C99 and POSIX.  cmocka 2
# deprecates names of version 1.
UNIT_CC = $(CC) $(UNIT_FLAGS)
UNIT_FLAGS = -std=c99 -D_POSIX_C_SOURCE=200809L $(WARNINGS) $(CORE_WARNINGS) \
	-Wno-deprecated-declarations -Isrc -MMD -MP \
	-g $(if $(COVERAGE),$(UNIT_COUNTED),-O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all)
# sanitizers would add branches of their own
UNIT_COUNTED = -O0 --coverage -DBF_TREE_ARENA=0
UNIT_API = $(patsubst src/api/%.c,$(UNIT_DIR)/api/%.o,$(wildcard src/api/*.c))
UNIT_PROGRAMS = $(patsubst test/unit/%.c,$(UNIT_DIR)/%,$(wildcard test/unit/test_*.c))

# The corpora of the fuzz targets are replayed with them, by one program
FUZZ_TARGETS = $(filter-out replay,$(patsubst test/fuzz/%.c,%,$(wildcard test/fuzz/*.c)))
REPLAY = $(UNIT_DIR)/replay
REPLAY_OBJS = $(REPLAY).o $(FUZZ_TARGETS:%=$(UNIT_DIR)/fuzz/%.o)

unit-build: $(UNIT_PROGRAMS) $(REPLAY)

$(UNIT_DIR)/api/%.o: src/api/%.c
	@mkdir -p $(@D)
	$(UNIT_CC) -c -o $@ $<

$(UNIT_DIR)/%.o: test/unit/%.c
	@mkdir -p $(@D)
	$(UNIT_CC) -c -o $@ $<

# off by default where sanitizers watch
$(UNIT_DIR)/tree_arena.o: src/api/tree.c
	@mkdir -p $(@D)
	$(UNIT_CC) -UBF_TREE_ARENA -DBF_TREE_ARENA=1 -c -o $@ $<

# The tests that read answers, built once more for a program that runs them with it
ARENA_TESTS = examples json members memory page tags tree
ARENA_OBJS = $(ARENA_TESTS:%=$(UNIT_DIR)/arena/test_%.o)

$(UNIT_DIR)/arena/%.o: test/unit/%.c
	@mkdir -p $(@D)
	$(UNIT_CC) -DARENA -Dmain=run_$* -c -o $@ $<

$(filter-out %/test_tree_arena,$(UNIT_PROGRAMS)): %: %.o $(UNIT_API)
$(UNIT_DIR)/test_tree_arena: %: %.o $(ARENA_OBJS) $(UNIT_DIR)/tree_arena.o $(filter-out %/tree.o,$(UNIT_API))

# They play out of memory
$(UNIT_DIR)/test_memory $(UNIT_DIR)/test_tree_arena: UNIT_LDFLAGS = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc

$(UNIT_PROGRAMS):
	$(UNIT_CC) -o $@ $^ -lcmocka $(LIBS_USED) $(UNIT_LDFLAGS)

-include $(UNIT_API:.o=.d) $(UNIT_PROGRAMS:=.d) $(ARENA_OBJS:.o=.d) $(UNIT_DIR)/tree_arena.d

$(UNIT_DIR)/fuzz/%.o: test/fuzz/%.c
	@mkdir -p $(@D)
	$(UNIT_CC) -DLLVMFuzzerTestOneInput=fuzz_$* -c -o $@ $<

$(REPLAY).o: test/fuzz/replay.c
	@mkdir -p $(@D)
	$(UNIT_CC) -c -o $@ $<

$(REPLAY): $(REPLAY_OBJS) $(UNIT_API)
	$(UNIT_CC) -o $@ $^ $(LIBS_USED) -lm

-include $(REPLAY_OBJS:.o=.d)

# Without what "make unit" does beside it: for the build of a package
unit-check: unit-build
	set -e; for program in $(UNIT_PROGRAMS) $(REPLAY); do $$program; done

# The same, for the fuzzer: needs clang
FUZZ_CC = clang $(UNIT_FLAGS) $(CLANG_WARNINGS) -fsanitize=fuzzer-no-link
FUZZ_API = $(UNIT_API:$(UNIT_DIR)/%=$(FUZZ_DIR)/%)
FUZZ_PROGRAMS = $(FUZZ_TARGETS:%=$(FUZZ_DIR)/%)

fuzz-build: $(FUZZ_PROGRAMS)

$(FUZZ_DIR)/api/%.o: src/api/%.c
	@mkdir -p $(@D)
	$(FUZZ_CC) -c -o $@ $<

$(FUZZ_DIR)/%.o: test/fuzz/%.c
	@mkdir -p $(@D)
	$(FUZZ_CC) -c -o $@ $<

$(FUZZ_PROGRAMS): %: %.o $(FUZZ_API)
	$(FUZZ_CC) -fsanitize=fuzzer -o $@ $^ $(LIBS_USED) -lm

-include $(FUZZ_API:.o=.d) $(FUZZ_PROGRAMS:=.d)

sim-build:
	$(MAKE) -C test/sim

clean: clean-sim
clean-sim:
	if [ -e test/sim/Makefile ]; then $(MAKE) -C test/sim clean; fi

setup:
	@test/bin/setup
test:
	@test/bin/run
unit:
	@ONLY=unit test/bin/run
difftest:
	@ONLY=tap TESTS=130_differential DIFF_SECONDS=$(or $(SECONDS),600) DIFF_SEED=$(or $(SEED),1) test/bin/run
campaign:
	@ONLY=tap TESTS=160_campaign CAMPAIGN_SECONDS=$(or $(SECONDS),600) CAMPAIGN_SEED=$(or $(SEED),1) test/bin/run
memcheck:
	@test/bin/memcheck
mutants:
	@test/bin/mutants
coverage:
	@test/bin/coverage
package:
	@test/bin/package
bench:
	@test/bin/bench
fuzz:
	@FUZZ_SECONDS=$(or $(SECONDS),60) test/bin/fuzz
demo:
	@test/bin/demo
sim:
	@test/bin/sim
lint:
	@test/bin/lint
format:
	@test/bin/indent --apply
typedefs:
	@test/bin/typedefs
docs:
	@test/bin/docs

regress-list:
	@echo $(REGRESS)

.PHONY: always unit-build unit-check fuzz-build sim-build clean-sim setup test unit difftest campaign memcheck mutants coverage package fuzz bench demo sim lint format typedefs docs regress-list
.SECONDARY: $(UNIT_PROGRAMS:=.o) $(ARENA_OBJS) $(UNIT_API) $(REPLAY_OBJS) $(FUZZ_PROGRAMS:=.o) $(FUZZ_API)
