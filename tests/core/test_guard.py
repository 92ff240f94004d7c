"""Refused before any view: forged forms, foreign origins, odd hosts, bodies too large, and ways out to other sites."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.core.db import Database
from portal.core.guard import BODY, PARTS, UPLOAD, safe_next
from tests.builders import csrf_token, post, sign_in
from tests.core import rooms
from tests.core.rooms import build


def entered(answer: TestResponse, before: int) -> bool:
    """Whether the view ran: its counter moved on."""
    return next(rooms.views) > before + 1 and answer.status_code < 400


@pytest.fixture
def backend() -> str:
    """Nothing here asks what kind of database there is."""
    return "sqlite"


@pytest.fixture
def before() -> int:
    """How often the view of `/acts` has run."""
    return next(rooms.views)


def test_a_form_of_the_portal_is_taken(visitor: FlaskClient, before: int) -> None:
    assert entered(post(visitor, "/acts", {"said": "hello"}), before)


def test_a_form_without_a_token_is_refused(visitor: FlaskClient, before: int) -> None:
    answer = visitor.post("/acts", data={"said": "hello"})
    assert (answer.status_code, entered(answer, before)) == (400, False)
    assert "did not come from this portal" in answer.text


@pytest.mark.parametrize("change", [lambda token: token[:-2] + "xx", lambda token: "", lambda token: token * 2])
def test_a_form_with_a_wrong_token_is_refused(visitor: FlaskClient, before: int, change) -> None:
    answer = visitor.post("/acts", data={"csrf_token": change(csrf_token(visitor))})
    assert (answer.status_code, entered(answer, before)) == (400, False)


def test_the_token_of_another_browser_is_refused(visitor: FlaskClient, before: int) -> None:
    stranger = visitor.application.test_client()
    with stranger.session_transaction() as kept:
        kept["csrf_token"] = "1" * 40
    csrf_token(visitor)
    answer = visitor.post("/acts", data={"csrf_token": csrf_token(stranger)})
    assert (answer.status_code, entered(answer, before)) == (400, False)


def test_the_token_may_come_as_a_header(visitor: FlaskClient, before: int) -> None:
    assert entered(visitor.post("/acts", headers={"X-CSRFToken": csrf_token(visitor)}), before)


@pytest.mark.parametrize("origin", ["http://localhost", "HTTP://LOCALHOST"])
def test_the_own_origin_is_taken(visitor: FlaskClient, before: int, origin: str) -> None:
    assert entered(post(visitor, "/acts", headers={"Origin": origin, "Sec-Fetch-Site": "same-origin"}), before)


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "https://localhost", "http://localhost:81", "http://localhost.evil.example", "null", "",
     "http://", "http://[", "//localhost", "http://localhost@evil.example", "http://evil.example#http://localhost"],
)  # fmt: skip
def test_a_foreign_origin_is_refused_even_with_a_token(visitor: FlaskClient, before: int, origin: str) -> None:
    answer = post(visitor, "/acts", headers={"Origin": origin})
    assert (answer.status_code, entered(answer, before)) == (403, False)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_what_a_browser_calls_foreign_is_refused(visitor: FlaskClient, before: int, site: str) -> None:
    answer = post(visitor, "/acts", headers={"Sec-Fetch-Site": site})
    assert (answer.status_code, entered(answer, before)) == (403, False)


def test_a_foreign_form_is_refused_before_its_body_is_read(visitor: FlaskClient) -> None:
    answer = visitor.post("/acts", data={"x": "x" * (BODY + 1)}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403


def test_links_from_elsewhere_lead_to_pages(visitor: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}
    assert visitor.get("/", headers=headers).status_code == 200


def test_the_public_origin_is_taken_behind_a_proxy_that_ends_https(database: Database, before: int) -> None:
    client = build(database, base_url="https://portal.example.com").test_client()
    token, own = csrf_token(client), {"Host": "portal.example.com", "Origin": "https://portal.example.com"}
    with client.session_transaction(base_url="https://portal.example.com") as kept:
        kept["csrf_token"] = "0" * 40
    answer = client.post(
        "/acts", data={"csrf_token": token}, headers={**own, "Referer": "https://portal.example.com/"},
        base_url="https://portal.example.com",
    )  # fmt: skip
    assert entered(answer, before)


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:5000"])
def test_the_names_of_this_machine_are_known(visitor: FlaskClient, host: str) -> None:
    assert visitor.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example", "a b", "127.0.0.2"]
)
def test_an_odd_host_is_refused_with_a_page_of_the_house(visitor: FlaskClient, host: str) -> None:
    answer = visitor.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "That request could not be read" in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "evil.example" not in answer.text


def test_no_forwarded_header_is_believed_without_a_proxy(visitor: FlaskClient) -> None:
    answer = visitor.get("/raise/gone", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert answer.status_code == 404
    assert "evil.example" not in answer.text


def test_the_host_that_a_trusted_proxy_forwards_is_looked_at(database: Database) -> None:
    client = build(database, base_url="https://portal.example.com", proxies=1).test_client()
    good, evil = ({"X-Forwarded-Host": name} for name in ("portal.example.com", "evil.example"))
    assert client.get("/", headers={"Host": "inside:8000", **good}).status_code == 200
    assert client.get("/", headers={"Host": "localhost", **evil}).status_code == 400


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_form_that_is_too_large_is_refused_with_a_page(visitor: FlaskClient, before: int, kind: str) -> None:
    lines = ["--b", 'Content-Disposition: form-data; name="said"', "", "x" * (BODY + 1), "--b--", ""]
    body = "\r\n".join(lines) if "boundary" in kind else "said=" + "x" * BODY
    answer = visitor.post("/acts", data=body, content_type=kind, headers={"X-CSRFToken": csrf_token(visitor)})
    assert (answer.status_code, entered(answer, before)) == (413, False)
    assert "Too large" in answer.text


def test_a_body_that_is_too_large_is_refused_by_its_length_alone(visitor: FlaskClient) -> None:
    said = {"CONTENT_LENGTH": str(UPLOAD + 1)}
    answer = visitor.post("/acts", content_type="multipart/form-data; boundary=x", environ_overrides=said)
    assert answer.status_code == 413


def test_a_form_of_too_many_parts_is_refused(visitor: FlaskClient) -> None:
    fields = {f"field{number}": "x" for number in range(PARTS + 1)}
    answer = post(visitor, "/acts", fields, content_type="multipart/form-data")
    assert answer.status_code == 413


EVIL = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example",
    "/\n/evil.example", "/\r\nLocation: http://evil.example", "\t//evil.example", " //evil.example",
    "http://evil.example", "https:evil.example", "https:/evil.example", "http:///evil.example", "HTTP://evil.example",
    "javascript:alert(1)", "data:text/html,x", "vbscript:x", "evil.example", "./evil.example", "@evil.example",
    "/\x00/evil.example", "/\x7f/evil.example", "/a\\b", "/login", "/logout?next=//evil.example", "/login?next=/login",
    "", None, "?next=x", "#x",
]  # fmt: skip


@pytest.mark.parametrize("target", EVIL)
def test_no_way_after_signing_in_leads_to_another_site(target: str | None) -> None:
    assert safe_next(target) == "/"


@pytest.mark.parametrize("target", ["/", "/a/40-b?x=1&y=//z#answer-3", "/search?q=http://x", "/é", "/a//b", "/@x"])
def test_a_path_of_the_portal_is_gone_on_to(target: str) -> None:
    assert safe_next(target) == target


def test_no_referrer_leads_to_another_site(visitor: FlaskClient) -> None:
    for target in EVIL:
        referrer = "".join(c for c in f"http://localhost{target or ''}" if c >= " ")
        answer = post(visitor, "/acts", headers={"Referer": referrer})
        location = answer.headers["Location"]
        assert answer.status_code == 303
        assert location.startswith("/"), target
        assert not location.startswith(("//", "/\\")), target


@pytest.mark.parametrize("referrer", ["http://evil.example/x", "http://[", "//evil.example", "http://localhost:81/x"])
def test_a_foreign_referrer_leads_to_the_front_page(visitor: FlaskClient, referrer: str) -> None:
    assert post(visitor, "/acts", headers={"Referer": referrer}).headers["Location"] == "/"


def test_after_an_act_one_is_back_on_the_page_of_the_form(visitor: FlaskClient, person) -> None:
    sign_in(visitor, person)
    answer = post(visitor, "/acts", headers={"Referer": "http://localhost/search?q=too%20dear&page=2"})
    assert answer.headers["Location"] == "/search?q=too%20dear&page=2"
