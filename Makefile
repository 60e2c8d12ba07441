# make demo    harvest the invented sample and browse it on http://127.0.0.1:8001
# make test    everything that CI runs
# make corpus  build corpus.db, the sample that `datasette .` shows
# make lint    formatting, lint and types only
# make bench   speed and size, beside other tools
# make kills   harvests of a hostile archive, killed at 200 random instants; KILLS=200
# make pictures   take the pictures of the README again
# make gallery    take every page at three widths in both schemes and on paper, into build/gallery, to be looked at
# make fuzz    arbitrary bytes into the text and compare rooms, SECONDS=600

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ALPHA := .venv-alpha
PYWB := .venv-pywb
DATASETTE_ALPHA := 1.0a41
# A file of tests stays in one process: what it sets up once is shared. Not those with most tests first: the one that
# takes longest has one test, and would be run at the end, by one process alone.
PYTEST_ARGS ?= -n auto --dist loadfile --no-loadscope-reorder

SECONDS ?= 600
KILLS ?= 200

.PHONY: pictures gallery demo test corpus lint bench kills fuzz install environments test-stable test-alpha docs pywb clean

demo: install
	@mkdir -p build
	$(BIN)/harvest demo --db build/demo.db $(DEMO_ARGS)

test: lint test-stable test-alpha

lint: install
	$(BIN)/ruff format --check harvest tests plugins docs
	$(BIN)/ruff check harvest tests plugins docs
	$(BIN)/mypy

test-stable: install pywb
	HARVEST_REQUIRE_PYWB=1 $(BIN)/pytest $(PYTEST_ARGS)

test-alpha: $(ALPHA)/.installed
	$(ALPHA)/bin/pytest tests/plugins $(PYTEST_ARGS)

corpus: install
	$(BIN)/python -m harvest.cli.sample corpus.db
	$(BIN)/cog -r README.md docs/sql.md

bench: install
	$(BIN)/pip install --quiet "trafilatura>=2.0" lxml_html_clean
	$(BIN)/python tests/benchmarks/run.py $(BENCH_ARGS)

kills: install
	$(BIN)/python tests/benchmarks/kills.py --kills $(KILLS) $(KILLS_ARGS)

pictures: install
	$(BIN)/python docs/pictures.py corpus.db

gallery: install
	$(BIN)/python docs/gallery.py build/gallery corpus.db --odd

fuzz: install
	$(BIN)/pip install --quiet "atheris>=2.3"
	@mkdir -p build
	$(BIN)/python tests/fuzz/read_anything.py -max_total_time=$(SECONDS) -max_len=60000

docs: install
	$(BIN)/cog -r README.md docs/sql.md

install: $(VENV)/.installed

# All that tests need, for `make -j`.
environments: install pywb $(ALPHA)/.installed

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; this is $$($(PYTHON) -V). Try: make PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[test]"
	@touch $@

# The newest alpha of Datasette 1.0 in an environment of its own: both lines are supported (docs/decisions).
$(ALPHA)/.installed: pyproject.toml Makefile
	test -x $(ALPHA)/bin/python || $(PYTHON) -m venv $(ALPHA)
	$(ALPHA)/bin/pip install --quiet --disable-pip-version-check "datasette==$(DATASETTE_ALPHA)" -e ".[test]"
	@touch $@

# A Wayback server that nobody here wrote, for one test; its dependencies are old and stay apart from ours.
# setuptools: pywb imports pkg_resources, which newer ones no longer have.
pywb: $(PYWB)/.installed

$(PYWB)/.installed:
	test -x $(PYWB)/bin/python || $(PYTHON) -m venv $(PYWB)
	$(PYWB)/bin/pip install --quiet --disable-pip-version-check "pywb>=2.10,<3" "setuptools<81"
	@touch $@

clean:
	rm -rf build dist $(ALPHA) $(PYWB) .pytest_cache .mypy_cache .ruff_cache
