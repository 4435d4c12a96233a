"""What all charts say alike: labels, footnotes, text that can be shown."""

from delivery_analytics.charts import common


def test_rows_of_one_name_stay_apart():
    labels = common.row_labels(["Clinics", "Clinics", ""])

    assert len(set(labels)) == 3
    assert labels[0] == "Clinics"
    assert labels[1].strip("\u200b") == "Clinics"


def test_text_no_document_can_hold_is_replaced_and_a_number_keeps_its_no_break_space():
    assert common.drawn_text("a\ud800b\x00c\n d") == "a\ufffdb\ufffdc d"
    assert common.drawn_text("70.3%") == "70.3%"


def test_a_long_name_wraps_at_words_and_a_cut_shows():
    text = "Доля автомобильных дорог республиканского значения в нормативном состоянии"

    assert common.wrapped(text, width=34).split("\n") == [
        "Доля автомобильных дорог",
        "республиканского значения в …",
    ]


def test_a_footnote_names_three_files_and_counts_the_others(en):
    files = [f"data/raw/health/{letter}.xlsx" for letter in "edcba"]

    assert common.source_note(en, files=files, as_of=None) == (
        "Source: a.xlsx, b.xlsx, c.xlsx and 2 more"
    )
