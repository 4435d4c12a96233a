# Two commands for a fresh machine: `make report` and `make test`. Both set themselves up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: report test lint lock environment clean

report: $(READY)  ## load the example, make every report: reports/latest/index.html
	$(BIN)/delivery publish

test: $(READY)  ## lint, types and the whole suite
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $(READY)

lock:  ## after a change of dependencies in pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --extra cluster \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) build dist data/processed/*.parquet data/processed/manifest.json reports/2* reports/latest
