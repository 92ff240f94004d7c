"""A script pasted into every field stays text: it runs on no page, and the content policy never has to help."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from playwright.sync_api import Page, expect

from tests.plugins.applications import LiveServer
from tests.stories.company import Company
from tests.stories.conftest import OpenWindow, catch_up, sign_in

ACTIVE = "<script>window.__xss=1</script><img src=x onerror=window.__xss=1>"
BROKEN_OUT = "\"'><svg onload=window.__xss=1>{{7*7}}"
SHAPED = {
    "proof": f"{ACTIVE} | {BROKEN_OUT}",
    "theirs": "<svg onload=window.__xss=1>, <img src=x onerror=window.__xss=1>",
    "ours": "<svg onload=window.__xss=1>",
}
MARKDOWN = f"""
{ACTIVE}

[a link](javascript:window.__xss=1) ![a picture](javascript:window.__xss=1) <a href="javascript:window.__xss=1">b</a>

| a | b |
|---|---|
| {ACTIVE} | <iframe srcdoc="{ACTIVE}"></iframe> |

```
{ACTIVE}
```

- [ ] {BROKEN_OUT}

[^1]: {ACTIVE}
"""
# Elements and attributes that only a pasted script could have brought.
BROUGHT_IN = """() => [...document.querySelectorAll('main script, main iframe, .suggestions script,' +
  ' [onerror], [onload], [href^="javascript:" i], [src^="javascript:" i], img[src="x"]')].map(one => one.outerHTML)"""


class Form(NamedTuple):
    """A form, what is chosen in it, and the button that sends it; every text field is filled by the story."""

    path: str
    button: str
    chosen: Mapping[str, str] = {}


def forms(company: Company) -> Sequence[Form]:
    """Everything that people write."""
    return (
        Form("/objections/new", "Add it", {"Category": "Price"}),
        Form("/questions/new", "Ask"),
        Form(company.question_url, "Post the answer"),
        Form(f"{company.answer_url}/edit", "Save"),
        Form(f"{company.dear_url}/edit", "Save"),
        Form("/playbooks/new", "Publish"),
        Form(f"{company.playbook_url}/edit", "Save"),
        Form("/words", "Add"),
        Form("/gaps", "Not for us"),
    )


def admin_forms(company: Company) -> Sequence[Form]:
    """Everything that admins write."""
    return (
        Form("/admin/departments", "Add"),
        Form("/admin/teams", "Add", {"Department": "Sales"}),
        Form("/admin/vocabularies/category", "Add"),
        Form("/admin/vocabularies/stage", "Add"),
        Form(f"/admin/people/{company.dana.id}", "Keep"),
    )


def fill(page: Page) -> None:
    """Paste into every text field; one that takes several lines gets the worst that Markdown can carry."""
    page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    for field in page.locator("main form[method=post] :is(input:not([type]), input[type=text], textarea)").all():
        if not field.is_visible():
            continue
        name, limit = field.get_attribute("name"), int(field.get_attribute("maxlength") or 10**6)
        if name == "text":
            field.fill(MARKDOWN)
        elif name in SHAPED:
            field.fill(SHAPED[name])
        else:
            field.fill(ACTIVE if limit > len(ACTIVE) else BROKEN_OUT[:limit])


def send(page: Page, form: Form) -> None:
    page.goto(form.path)
    fill(page)
    for label, choice in form.chosen.items():
        page.get_by_label(label, exact=True).select_option(choice)
    page.locator("main").get_by_role("button", name=form.button, exact=True).last.click()
    page.wait_for_load_state()
    assert page.get_by_role("alert").count() == 0, page.get_by_role("alert").all_inner_texts()
    check(page)


def check(page: Page) -> None:
    assert page.evaluate("window.__xss") is None, page.url
    assert page.evaluate(BROUGHT_IN) == [], page.url


def places(company: Company) -> Iterator[str]:
    """Where it is read again."""
    yield from ("/", "/objections", "/questions", "/playbooks", "/people", "/departments", "/search?q=script+onerror")
    yield from ("/me/kit", "/gaps?is=declined", "/words")
    for url in (company.dear_url, company.answer_url, company.playbook_url):
        yield from (f"{url}/edit", f"{url}/history", f"{url}/history/2")
    yield from (company.dear_url, company.question_url, company.playbook_url)


def test_what_was_pasted_never_runs(open_window: OpenWindow, company: Company, live_server: LiveServer) -> None:
    writer = open_window(company.priya)
    for form in forms(company):
        send(writer, form)
    admin = open_window(company.ada)
    for form in admin_forms(company):
        send(admin, form)
    catch_up(live_server)
    # The second reader's browser ignores the content policy: what is escaped needs no second line of defence.
    for page in (open_window(company.priya), open_window(company.priya, bypass_csp=True)):
        for path in places(company):
            page.goto(path)
            check(page)
        page.goto("/")
        page.get_by_role("searchbox", name="Search").fill("script")
        expect(page.locator(".suggestions [data-row]").first).to_be_visible()
        check(page)
    for page in (open_window(company.ada), open_window(company.ada, bypass_csp=True)):
        for path in (
            "/admin/audit",
            "/admin/departments",
            "/admin/teams",
            "/admin/vocabularies/category",
            "/admin/people",
        ):
            page.goto(path)
            check(page)


def test_what_is_typed_and_shown_at_once_never_runs(open_window: OpenWindow, company: Company) -> None:
    page = open_window(company.priya, bypass_csp=True)
    for path in (f"/search?q={ACTIVE}", f"/search?q=type:{BROKEN_OUT}", f"/objections?category={BROKEN_OUT}",
                 f"/objections/new?title={ACTIVE}", f"/people?q={BROKEN_OUT}", f"/playbooks?tag={BROKEN_OUT}",
                 f"/nothing/{ACTIVE}"):  # fmt: skip
        page.goto(path)
        check(page)
    page.goto("/")
    with page.expect_response("**/search/suggest*"):
        page.get_by_role("searchbox", name="Search").fill(ACTIVE)
    expect(page.locator(".suggestions")).to_be_visible()
    check(page)
    page.goto("/playbooks/new")
    with page.expect_response("**/preview"):
        page.get_by_label("Text").fill(MARKDOWN)
    expect(page.locator(".preview")).to_contain_text("a link")
    check(page)


def test_what_strangers_type_never_runs(open_window: OpenWindow, company: Company) -> None:
    page = open_window(bypass_csp=True)
    page.goto("/login?next=javascript:window.__xss=1")
    check(page)
    page.get_by_label("Mail").evaluate("field => field.type = 'text'")
    page.get_by_label("Mail").fill(BROKEN_OUT)
    page.get_by_label("Password", exact=True).fill(ACTIVE)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("main")).to_contain_text("do not belong together")
    check(page)
    sign_in(page, company.jonas.email)
    check(page)


def test_a_conflict_and_a_refusal_show_it_as_text(open_window: OpenWindow, company: Company) -> None:
    page = open_window(company.priya, bypass_csp=True)
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{company.dear_url}/edit")
    for tab in (other, page):
        fill(tab)
        tab.get_by_role("button", name="Save").click()
        check(tab)
    page.goto(company.question_url)
    fill(page)
    page.get_by_label("Say this").fill(ACTIVE + " word" * 26)
    page.get_by_role("button", name="Post the answer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)
