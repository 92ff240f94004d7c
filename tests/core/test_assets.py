"""Static files: hashed names, joined in order, compressed once, kept for a year."""

import gzip
import hashlib
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core import assets
from portal.core.assets import Assets

FILES = {
    "css/tokens.css": "@layer tokens { :root { --a: 1 } }",
    "css/reset.css": "@layer reset { * { margin: 0 } }",
    "css/base.css": "@layer base { a { color: red } }",
    "css/components/b.css": "@layer components { .b { color: red } }",
    "css/components/a.css": "@layer components { .a { color: red } }",
    "css/features/f.css": "@layer features { .f { color: red } }",
    "js/behaviour.js": "function behaviour() {}",
    "js/a.js": "const same = 1;",
    "js/z.js": "const same = 2;",
    "js/writing/w.js": "const same = 4;",
    "vendor/htmx/htmx.min.js": "var htmx = 1",
    "vendor/htmx/LICENSE": "free",
    "img/icon.svg": "<svg>" + " " * 400 + "</svg>",
    "img/photo.png": "\x89PNG",
    ".hidden": "not for you",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small static folder, and a secret beside it."""
    for name, content in FILES.items():
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    (tmp_path / "secret").write_text("canary")
    return tmp_path / "static"


def client(made: Assets) -> FlaskClient:
    app = Flask("assets", static_folder=None)
    assets.install(app, made)
    return app.test_client()


def body(made: Assets, url: str) -> str:
    asset = made.find(url.removeprefix("/assets/"))
    assert asset is not None
    return asset.body.decode()


def test_style_sheets_are_joined_in_the_order_of_their_layers(folder: Path) -> None:
    made = Assets(folder, joined=True)
    (css,) = made.css
    text = body(made, css)
    assert text.startswith("@layer reset, tokens, base, layout, components, features;")
    names = ("reset", "tokens", "base", "components/a", "components/b", "features/f")
    places = [text.index(FILES[f"css/{name}.css"]) for name in names]
    assert places == sorted(places)


def test_scripts_are_joined_each_in_a_block_of_its_own(folder: Path) -> None:
    made = Assets(folder, joined=True)
    everywhere, writing = made.js(writes=True)
    assert made.js() == [everywhere]
    assert body(made, everywhere) == "function behaviour() {}\n;\n{\nconst same = 1;\n}\n;\n{\nconst same = 2;\n}"
    assert body(made, writing) == "var htmx = 1\n;\n{\nconst same = 4;\n}"


def test_apart_they_are_served_one_by_one_in_the_same_order(folder: Path) -> None:
    made = Assets(folder, joined=False)
    assert [body(made, url) for url in made.css] == [
        FILES[f"css/{name}.css"] for name in ("reset", "tokens", "base", "components/a", "components/b", "features/f")
    ]
    assert [body(made, url) for url in made.js(writes=True)] == [
        FILES[name] for name in ("js/behaviour.js", "js/a.js", "js/z.js", "vendor/htmx/htmx.min.js", "js/writing/w.js")
    ]
    with pytest.raises(KeyError):
        made.url("app.css")


def test_a_name_bears_the_hash_of_its_content(folder: Path) -> None:
    before = Assets(folder, joined=True)
    digest = hashlib.sha256(FILES["img/icon.svg"].encode()).hexdigest()[:12]
    assert before.url("img/icon.svg") == f"/assets/img/icon.{digest}.svg"
    (folder / "js" / "a.js").write_text("const same = 3;")
    after = Assets(folder, joined=True)
    assert (after.css, after.js() == before.js()) == (before.css, False)


def test_a_file_that_is_not_there_is_an_error_of_the_template(folder: Path) -> None:
    with pytest.raises(KeyError):
        Assets(folder, joined=True).url("img/none.svg")


def test_an_asset_is_served_as_what_it_is_and_kept_for_a_year(folder: Path) -> None:
    made = Assets(folder, joined=True)
    for name, kind in {"css/base.css": "text/css", "js/a.js": "text/javascript", "img/photo.png": "image/png",
                       "vendor/htmx/LICENSE": "application/octet-stream"}.items():  # fmt: skip
        answer = client(made).get(made.url(name))
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.get_data(as_text=True) == FILES[name]


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("br", False),
        ("", False),
        (None, False),
    ],
)
def test_it_is_packed_for_those_who_take_it(folder: Path, accepted: str | None, is_packed: bool) -> None:
    made = Assets(folder, joined=True)
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    answer = client(made).get(made.url("img/icon.svg"), headers=headers)
    assert answer.headers.get("Content-Encoding") == ("gzip" if is_packed else None)
    assert answer.headers["Vary"] == "Accept-Encoding"
    data = gzip.decompress(answer.data) if is_packed else answer.data
    assert data.decode() == FILES["img/icon.svg"]
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_small_files_and_pictures_are_never_packed(folder: Path) -> None:
    made = Assets(folder, joined=True)
    for name in ("css/base.css", "img/photo.png"):
        answer = client(made).get(made.url(name), headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in answer.headers


def test_two_processes_make_the_same_bytes(folder: Path) -> None:
    one, other = (Assets(folder, joined=True) for _ in range(2))
    assert one.find(one.css[0].removeprefix("/assets/")) == other.find(other.css[0].removeprefix("/assets/"))


@pytest.mark.parametrize(
    "path",
    ["/assets/img/icon.svg", "/assets/../secret", "/assets/..%2fsecret", "/assets/%2e%2e/secret", "/assets//etc/passwd",
     "/assets/.hidden", "/assets/img", "/assets/", "/assets/img/icon.000000000000.svg"],
)  # fmt: skip
def test_no_other_path_is_served(folder: Path, path: str) -> None:
    answer = client(Assets(folder, joined=True)).get(path, follow_redirects=True)
    assert answer.status_code == 404
    assert "canary" not in answer.text


def test_the_house_sends_two_files_for_style_and_behaviour(house: Flask) -> None:
    text = house.test_client().get("/").text
    assert text.count('rel="stylesheet"') == 1
    assert text.count("<script") == 1
    assert "<style" not in text
