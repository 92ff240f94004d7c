"""One way to cut text into words, for documents and queries alike, so that the two always meet."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import Stemmer

VERSION = 1
"""Raised whenever the same text would be cut differently: an index of another version is outdated."""

LONGEST_WORD = 40
"""Letters kept of a word; longer runs are keys and encoded data, and nobody types them to the end."""

_STOP_WORDS = """
    a about also am an and are as at be been but by can could did do does for from had has have how i if in into is it
    its itself just me my of on or our shall should so than that the their them then there these they this those to was
    we were what when where which who why will with would you your"""
STOP = frozenset(_STOP_WORDS.split())
"""Words that carry nothing in a question. "no", "not", "too", "us" are absent: in sales they carry the meaning."""

_LETTERS = str.maketrans({"’": "'", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_ENDING = r"(?:'(?:s|t|re|ve|ll|d|m)(?![^\W_]))?"
_RUN = re.compile(rf"[^\W_]+{_ENDING}(?:[-_.,:/&+][^\W_]+)*(?:\s?%)?")
_PART = re.compile(rf"[^\W_]+{_ENDING}")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SEPARATOR = re.compile(r"(?<!\d)[-_.,:/&+]|[-_.,:/&+](?!\d)|\s")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_CODE = re.compile(r"([^\W\d_]+)(\d+)")
_STEMMER = Stemmer.Stemmer("english")


class Spelling(NamedTuple):
    """Another way to write the `span` words that begin at position `at`: "x200" for "X-200", "kaeufer" for "Käufer"."""

    at: int
    span: int
    word: str


class Words(NamedTuple):
    """A text as words: `plain` in reading order (a word's index is its position), and further `spellings` of some."""

    plain: list[str]
    spellings: list[Spelling]


class _Folded(dict[int, str]):
    """Letter to its folded form, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        letters = unicodedata.normalize("NFKD", chr(code)).casefold()
        self[code] = "".join(c for c in letters if unicodedata.category(c)[0] != "M").translate(_LETTERS)
        return self[code]


class _FoldedInPlace(dict[int, str]):
    """Letter to its folded form where that is one letter, else itself."""

    def __missing__(self, code: int) -> str:
        self[code] = _FOLDED[code] if len(_FOLDED[code]) == 1 else chr(code)
        return self[code]


_FOLDED, _FOLDED_IN_PLACE = _Folded(), _FoldedInPlace()


def fold(text: str) -> str:
    """Lower case, without accents and ligatures, so that "Ärger", "ÄRGER" and "arger" are one word."""
    if not text.isascii():
        text = _BEYOND_ASCII.sub(lambda match: match[0].translate(_FOLDED), text)
    return text.lower()


def fold_in_place(text: str) -> str:
    """Fold letter by letter, so that every place in the result is the same place in the text; "ß" stays itself."""
    if not text.isascii():
        text = _BEYOND_ASCII.sub(lambda match: match[0].translate(_FOLDED_IN_PLACE), text)
    return text.lower()


def cut(text: str) -> Words:
    r"""Cut a text into its folded `\w` runs, and keep codes and figures whole beside their parts.

    "X-200 at 3.5%" gives x, 200, at, 3, 5 and the spellings x200 (for positions 0 and 1) and 3.5% (for 3 and 4).
    An apostrophe joins an English ending ("don't" is dont, "buyer's" is buyer) and otherwise splits ("l'offre").
    """
    words = Words([], [])
    for run in _RUN.findall(fold(text)):
        if run.isalnum():
            words.plain.append(run[:LONGEST_WORD])
        else:
            _cut_run(run, words)
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    spelled = composed.translate(_UMLAUTS)
    if spelled != composed:
        pairs = zip(words.plain, cut(spelled).plain, strict=False)
        words.spellings.extend(Spelling(at, 1, long) for at, (short, long) in enumerate(pairs) if long != short)
    return words


def _cut_run(run: str, words: Words) -> None:
    at = len(words.plain)
    words.plain.extend(_bare(part)[:LONGEST_WORD] for part in _PART.findall(run))
    span = len(words.plain) - at
    joined = _SEPARATOR.sub("", _THOUSANDS.sub("", run)).replace(",", ".")
    is_code = any(c.isdigit() for c in run) and "'" not in run
    if is_code and len(joined) <= LONGEST_WORD and joined != words.plain[at]:
        words.spellings.append(Spelling(at, span, joined))


def _bare(part: str) -> str:
    return part[:-2] if part.endswith("'s") else part.replace("'", "")


def places(text: str, wanted: Mapping[str, int]) -> list[tuple[int, int, int]]:
    """(start, end, value) of each of the wanted words, given folded, in a text, in its order."""
    folded = fold_in_place(text)
    found: list[tuple[int, int, int]] = []
    for word, value in wanted.items():
        start = folded.find(word) if word.isalnum() else -1
        while start >= 0:
            end = start + len(word)
            if not folded[start - 1 : start].isalnum() and not folded[end : end + 1].isalnum():
                found.append((start, end, value))
            start = folded.find(word, end)
    found.sort()
    return found


def content(words: Sequence[str]) -> list[str]:
    """The words without stop words; all of them if there is nothing else ("Who are you")."""
    return [word for word in words if word not in STOP] or list(words)


def code_parts(word: str) -> tuple[str, ...]:
    """The parts of a code that is written without a gap ("iso27001" is iso, 27001), or nothing."""
    match = _CODE.fullmatch(word)
    return match.groups() if match else ()


def stem(word: str) -> str:
    """The stem by Snowball's English algorithm ("porter2"); words with digits and of other scripts stay as they are."""
    return str(_STEMMER.stemWord(word)) if word.isalpha() and word.isascii() else word
