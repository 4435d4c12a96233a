"""How the documents are built: `make docs`, without a network, warnings being errors."""

import ast
import dataclasses
import inspect
import sys
from inspect import getmembers, ismodule
from pathlib import Path
from typing import get_args

import click
import typer
from sphinx.util.docutils import SphinxDirective

sys.path.insert(0, str(Path(__file__).parents[1]))

import delivery_analytics
from delivery_analytics.cli.main import app as command_line
from delivery_analytics.execution.import_guard import without_grammars
from delivery_analytics.model import definitions as agreed
from delivery_analytics.model import sheet_definitions
from delivery_analytics.model.reference import fields_of
from delivery_analytics.model.schema import SENT
from delivery_analytics.publishing import alert_rules, mail

without_grammars()

project = "delivery_analytics"
version = release = delivery_analytics.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_heading_anchors = 3
napoleon_google_docstring = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"
html_theme = "furo"
html_title = "delivery_analytics"
html_copy_source = False
html_show_sphinx = False
pygments_style = "default"


class Written(SphinxDirective):
    """A directive whose Markdown is written by a function, so that it cannot drift."""

    text = staticmethod(lambda: "")

    def run(self):
        return self.parse_text_to_nodes(self.text(), allow_section_headings=True)


def commands() -> str:
    """Return every command's own help."""
    group = typer.main.get_command(command_line)
    above = typer.Context(group, info_name="delivery")
    parts = []
    for name in sorted(group.commands):
        command = group.commands[name]
        context = click.Context(command, parent=above, info_name=name, terminal_width=88)
        parts.append(f"## delivery {name}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def public() -> str:
    """Return the documentation of every public name, in the order of a session."""
    parts = []
    for name in delivery_analytics.__all__:
        home = delivery_analytics._HOME.get(name)
        whole = ".".join(filter(None, ["delivery_analytics", home, name]))
        named = getattr(delivery_analytics, name)
        kind = "autoclass" if name[0].isupper() else "autofunction"
        kind = "automodule" if ismodule(named) else kind
        parts.append(f"## {name}\n\n{_documented(kind, whole)}")
        if name in ("analytics", "methods"):  # whose names are modules
            for one, module in getmembers(getattr(delivery_analytics, name), ismodule):
                parts.append(f"### {one}\n\n{_documented('automodule', module.__name__)}")
    return "\n".join(parts)


def _documented(kind: str, whole: str) -> str:
    members = "" if kind == "autofunction" else "\n   :members:"
    # What is public stands on the page by itself, and once.
    homes = delivery_analytics._HOME.items()
    shown = [name for name, home in homes if whole == f"delivery_analytics.{home}"]
    if shown and members:
        members += f"\n   :exclude-members: {', '.join(shown)}"
    return f"```{{eval-rst}}\n.. {kind}:: {whole}{members}\n```\n"


def charts() -> str:
    """Return a table of every chart: how it is called, and what it draws."""
    lines = ["| call | draws |", "|---|---|"]
    for name, chart in delivery_analytics.charts.CHARTS.items():
        signature = inspect.signature(chart.draw)
        plain = [one.replace(annotation=one.empty) for one in signature.parameters.values()]
        called = signature.replace(parameters=plain, return_annotation=signature.empty)
        draws = inspect.getdoc(chart.draw).partition("\n")[0]
        lines.append(f"| `{name}{called}` | {draws} |")
    return "\n".join(lines)


DEFINED = {  # the files of data/definitions, and what stands in each
    "sectors/*.toml": (
        "Sector",
        "Indicator",
        "Sheet",
        "Wide",
        "CellField",
        "Keep",
        "Recompute",
    ),
    "workspace.toml": ("Preferences",),
    "units.toml": ("Unit",),
    "regions.csv": ("Region",),
    "status.toml": ("StatusRules",),
    "programmes.toml": ("Programme",),
    "packs.toml": ("Pack",),
    "challenges.toml": ("Challenge", "Guard"),
    "mail.toml": ("Mail", "MailPart"),
    "alerts.toml": ("AlertSettings", "AlertRule", "Silence"),
}


TOLD = {"Sector": {"id"}, "Indicator": {"sector_id"}}  # by the file's name
TAKES = {
    "Names": "a text by language",
    "Identifier": "an id",
    "Measured": "an id",
    "Headings": "texts",
    "Area": "a range such as A20:H40",
    "Cell": "a cell such as A2",
    "Address": "an address",
    "tuple[str, ...]": "texts",
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "date": "a day",
    "Frequency": ", ".join(f"`{one}`" for one in get_args(agreed.Frequency)),
    "tuple[Indicator, ...]": "tables `[[indicator]]`",
    "tuple[Sheet, ...]": "tables `[[sheet]]`",
    "tuple[MailPart, ...]": "tables `[[part]]`",
    "tuple[AlertRule, ...]": "tables `[[rule]]`",
    "tuple[Silence, ...]": "tables `[[silence]]`",
    "Several": "an id, several, or a pattern",
    "RuleKind": ", ".join(f"`{one}`" for one in get_args(alert_rules.RuleKind)),
}


def definitions() -> str:
    """Return the keys of every file of definitions, with what each is unless it is said."""
    parts = []
    for file, kinds in DEFINED.items():
        parts.append(f"## {file}\n")
        for name in kinds:
            homes = (agreed, sheet_definitions, mail, alert_rules)
            home = next(one for one in homes if hasattr(one, name))
            whole = f"{home.__name__}.{name}"
            parts.append(f"### {name}\n\n```{{eval-rst}}\n.. autoclass:: {whole}()\n```\n")
            parts.append("| key | takes | unless said |\n|---|---|---|")
            written = _annotations(getattr(home, name))
            for one in dataclasses.fields(getattr(home, name)):
                if one.name not in TOLD.get(name, ()):
                    takes = _takes(written[one.name])
                    parts.append(f"| `{one.name}` | {takes} | {_default(one)} |")
            parts.append("")
    return "\n".join(parts)


def fields() -> str:
    """Return the fields that a row of a return may have, table by table."""
    parts = []
    for table in SENT:
        parts.append(f"## Fields of {table}\n")
        parts.append("| field | is | needed | means | such as |\n|---|---|---|---|---|")
        for one in fields_of(table):
            needed = "yes" if one.needed else ""
            row = f"| `{one.name}` | {one.kind} | {needed} | {one.meaning} | {one.example} |"
            parts.append(row)
        parts.append("")
    return "\n".join(parts)


def _annotations(kind: type) -> dict[str, str]:
    """Return what each field takes as it is written, which is shorter than what it means."""
    [made] = ast.parse(inspect.getsource(kind)).body
    fields = (one for one in made.body if isinstance(one, ast.AnnAssign))
    return {one.target.id: ast.unparse(one.annotation) for one in fields}


def _takes(written: str) -> str:
    if written.startswith("Literal["):
        return ", ".join(f"`{value}`" for value in ast.literal_eval(f"[{written[8:-1]}]"))
    return TAKES.get(written, f"`{written}`".replace("|", "\\|"))


def _default(one: dataclasses.Field) -> str:
    if one.default_factory is not dataclasses.MISSING:
        return "empty"
    if one.default is dataclasses.MISSING:
        return "**needed**"
    return "empty" if one.default in ("", ()) else f"`{one.default}`"


def setup(app):
    for name, text in (
        ("commands", commands),
        ("public", public),
        ("charts", charts),
        ("definitions", definitions),
        ("fields", fields),
    ):
        app.add_directive(name, type(name, (Written,), {"text": staticmethod(text)}))
