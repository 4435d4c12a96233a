"""The command line: ``delivery [--workspace DIR] COMMAND``.

Heavy imports stay inside the commands, so that ``--help`` answers at once. A user's
mistake is told in a sentence; ``--debug`` shows the traceback.
"""

import sys
from typing import Annotated

import typer

from delivery_analytics.cli import (  # noqa: F401  their commands
    data,
    describing,
    publishing,
    reports,
    returns,
    services,
    workspace,
)
from delivery_analytics.cli.options import app, settings
from delivery_analytics.errors import DeliveryAnalyticsError, StorageError
from delivery_analytics.execution.import_guard import without_grammars


@app.callback()
def _common(
    root: Annotated[
        str,
        typer.Option(
            "--workspace",
            help="The folder that holds data/definitions; or where it is, such as "
            "s3://bucket/unit.",
        ),
    ] = ".",
    debug: Annotated[bool, typer.Option(help="Show the traceback of an error.")] = False,
) -> None:
    settings.workspace = root
    settings.debug = debug


def main() -> None:
    """Run the command line; errors raised on purpose become an exit code and a sentence."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may not know every letter: show the others as they are escaped.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    without_grammars()
    try:
        app()
    except DeliveryAnalyticsError as error:
        if settings.debug:
            raise
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        if settings.debug:
            raise
        told = StorageError.of(error, "a file", "read or written")
        typer.echo(str(told), err=True)
        sys.exit(told.exit_code)


if __name__ == "__main__":
    main()
