"""The box that turns a search without an answer into a question: what to ask, whom, and what is like it."""

from portal.shared.finding.pages import AskBox, Labels, ResultRow
from portal.shared.finding.syntax import Typed
from portal.shared.finding.wording import normal_form
from portal.shared.search_index.analysis import STOP, cut, stem

LONGEST_TITLE = 200
MOST_DEPARTMENTS = 8
_QUESTION_WORDS = """
    who whom whose what which when where why how can could do does did is are may should anybody anyone"""
_OPENINGS = frozenset(_QUESTION_WORDS.split())


def ask_box(typed: Typed, labels: Labels, similar: tuple[ResultRow, ...] = ()) -> AskBox | None:
    """What could be asked instead; None where nothing but operators was typed."""
    title = " ".join(typed.title.split())[:LONGEST_TITLE]
    if not cut(title).plain:
        return None
    is_wished = normal_form(title) in labels.get("wish", ())
    return AskBox(title, guess_kind(title), departments_for(title, labels), similar, is_wished)


def guess_kind(title: str) -> str:
    """`question` where it ends or begins like one; else a buyer said it, and it is an `objection`."""
    words = cut(title).plain
    is_question = title.rstrip().endswith(("?", "？")) or (bool(words) and words[0] in _OPENINGS)
    return "question" if is_question else "objection"


def departments_for(title: str, labels: Labels) -> tuple[tuple[str, str], ...]:
    """The departments whose name shares a word with what is asked, else all of them; as (name, address)."""
    asked = {stem(word) for word in cut(title).plain if word not in STOP}
    everyone = labels.get("dept", {})
    named = {slug: name for slug, name in everyone.items() if asked & {stem(word) for word in cut(name).plain}}
    return tuple((name, f"/departments/{slug}") for slug, name in (named or everyone).items())[:MOST_DEPARTMENTS]
