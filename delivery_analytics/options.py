"""What all commands share: the application, its settings, and options of one meaning."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from delivery_analytics.registry import Registry

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
    workspace: Path = Path()
    debug: bool = False


settings = Settings()

SECTOR = Annotated[str | None, typer.Option(help="One sector, as its file is called.")]
REGION = Annotated[str | None, typer.Option(help="One region, by its ISO 3166-2 code.")]
AS_OF = Annotated[
    str | None,
    typer.Option(help="Know only what was reported by this day, such as 2024-06-30."),
]
LANGUAGES = Annotated[str, typer.Option(help="en, ru, kk, or several with commas.")]
FORMATS = Annotated[str, typer.Option("--format", help="html, xlsx, pptx, pdf, with commas.")]
TEMPLATE = Annotated[
    Path | None,
    typer.Option(help="A presentation whose theme, background and logo slides take."),
]


def workspace_registry() -> Registry:
    """Return what was agreed in the workspace that was named."""
    from delivery_analytics.registry import open_registry

    return open_registry(settings.workspace)


def several(text: str) -> list[str]:
    """Return the parts of a list with commas."""
    return [part.strip() for part in text.split(",") if part.strip()]
