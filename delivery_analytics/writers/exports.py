"""Every figure as one file to take away: for a spreadsheet, a script or a database."""

import io
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import xlsxwriter

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.files import write_whole
from delivery_analytics.model.lookup import check
from delivery_analytics.wording.wording import Wording
from delivery_analytics.writers.tidy_figures import tidy_figures
from delivery_analytics.writers.xlsx.sheets import FORMULA_STARTS, SAFE, BookWriter, write_data


def export_figures(data: Dataset, words: Wording, path: Path, form: str) -> Path:
    """Write `tidy_figures` to `path` as one of `EXPORTS`, whole or not at all.

    Texts that a spreadsheet would take for a formula have an apostrophe before them in CSV,
    and are marked as text in a workbook.

    Raises
    ------
    DefinitionError
        If there is no such format, or DuckDB is not installed.
    """
    check("format", form, EXPORTS)
    content = EXPORTS[form](tidy_figures(data, words), words)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
    return path


def _csv(figures: pd.DataFrame, words: Wording) -> bytes:
    texts = figures.select_dtypes(["str", "object"])
    safe = texts.map(lambda text: f"'{text}" if str(text).startswith(FORMULA_STARTS) else text)
    text = figures.assign(**safe).to_csv(
        index=False, date_format="%Y-%m-%d", lineterminator="\r\n"
    )
    return text.encode("utf-8-sig")  # by whose mark Excel knows the letters


def _xlsx(figures: pd.DataFrame, words: Wording) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, SAFE) as workbook:
        headings = {str(name): str(name) for name in figures}
        write_data(BookWriter(workbook, words), words("Data"), figures, headings)
    return stream.getvalue()


def _duckdb(figures: pd.DataFrame, words: Wording) -> bytes:
    try:
        import duckdb
    except ModuleNotFoundError:
        raise DefinitionError(
            "To write for DuckDB, install delivery-analytics[duckdb]"
        ) from None
    import pyarrow as pa

    with TemporaryDirectory() as folder:
        file = Path(folder) / "figures.duckdb"
        with duckdb.connect(file) as database:
            database.register("tidy", pa.Table.from_pandas(figures, preserve_index=False))
            database.execute("CREATE TABLE figures AS SELECT * FROM tidy")
        return file.read_bytes()


EXPORTS: dict[str, Callable[[pd.DataFrame, Wording], bytes]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": lambda figures, words: bytes(figures.to_parquet(index=False)),
    "duckdb": _duckdb,
}
