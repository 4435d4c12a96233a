"""The conda environment and the lock hold what pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# What conda-forge calls otherwise.
CONDA_NAMES = {"tzdata": "python-tzdata", "jupyter-server": "jupyter_server"}
FROM_PYPI = {"typst"}  # what conda-forge calls so is another package


def conda_dependencies():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    return re.findall(r"^  - ([\w.-]+(?:[<>=].*)?)$", text.partition("dependencies:")[2], re.M)


def test_the_conda_environment_asks_for_the_same_packages_as_the_project():
    expected = ["python" + PROJECT["requires-python"], "pip"]
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    for wanted in PROJECT["dependencies"]:
        name = re.match(r"[\w.-]+", wanted)[0]
        if name in FROM_PYPI:
            assert f"      - {wanted}" in text.partition("- pip:")[2].splitlines()
            continue
        expected.append(CONDA_NAMES.get(name, name) + wanted[len(name) :])

    assert conda_dependencies() == expected


def test_the_lock_holds_every_dependency_with_a_hash_and_no_address():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", lock)
    locked = {re.match(r"[\w.-]+", block)[0].lower() for block in blocks}
    extras = [one for extra in PROJECT["optional-dependencies"].values() for one in extra]
    names = [re.match(r"[\w.-]+", one)[0].lower() for one in PROJECT["dependencies"] + extras]

    assert set(names) <= locked
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"://|--index|--find-links", lock)
