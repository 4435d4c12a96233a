"""Hold every deck and workbook of an edition against the rules of Microsoft's Open XML SDK.

    python -m tests.support.office_rules build/office reports/latest

`make office-test` puts the validator into the first folder. Ends with 1 if any file has a
finding, or if there is no file to look at.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def findings(validator, file):
    """Return what the validator has against `file`, each as one line."""
    told = subprocess.run([validator, str(file)], capture_output=True, check=False)
    answer = json.loads(told.stdout)  # whatever the validator could not do is no answer
    found = [f"{file}: {one['path']}: {one['description']}" for one in answer["errors"]]
    return found if answer["ok"] == (not found) else [f"{file}: could not be opened"]


def main(folder, edition):
    validator = Path(folder, "node_modules", ".bin", "ooxml-validator")
    kinds = (".pptx", ".xlsx")
    files = sorted(one for one in Path(edition).resolve().rglob("*") if one.suffix in kinds)
    with ThreadPoolExecutor(os.cpu_count()) as several:
        told = [
            line
            for each in several.map(lambda f: findings(validator, f), files)
            for line in each
        ]
    print(*told, f"{len(told)} findings in {len(files)} decks and workbooks", sep="\n")
    return int(bool(told) or not files)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
