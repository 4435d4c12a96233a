"""What the cells of a notebook show, made again when what it depends on is chosen anew."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from IPython import get_ipython
from IPython.display import HTML, display
from markupsafe import escape

from delivery_analytics.errors import DefinitionError
from delivery_analytics.lab.view import View

Make = Callable[[View], Any]


@dataclass
class _Output:
    """One output that follows: what makes it, and what it was last made for."""

    handle: Any
    make: Make
    depends_on: tuple[str, ...]
    shows: tuple[str, ...]


class Outputs:
    """The outputs of a notebook's cells that follow what is chosen."""

    def __init__(self) -> None:
        self._outputs: dict[tuple[str, str], _Output] = {}

    def show(self, make: Make, view: View, depends_on: tuple[str, ...]) -> None:
        """Show what `make` makes of the view, in the cell that runs."""
        handle = display(_made(make, view), display_id=True)  # type: ignore[no-untyped-call]
        # A cell that is run again shows one of its kind, not two.
        output = _Output(handle, make, depends_on, _state(view, depends_on))
        self._outputs[make.__name__, _cell()] = output

    def follow(self, view: View) -> None:
        """Make again what depends on something that was chosen anew."""
        for output in self._outputs.values():
            state = _state(view, output.depends_on)
            if state != output.shows:
                output.shows = state
                if output.handle is not None:  # outside a notebook nothing is shown twice
                    output.handle.update(_made(output.make, view))


def _state(view: View, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(getattr(view, name) for name in names)


def _cell() -> str:
    """Return the id of the cell that runs, where a notebook tells it."""
    shell = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    return str(parent.get("metadata", {}).get("cellId", ""))


def _made(make: Make, view: View) -> Any:
    """Return what `make` makes, or the sentence that says why it cannot."""
    try:
        return make(view)
    except DefinitionError as error:
        return HTML(f"<em>{escape(str(error))}</em>")  # type: ignore[no-untyped-call]
