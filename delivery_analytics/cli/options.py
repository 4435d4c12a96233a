"""What all commands share: the application, its settings, and options of one meaning."""

from __future__ import annotations

import functools
import inspect
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_origin

import typer

from delivery_analytics.errors import DefinitionError
from delivery_analytics.execution.contract import RUN_PER
from delivery_analytics.model import languages
from delivery_analytics.model.files import packaged
from delivery_analytics.model.lookup import mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from delivery_analytics.execution.dask_cluster import Cluster
    from delivery_analytics.execution.engine import Limits
    from delivery_analytics.model.dataset import Dataset
    from delivery_analytics.model.registry import Registry
    from delivery_analytics.wording.wording import Wording

app = typer.Typer(
    help="Turn the spreadsheets that ministries send into judged indicators, reports and "
    "slides.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


@dataclass
class Settings:
    workspace: str = "."
    debug: bool = False


settings = Settings()
# Command → parameter → its text, with the names of its option where they are not its own.
_TEXTS = packaged(__file__, "options.toml")
_FILES, ASKED = _TEXTS.pop("files"), _TEXTS.pop("asked")
NOTEBOOK = Annotated[
    str, typer.Argument(help="Its report's notebook, such as 20_sector; by what is named.")
]


def command(name: str | None = None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Enter a function as a command.

    Its docstring is the command's help; what begins with "Example" there stands at its end.
    Its parameters are explained by ``options.toml``.
    """

    def enter(function: Callable[..., None]) -> Callable[..., None]:
        told, example, given = str(inspect.getdoc(function)).partition("Example")
        epilog = " ".join((example + given).split())
        texts = _TEXTS["every"] | _TEXTS.get(name or function.__name__, {})
        # Typer makes a command's options from its signature, so this is where they must stand.
        signature = inspect.signature(function, eval_str=True)
        explained = [_explained(one, texts) for one in signature.parameters.values()]
        function.__signature__ = signature.replace(parameters=explained)  # type: ignore[attr-defined]
        return app.command(name, help=told.strip(), epilog=epilog)(function)

    return enter


def _explained(parameter: inspect.Parameter, texts: Mapping[str, Any]) -> inspect.Parameter:
    """Return a parameter with its text: what must be given is an argument, the rest options."""
    if get_origin(parameter.annotation) is Annotated:
        return parameter
    text = texts[parameter.name]
    text, *called = [text] if isinstance(text, str) else text
    told: dict[str, Any] = {"help": text.format(languages=", ".join(languages.LANGUAGES))}
    told |= _FILES.get(parameter.name, {})
    is_needed = parameter.default is inspect.Parameter.empty
    how = typer.Argument(**told) if is_needed else typer.Option(*called, **told)
    return parameter.replace(annotation=Annotated[parameter.annotation, how])


def keyed(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each thing that a notebook may run per.

    It gets those that were named as ``keys``: what it is → id.
    """

    @functools.wraps(function)
    def call(**given: Any) -> None:
        keys = {name: given.pop(name) for name in options}
        function(keys={name: key for name, key in keys.items() if key}, **given)

    named, text = inspect.Parameter.KEYWORD_ONLY, {"default": None, "annotation": str | None}
    per = [name for name, subject in RUN_PER.items() if subject.among]
    options = {name: inspect.Parameter(name, named, **text) for name in per}
    signature = inspect.signature(function, eval_str=True)
    given = {**signature.parameters}
    del given["keys"]
    own = [parameter.replace(kind=named) for parameter in given.values()]
    call.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[own[0], *options.values(), *own[1:]]
    )
    return call


def workspace_registry() -> Registry:
    """Return what was agreed in the workspace that was named.

    One behind an address is fetched first; work goes on in the copy.
    """
    from delivery_analytics.execution.remote_storage import copy_of, fetch, is_url
    from delivery_analytics.model.registry import open_registry

    if not is_url(settings.workspace):
        return open_registry(settings.workspace, tolerant=True)
    folder = fetch(settings.workspace, copy_of(settings.workspace))
    return open_registry(folder, tolerant=True)


def checked_registry(*, packs: bool = False, loads: bool = False) -> Registry:
    """Return what was agreed, its references and methods held against what there is.

    Parameters
    ----------
    loads
        What is sent is loaded next.
    packs
        Hold the notebooks of packs against those there are as well. A pack that cannot be
        made keeps nobody from publishing.

    Raises
    ------
    DefinitionError
        Naming the file, the name that there is nothing of, and what is near.
    """
    from delivery_analytics.analytics.status import check_methods
    from delivery_analytics.errors import DefinitionError
    from delivery_analytics.loading.references import check_references
    from delivery_analytics.model.lookup import near_miss
    from delivery_analytics.wording.own_words import own_words

    registry = check_methods(workspace_registry())
    own_words(registry.workspace)
    if not loads:  # which holds them against each other itself
        registry = check_references(registry)
    for message in registry.broken.values():
        typer.echo(message, err=True)
    notebooks = sorted(path.stem for path in registry.workspace.notebooks.glob("*.ipynb"))
    for pack in registry.packs.values() if packs else ():
        for name in pack.notebooks:
            if notebooks and name not in notebooks:
                where = f"{registry.workspace.definitions / 'packs.toml'}, {pack.id}, notebooks"
                raise DefinitionError(f"{where}: {near_miss('notebook', name, notebooks)}")
    return registry


def loaded_data() -> Dataset:
    """Return what was loaded in the workspace that was named, every revision of it."""
    from delivery_analytics.model.opening import open_dataset

    registry = workspace_registry()
    return open_dataset(registry.workspace.processed, registry)


def limited(timeout: float, cell_timeout: float | None, no_network: bool) -> Limits:
    """Return what one report may take.

    Raises
    ------
    DefinitionError
        When notebooks are to be cut off from the network, and this system cannot do it.
    """
    from delivery_analytics.execution.engine import Limits
    from delivery_analytics.execution.sandbox import can_cut_off

    if no_network and not can_cut_off():
        raise mistake("no-cut-off")
    return Limits(timeout, cell_timeout, network=not no_network)


def sent(folder: Path, below: str) -> str:
    """Send what was made to the workspace it belongs to, and say where it is now.

    Parameters
    ----------
    folder
        An edition, or a folder of tables.
    below
        Its place in the workspace; an edition's is ``reports``.
    """
    from delivery_analytics.execution.remote_storage import is_url, send_back, send_edition

    if not is_url(settings.workspace):
        return str(folder)
    url = f"{settings.workspace.rstrip('/')}/{below}"
    return send_edition(folder, url) if below == "reports" else send_back(folder, url)


@contextmanager
def cluster_at(address: str | None, through: str) -> Iterator[Cluster | None]:
    """Lend the cluster at an address, or none where none was named."""
    if not address:
        yield None
        return
    from delivery_analytics.execution.dask_cluster import Cluster

    with Cluster(address, through) as cluster:
        yield cluster


def languages_of(registry: Registry, text: str | None) -> list[str]:
    """Return the languages that were asked for, or those the unit prefers."""
    return several(text) if text else list(registry.prefers.languages)


def wording_of(registry: Registry, language: str | None) -> Wording:
    """Return the words of the language that was asked for, with those of the workspace."""
    from delivery_analytics.wording.wording import open_wording

    return open_wording(languages_of(registry, language)[0], registry.workspace)


def given_keys(**keys: str | None) -> dict[str, str]:
    """Return the keys that were given: what a report or chart is about."""
    return {name: key for name, key in keys.items() if key}


def named_values(option: str, given: Sequence[str] | None) -> dict[str, str]:
    """Return what was given as ``name=value``, an option for each."""
    pairs = [pair.partition("=") for pair in given or ()]
    for name, sign, value in pairs:
        if not (name and sign):
            raise DefinitionError(f"{option} {name}{sign}{value}: expected name=value")
    return {name: value for name, _, value in pairs}


def several(text: str) -> list[str]:
    """Return the parts of a list with commas."""
    return [part.strip() for part in text.split(",") if part.strip()]
