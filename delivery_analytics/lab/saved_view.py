"""What an analyst chose, kept: as a notebook that makes the report again, or as a slide."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import nbformat
from markupsafe import escape

from delivery_analytics.errors import DefinitionError, DeliveryAnalyticsError
from delivery_analytics.lab.view import View
from delivery_analytics.model.lookup import mistake
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers import single_chart

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")  # a report's place is called so, too
_TEMPLATE = Path(__file__).parents[1] / "templates" / "saved_view.ipynb"


def save_notebook(view: View, name: str = "") -> Path:
    """Write a notebook whose parameters are what was chosen, and return its path.

    ``delivery report`` makes its report. It stays out of editions until somebody has
    looked it over and sets ``publish`` in its metadata to true.

    Parameters
    ----------
    name
        Of the notebook; by what is chosen unless given.

    Raises
    ------
    DefinitionError
        When its name is not a plain one, or there is such a file already.
    """
    name = name or _name(view)
    if not _NAME.fullmatch(name):
        raise mistake("no-notebook-name", name=name)
    path = view.data.registry.workspace / "notebooks" / f"{name}.ipynb"
    if path.exists():
        raise DefinitionError(f"{path} is there already. Give the view another name")
    v4: Any = nbformat.v4
    book = v4.reads(_TEMPLATE.read_text(encoding="utf-8"))
    title, parameters = book.cells[:2]
    title.source += f"`delivery report {name}`."
    values = {key: getattr(view, key) for key in ("indicator", "region", "as_of", "since")}
    for key, value in (values | {"language": view.words.language}).items():
        blank, known = f'{key}: str = ""', f"{key}: str = {json.dumps(value)}"
        parameters.source = parameters.source.replace(blank, known)
    plan = {"run_per": "nation", "kind": name, "publish": False}
    book.metadata["delivery_analytics"] = plan
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(v4.writes(book) + "\n", encoding="utf-8")
    return path


def save_slide(view: View, path: str | Path = "") -> Path:
    """Save the chart as a slide that a presenter can edit; in ``out`` unless told."""
    out = view.data.registry.workspace / "out"
    path = Path(path) if path else out / f"{_name(view)}.pptx"
    path.parent.mkdir(parents=True, exist_ok=True)
    return single_chart.save_chart(view.figure, path, words=view.words)


def buttons(
    words: Wording, workspace: Path, saves: Mapping[str, Callable[[], Path]]
) -> widgets.HBox:
    """Return a button for each way to save, and the line that says where it went or why not."""
    message = widgets.HTML()

    def button(label: str, save: Callable[[], Path]) -> widgets.Button:
        def save_and_say(_: Any) -> None:
            try:
                place = save().relative_to(workspace).as_posix()
                text = words("Saved: {path}", path=place)
            except DeliveryAnalyticsError as error:
                text = str(error)
            message.value = str(escape(text))

        made = widgets.Button(description=label, layout=widgets.Layout(width="auto"))
        made.on_click(save_and_say)
        return made

    return widgets.HBox([*(button(*each) for each in saves.items()), message])


def _name(view: View) -> str:
    indicator = view.indicator.partition(".")[2]
    return f"view_{indicator}_{view.region}".lower()[:40].rstrip("-_")
