# Everything that people type. A fresh machine needs a Rust toolchain; the rest is set up here.

CACHE ?= $(HOME)/.cache/clientele
export CARGO_TARGET_DIR ?= $(CACHE)/target
VENV := $(CACHE)/venv
PYTHON := $(VENV)/bin/python
export CLIENTELE_TEST_PYTHON := $(PYTHON)

.PHONY: help demo test lint setup torture fuzz install bench bench-everything bench-questions bench-years clean-demo

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Real data to tiers and a report, in ./clientele-demo
	cargo build --locked --workspace --bins
	$(CARGO_TARGET_DIR)/debug/clientele demo clientele-demo

test: setup lint ## Everything that must hold
	cargo nextest run --locked --workspace

TORTURE_KILLS ?= 1000
TORTURE_SEED ?= 7
export TORTURE_KILLS TORTURE_SEED

torture: setup ## Every fault at every operation (or TORTURE_POINTS of each), and TORTURE_KILLS (1000) kills
	cargo nextest run --locked --workspace --profile torture --run-ignored only \
		-E 'test(torture) + test(killed_often)' 2>&1 | tee $(CACHE)/torture.log
	@awk '/points: / { points += $$2; wrong += $$4 } /kills: / { kills = $$2 } \
		END { printf "torture: %d points, %d wrong; %d kills\n", points, wrong, kills; exit !points || wrong > 0 || !kills }' \
		$(CACHE)/torture.log

lint: ## Formatting and clippy
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings

setup: $(CACHE)/setup-4 ## What the tests need beside Rust

# The independent computations that tests compare with, a test runner and a browser.
$(CACHE)/setup-4:
	mkdir -p $(CACHE)
	command -v cargo-nextest >/dev/null || cargo install --locked cargo-nextest
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk; }
	touch $@

# RUSTC_BOOTSTRAP lets the stable compiler take the flags of coverage; the code itself needs none.
FUZZ := RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$(CACHE)/fuzz/target cargo fuzz run --sanitizer none
FUZZ_SECONDS ?= 60

fuzz: ## Fuzz the readers, the documents and the rules of segments, FUZZ_SECONDS (60) each
	command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz
	mkdir -p $(addprefix $(CACHE)/fuzz/,readers spec segment)
	$(FUZZ) readers $(CACHE)/fuzz/readers $(CURDIR)/fuzz/seeds/readers -- -max_total_time=$(FUZZ_SECONDS)
	$(FUZZ) spec $(CACHE)/fuzz/spec $(CURDIR)/library -- -max_total_time=$(FUZZ_SECONDS)
	$(FUZZ) segment $(CACHE)/fuzz/segment $(CURDIR)/fuzz/seeds/segment -- -max_total_time=$(FUZZ_SECONDS)

install: ## The optimised binary, with cluster support, in ~/.cargo/bin
	cargo install --locked --path crates/clientele

bench: setup ## Time the RFM job and the import against DuckDB and Polars
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	cargo build --locked --release --workspace --bins --no-default-features
	$(PYTHON) bench/run.py --clientele $(CARGO_TARGET_DIR)/release/clientele $(BENCH)

bench-everything: setup ## Time a refresh of all metrics and schemes at 100 thousand and 1 million customers
	cargo build --locked --release --workspace --bins --no-default-features
	$(PYTHON) bench/everything.py --clientele $(CARGO_TARGET_DIR)/release/clientele $(BENCH)

bench-questions: setup ## Time questions about a run of 1 million customers, with 1 and with 16 askers
	cargo build --locked --release --workspace --bins --no-default-features
	$(PYTHON) bench/questions.py --clientele $(CARGO_TARGET_DIR)/release/clientele $(BENCH)

bench-years: setup ## Live through a year of daily imports, refreshes and vacuums
	cargo build --locked --release --workspace --bins --no-default-features
	$(PYTHON) bench/years.py --clientele $(CARGO_TARGET_DIR)/release/clientele $(BENCH)

clean-demo: ## Remove the demo's workspace
	rm -rf clientele-demo
