"""The promise that a language is one file, held by adding one: French."""

import shutil

import pytest

from tests.conftest import ROOT
from tests.support.package_copy import copied, files_of, python

HEADER = r"""
msgid ""
msgstr ""
"Language: fr\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=3; plural=(n < 2 ? 0 : 2);\n"
"""
# What is not here falls back to English.
FRENCH = {
    "Achieved": "Atteint",
    "On track": "En bonne voie",
    "At risk": "À risque",
    "Off track": "En retard",
    "Not judged": "Non évalué",
    "Indicator": "Indicateur",
    "Indicator, unit": "Indicateur, unité",
    "Period": "Période",
    "Observed": "Observé",
    "Expected": "Attendu",
    "Target": "Cible",
    "Status": "Statut",
    "Why": "Pourquoi",
    "Source": "Source",
    "Region": "Région",
    "Sector": "Secteur",
    "Responsible": "Responsable",
    "Due": "Échéance",
    "Milestone": "Jalon",
    "Milestones": "Jalons",
    "Every indicator": "Tous les indicateurs",
    "Status on the day": "Statut à ce jour",
    "Is this sector on track?": "Ce secteur est-il en bonne voie ?",
    "{n} judged indicators are achieved or on track": "Atteints ou en bonne voie : {n}",
    "Budget execution": "Exécution du budget",
    "no data": "aucune donnée",
    "{n} of {all}": "{n} sur {all}",
    "{items} and {last}": "{items} et {last}",
    "{currency}{amount} bn": "{amount} Md {currency}",
    "{currency}{amount} billion": "{amount} Md {currency}",
    "{currency}{amount} m": "{amount} M {currency}",
    "{currency}{amount}": "{amount} {currency}",
}
HEADINGS = {"Progress": "Avancement", "code": "code", "actual": "réalisé", "target": "cible"}


def entry(text, translation, context=""):
    about = f'msgctxt "{context}"\n' if context else ""
    return f'\n{about}msgid "{text}"\nmsgstr "{translation}"\n'


@pytest.fixture(scope="module")
def french(tmp_path_factory):
    """The package with one more file, and the example with one sector's returns."""
    folder = tmp_path_factory.mktemp("french")
    package = copied(folder)
    texts = [entry(*pair) for pair in FRENCH.items()]
    headings = [entry(*pair, context="return") for pair in HEADINGS.items()]
    file = package / "locales" / "fr.po"
    file.write_text(HEADER + "".join(texts + headings), encoding="utf-8")
    for name in ("data/definitions", "data/raw/healthcare"):
        shutil.copytree(ROOT / name, folder / "unit" / name)
    (folder / "unit/data/definitions/packs.toml").unlink()  # of notebooks left out here
    (folder / "unit" / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "20_sector.ipynb", folder / "unit" / "notebooks")
    return package


def delivery(package, *arguments):
    unit = package.parent / "unit"
    return python(package, "-m", "delivery_analytics", "--workspace", unit, *arguments)


def test_a_report_is_made_in_a_language_by_adding_its_file(french):
    python(french, "-m", "delivery_analytics", "--workspace", "unit", "load")
    sector = ("20_sector", "--sector", "healthcare", "--as-of", "2025-01-31")
    delivery(french, "report", *sector, "--language", "fr", "--out", french.parent)

    [page] = french.parent.glob("*_fr.html")
    text = page.read_text(encoding="utf-8")

    assert '<html lang="fr">' in text
    assert "Ce secteur est-il en bonne voie" in text and "Français" in text
    assert "Statut à ce jour" in text and "Atteints ou en bonne voie" in text
    assert "En bonne voie" in text and "janvier 2025" in text
    assert "Forecasts" in text  # not translated


def test_what_a_language_does_not_say_is_unicodes(french):
    code = (
        "from delivery_analytics.wording.wording import open_wording\n"
        "w = open_wording('fr')\n"
        "print(w.tag, w.short_date('2024-06-30'), w.money(2.5e9, 'KZT'), w.number(1234.5))\n"
        "print(w.short_month(6), w.short_month(7), sorted(['é', 'f', 'e', 'я'], key=w.sort_key))"
    )
    shown = python(french, "-c", code).replace("\u00a0", " ").replace("\u202f", " ")

    assert shown.splitlines() == [
        "fr-FR 30/06/2024 2,50 Md ₸ 1 234,5",
        "juin juil. ['e', 'é', 'f', 'я']",
    ]


def test_a_return_in_it_is_made_and_read_again(french):
    out = french.parent / "avancement.xlsx"
    delivery(french, "template", "healthcare", "--language", "fr", "--out", out)
    code = (
        "from delivery_analytics.loading.sheet import STANDARD\n"
        "import openpyxl, sys\n"
        "sheet = openpyxl.load_workbook(sys.argv[1]).worksheets[0]\n"
        "print(sheet.title, sheet['G1'].value, 'Avancement' in STANDARD['observations'].sheets,"
        " 'réalisé' in STANDARD['observations'].columns['value'])"
    )

    assert python(french, "-c", code, out).split() == ["Avancement", "réalisé", "True", "True"]


def test_an_unknown_language_is_told_which_there_are(french):
    code = "from delivery_analytics.model.languages import LANGUAGES; print(*LANGUAGES)"

    assert python(french, "-c", code).split() == ["en", "ru", "kk", "fr"]


def test_nothing_but_its_file_was_touched(french):
    before, now = files_of(ROOT / "delivery_analytics"), files_of(french)

    assert now.keys() - before.keys() == {"locales/fr.po"}
    assert {name: now[name] for name in before} == before
