"""Only doors know the web: below them nothing sees a request, a response, or who is signed in."""

from tests.laws.source import files, imports_of, name_of, tree_of

WEB = ("flask", "werkzeug", "flask_login", "flask_wtf", "flask_compress")
# The machinery that doors are made of, and the roof.
KNOWS_THE_WEB = {
    "portal/app.py",
    "portal/core/assets.py",
    "portal/core/guard.py",
    "portal/core/headers.py",
    "portal/core/ids.py",
    "portal/core/login.py",
    "portal/core/problems.py",
    "portal/core/templating.py",
    "portal/core/web.py",
}


def test_only_doors_know_the_web() -> None:
    knowing = [
        f"{name_of(path)}:{line} imports {module}"
        for path in files(".py", "portal")
        if name_of(path) not in KNOWS_THE_WEB
        and not (path.stem == "views" or path.stem.endswith("_views"))
        and not name_of(path).startswith("portal/cli/")
        for line, module in imports_of(tree_of(path))
        if module.split(".")[0] in WEB
    ]
    assert not knowing, "\n".join(knowing)


def test_what_may_know_the_web_still_needs_to() -> None:
    needing = {
        name_of(path)
        for path in files(".py", "portal")
        if any(module.split(".")[0] in WEB for _, module in imports_of(tree_of(path)))
    }
    assert KNOWS_THE_WEB - needing == set()
