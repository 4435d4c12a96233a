"""Tell in which encoding a text file was written, without turning letters into others."""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import pairwise

from delivery_analytics.errors import Problem, SourceError
from delivery_analytics.spreadsheets.refusals import declarations, noted, refusal

# From the most to the least frequent, in Russian; the letters only Kazakh has, amidst.
_BY_FREQUENCY = "оеаинтсрвлкмдпуяыьгіқңғөүұәһзбчйхжшюцщэфъё"
_POINTS = {
    letter: 1.25 - 0.02 * place
    for place, lower in enumerate(_BY_FREQUENCY)
    for letter in (lower, lower.upper())
}
_TYPOGRAPHIC = frozenset("\u00a0«»–—“”„’‘…№°§•±²³€£¥¢")
_DECLARED = declarations("encodings.toml")
_SINGLE_BYTE: dict[str, str] = _DECLARED["single_byte"]
_BOMS = [(mark.encode("latin-1"), codec) for mark, codec in _DECLARED["marks"].items()]
_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_PAIR = re.compile(rb"[\x80-\xff]{2}")
_WORD = re.compile(r"[^\W\d_]+")
# A sign where letters meet, or a letter that stands alone where a sign would: "г5", "a Ц b".
_INSIDE = re.compile(r"[^\W\d_][²³°±§№€£¥¢•…][^\W\d_]|(?<![^\W_])[²³][^\W\d_]")
_LONE = re.compile(r"(?<![\w.\-])[^\W\d_](?=\d|\s)")
_SAMPLE, _SAMPLE_BYTES = 200, 1 << 18  # lines; those of one may be very long
_SURE = 0.75  # points per letter, of at most 1.2


def detect_encoding(data: bytes, *, declared: str = "") -> tuple[str, list[Problem]]:
    """Return the codec's name, and a warning where it had to be guessed.

    A mark at the file's start, and letters that make UTF-8, are believed before the
    `declared` codec: none of the others makes it by chance.

    Raises
    ------
    SourceError
        ``csv.encoding``, when lines are written in different encodings or in none we
        can tell. Reading on would turn names into other names.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            _check_whole(data, codec)
            return codec, []
    if declared:
        if not data.isascii() and _is_utf8(data):
            is_meant = codecs.lookup(declared).name.startswith("utf-8")
            return "utf-8", [] if is_meant else [noted("not_as_declared", declared=declared)]
        _check_whole(data, declared)
        return declared, []
    codec = _unmarked_utf16(data)
    if codec:
        _check_whole(data, codec)
        return codec, [noted("guessed", encoding=codec.upper())]
    return ("utf-8", []) if data.isascii() or _is_utf8(data) else _single_byte(data)


def _check_whole(data: bytes, codec: str) -> None:
    try:
        data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].replace(b"\0", b"").count(b"\n") + 1
        raise _unreadable(line, f"is not {codec.removesuffix('-sig').upper()}") from None


def _unmarked_utf16(data: bytes) -> str:
    """Return the UTF-16 codec when every second byte of the start is mostly zero."""
    head = data[: 1 << 16]
    if len(head) < 4 or len(data) % 2:
        return ""
    half = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.05 * half else ""


def _single_byte(data: bytes) -> tuple[str, list[Problem]]:
    lines = list(_high_lines(data))
    good = [number for number, line in lines if _is_utf8(line)]
    bad = [number for number, line in lines if not _is_utf8(line)]
    if good:
        number = min(bad) if len(bad) <= len(good) else min(good)
        raise _unreadable(number, "is written in another encoding than the rest")
    scores = _scores(line for _, line in lines[:_SAMPLE])
    best = max(scores, key=scores.__getitem__)
    if scores[best] < _SURE:
        raise _untold(dict(lines)[bad[0]], bad[0], scores)
    return best, [noted("guessed", encoding=_SINGLE_BYTE[best])]


def _scores(lines: Iterable[bytes]) -> dict[str, float]:
    sample = b"".join(lines)[:_SAMPLE_BYTES]
    return {codec: _score(sample, codec) for codec in _SINGLE_BYTE}


def readings(data: bytes) -> dict[str, str]:
    """Return how a text may be read whose encoding cannot be told; {} of any other.

    Codec → a line that reads otherwise than in the likeliest, which stands first.
    """
    lines = [line for _, line in _high_lines(data)]
    is_marked = b"\0" in data or any(data.startswith(mark) for mark, _ in _BOMS)
    if not lines or is_marked or any(map(_is_utf8, lines)):
        return {}
    scores, texts = _scores(lines[:_SAMPLE]), dict[str, str]()
    if max(scores.values()) >= _SURE:
        return {}
    for codec in sorted(scores, key=scores.__getitem__, reverse=True):
        with suppress(UnicodeDecodeError):
            texts.setdefault("".join(line.decode(codec) for line in lines), codec)
    best = dict.fromkeys(next(iter(texts), "").split("\n"))
    unlike = {text: [line for line in text.split("\n") if line not in best] for text in texts}
    return {codec: next(iter(unlike[text] or best)) for text, codec in texts.items()}


def _high_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines with anything beyond ASCII, numbered from 1."""
    for number, match in enumerate(_LINES.finditer(data), start=1):
        if not match[0].isascii():
            yield number, match[0]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _score(sample: bytes, codec: str) -> float:
    """Return how much like Russian, Kazakh or a western language the text reads.

    Points per byte beyond ASCII: a letter of the alphabets counts, a frequent one more;
    any sign no table would hold counts against it, and so does a word of two scripts or
    with a capital inside.
    """
    count = len(_HIGH.findall(sample))
    text = sample.decode(codec, "replace")
    points = 0.0
    for letter in text:
        if letter.isascii():
            continue
        if letter in _POINTS:
            points += _POINTS[letter]
        elif letter in _TYPOGRAPHIC:
            points += 0.8
        elif not letter.isalpha():
            points -= 2
    points -= 2.0 * len(_INSIDE.findall(text))
    if not _HIGH_PAIR.search(sample):  # no words of another alphabet, so rather signs
        points -= sum(1.5 for letter in _LONE.findall(text) if not letter.isascii())
    points += sum(_word_points(word) for word in _WORD.findall(text) if not word.isascii())
    return points / max(count, 1)


def _word_points(word: str) -> float:
    cyrillic = sum(letter in _POINTS for letter in word)
    latin = sum(letter.isascii() for letter in word)
    other = len(word) - cyrillic - latin
    if cyrillic:
        capital_inside = any(a.islower() and b.isupper() for a, b in pairwise(word))
        return -2.0 * (latin > 0) * cyrillic - 1.5 * other - 2.0 * capital_inside
    return 0.9 * other if latin >= 2 * other and not word[1:].isupper() else -1.0 * other


def _unreadable(line: int, what: str) -> SourceError:
    return refusal("unreadable_line", cell=f"line {line}", line=line, what=what)


def _untold(line: bytes, number: int, scores: Mapping[str, float]) -> SourceError:
    """Return the error that shows a line as the two likeliest encodings would have it."""
    likeliest = sorted(scores, key=scores.__getitem__, reverse=True)
    readings = {line.decode(codec, "replace").strip()[:60]: codec for codec in likeliest[::-1]}
    (text, codec), (other, second) = list(readings.items())[: -len(readings) - 1 : -1][:2]
    one = {"text": text, "encoding": _SINGLE_BYTE[codec], "codec": codec}
    two = {"other": other, "other_encoding": _SINGLE_BYTE[second], "other_codec": second}
    return refusal("untold_line", cell=f"line {number}", line=number, **one, **two)
