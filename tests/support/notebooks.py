"""Small notebooks for tests, written as their cells' text."""

import nbformat

PARAMETERS = """\
sector: str = "health"  # which sector
output_dir: str = ""  # where to write
formats: list = ["txt"]  # what to write
"""
WRITE = """\
from pathlib import Path
for ending in formats:
    Path(output_dir, f"report.{ending}").write_text(sector)
"""


def write_notebook(path, *cells, parameters=PARAMETERS, tags=(), **metadata):
    """Write a notebook: a title, the parameters, then `cells` tagged `tags`; return it."""
    tagged = nbformat.v4.new_code_cell(parameters)
    tagged.metadata.tags = ["parameters"]
    made = [nbformat.v4.new_code_cell(cell, metadata={"tags": list(tags)}) for cell in cells]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# A question?"), tagged, *made]
    )
    notebook.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    notebook.metadata.update(metadata)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path
