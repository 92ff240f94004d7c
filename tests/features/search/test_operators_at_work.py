"""Every operator narrows what is found, through the real page on a real index."""

import re

from portal.core.db import Database
from portal.shared.people import operations
from portal.shared.people.models import Department
from tests.features.search.conftest import Get, House

TITLES = {
    "dear": "Your meters are too expensive",
    "discount": "We want a discount on meters",
    "terms": "Who signs long payment terms for meters?",
    "playbook": "First visit",
}
EVERYTHING = set(TITLES)
FINDS: dict[str, set[str]] = {
    "meters": EVERYTHING,
    "meters type:objection": {"dear", "discount"},
    "meters type:Questions": {"terms"},
    "type:objection type:playbook": {"dear", "discount", "playbook"},
    "tag:dairy": {"dear"},
    "meters competitor:Kestrion": {"dear"},
    "stage:negotiation": {"dear"},
    "category:timing meters": {"discount"},
    "persona:cfo": {"dear"},
    "by:me meters": {"dear", "terms"},
    "by:@omar meters": {"dear", "discount", "playbook"},
    'by:"Omar Haddad" type:playbook': {"playbook"},
    "by:@elif": set(),
    "is:verified": {"dear"},
    "is:unanswered": {"discount", "terms"},
    "is:draft": set(),
    "worked:>60": set(),
    "meters after:2025-01-01": {"dear", "playbook"},
    "meters before:2025": {"discount", "terms"},
    "before:2024-05-07 after:2024-05-06": {"discount", "terms"},
    "before:2024-05-06": set(),
    "meters -expensive": {"discount", "terms", "playbook"},
    '"too expensive"': {"dear"},
    "“too expensive”": {"dear"},
    '"expensive too"': set(),
    "meters sort:new after:2020": EVERYTHING,
}
TELLS: dict[str, tuple[str, str]] = {
    "meters stage:signing": ("There is no stage “signing”", "/search?q=meters+stage:negotiation"),
    "meters tag:": ("“tag:” wants a tag", "/search?q=meters+tag:dairy"),
    "meters competitor:acme": ("There is no competitor “acme”", "/search?q=meters+competitor:kestrion"),
    "meters by:@zoe": ("Nobody here is called “@zoe”", "/search?q=meters+by:me"),
    "meters worked:often": ("“often” is not a percentage", "/search?q=meters+worked:%3E60"),
    "meters after:monday": ("“monday” is not a day", "/search?q=meters+after:2026-01-01"),
    "meters sort:price": ("“price” is not an order", "/search?q=meters+sort:new"),
    "meters colour:red": ("“colour:” is no filter here and was searched as text", ""),
}


def found(page: str) -> set[str]:
    """Which of the four things stand as rows, similar ones left out."""
    headings = re.findall(r"<h2[^>]*><a [^>]*data-open>.*?</a></h2>", page.partition("<h2>Similar</h2>")[0])
    plain = re.sub(r"<[^>]+>", "", " ".join(headings))
    return {name for name, title in TITLES.items() if title in plain}


def test_each_operator_narrows_what_is_found(get: Get) -> None:
    for query, names in FINDS.items():
        assert found(get("/search", q=query)) == names, query


def test_department_finds_its_people_also_by_the_former_name(get: Get, app_database: Database) -> None:
    assert "<mark>Omar</mark> Haddad" in get("/search", q="dept:finance omar")
    with app_database.writing() as session:
        finance = session.query(Department).filter_by(slug="finance").one()
        operations.rename_department(session, None, finance, "Money", "")
        session.commit()
    assert "dept: Money" in get("/search", q="dept:finance omar")


def test_newest_first_and_pages_keep_the_operators(get: Get, house: House) -> None:
    for order, first, last in (("new", house.dear, house.discount), ("top", house.dear, house.discount)):
        page = get("/search", q=f"meters sort:{order} type:objection")
        assert page.index(f"/objections/{first.id}-") < page.index(f"/objections/{last.id}-")
    far = get("/search", q="meters type:objection", page="9")
    assert "The list ends before this page" in far
    assert "/search?q=meters+type:objection&amp;page=8" in far


def test_what_cannot_be_read_is_told_and_the_rest_is_searched(get: Get) -> None:
    for query, (said, choice) in TELLS.items():
        page = get("/search", q=query)
        assert said in page, query
        assert choice in page, query
        assert "dear" in found(page), query


def test_an_unknown_value_alone_names_the_values_instead_of_an_empty_page(get: Get) -> None:
    page = get("/search", q="category:magic")
    assert "There is no category “magic”" in page
    assert 'href="/search?q=category:price"' in page
    assert not found(page)


def test_what_others_use_is_named_nowhere(get: Get, house: House) -> None:
    for path in ("/search", "/search/suggest"):
        for query in ("tag:", "competitor:", "persona:", "meters", "type:objection", "secret", "tag:quo", "by:@elif"):
            assert "quokka" not in get(path, q=query).lower(), (path, query)


def test_a_value_that_others_use_reads_as_one_that_nobody_uses(get: Get) -> None:
    for operator in ("tag", "competitor"):
        used, unused = ("quokka-merger" if operator == "tag" else "quokka"), "zebra-nothing"
        pages = [get("/search", q=f"{operator}:{value}").replace(value, "…") for value in (used, unused)]
        assert _steady(pages[0]) == _steady(pages[1])


def _steady(page: str) -> str:
    """The page without what differs with every request."""
    return re.sub(r'name="csrf[^>]*>', "", page)
