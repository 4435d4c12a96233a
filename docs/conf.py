"""How the documents are built: `make docs`, without a network, warnings being errors."""

import sys
from pathlib import Path

import click
import typer
from sphinx.util.docutils import SphinxDirective

sys.path.insert(0, str(Path(__file__).parents[1]))

import delivery_analytics
from delivery_analytics.cli import app as command_line

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
        whole = f"delivery_analytics.{home}.{name}" if home else f"delivery_analytics.{name}"
        kind = (
            "automodule" if not home else "autoclass" if name[0].isupper() else "autofunction"
        )
        members = "" if kind == "autofunction" else "\n   :members:"
        parts.append(f"## {name}\n\n```{{eval-rst}}\n.. {kind}:: {whole}{members}\n```\n")
    return "\n".join(parts)


def setup(app):
    for name, text in (("commands", commands), ("public", public)):
        app.add_directive(name, type(name, (Written,), {"text": staticmethod(text)}))
