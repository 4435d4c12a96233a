from delivery_analytics.report.printable import printable


def test_text_keeps_its_lines_and_loses_what_would_deceive_a_reader():
    assert printable("a\tb\nc") == "a\tb\nc"
    assert printable("invoice\u202excod.exe\x07") == "invoice\ufffdxcod.exe\ufffd"


def test_what_no_document_may_hold_and_ends_of_lines_that_nobody_expects_are_replaced():
    for letter in "\x00\x0b\x0c\x1f\x7f\x85\u2028\u2029\u2066\ud800\udfff\ufffe\uffff":
        assert printable(f"a{letter}b") == "a\ufffdb", repr(letter)
