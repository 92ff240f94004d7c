"""Ask, answer, edit: and where two people save at once, both texts are shown and nothing is lost."""

from playwright.sync_api import Page, expect

from tests.plugins.applications import LiveServer
from tests.stories.company import SAY, Company
from tests.stories.conftest import OpenWindow, catch_up


def save(page: Page, name: str = "Save") -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_an_objection_is_asked_answered_and_found(
    open_window: OpenWindow, company: Company, live_server: LiveServer
) -> None:
    jonas, dana = open_window(company.jonas), open_window(company.dana)
    jonas.goto("/")
    jonas.keyboard.press("n")
    jonas.get_by_label("What the buyer says").fill("The display fogs up after wash-down")
    jonas.get_by_label("Other wordings").fill("it fogs\nfoggy glass")
    jonas.get_by_label("Category").select_option("Price")
    save(jonas, "Add it")
    expect(jonas.get_by_role("heading", level=1)).to_have_text("“The display fogs up after wash-down”")
    expect(jonas.get_by_text("Nobody has answered yet")).to_be_visible()

    dana.goto(jonas.url)
    dana.get_by_label("Say this").fill("The glass is bonded. Shall we hose one down together?")
    dana.get_by_label("Proof points").fill("200 cycles at 80 °C | IP69K test, Feb 2026")
    dana.get_by_text("Why they ask, if they push").click()
    dana.get_by_label("Internal lines").fill("Only since batch 14")
    save(dana, "Post the answer")
    expect(dana.locator(".answer .say")).to_have_text("The glass is bonded. Shall we hose one down together?")
    expect(dana.locator(".internal")).to_contain_text("Only since batch 14")

    catch_up(live_server)
    jonas.keyboard.press("/")
    jonas.keyboard.type("foggy gla")
    expect(jonas.locator(".suggestions .say").first).to_have_text(
        "The glass is bonded. Shall we hose one down together?"
    )


def test_two_tabs_on_one_answer_lose_nothing(open_window: OpenWindow, company: Company) -> None:
    first = open_window(company.dana)
    second = first.context.new_page()
    for tab in (first, second):
        tab.goto(f"{company.answer_url}/edit")
    first.get_by_label("Say this").fill("Words of the first tab")
    save(first)
    expect(first.locator(".answer .say").first).to_have_text("Words of the first tab")

    second.get_by_label("Say this").fill("Words of the second tab")
    second.get_by_label("If they push").fill("Offer a second meter.")
    save(second)
    expect(second.get_by_role("heading", level=1)).to_have_text("Two texts")
    expect(second.get_by_role("alert")).to_be_focused()
    expect(second.locator("main")).to_contain_text("Words of the first tab")
    expect(second.get_by_label("Yours").first).to_have_value("Words of the second tab")
    second.get_by_label("Yours").first.fill("Words of both tabs")
    save(second, "Save mine")
    expect(second.locator(".answer .say").first).to_have_text("Words of both tabs")
    expect(second.locator(".answer").first).to_contain_text("Offer a second meter.")

    second.goto(f"{company.answer_url}/history")
    expect(second.locator("[data-row]")).to_have_count(3)
    second.get_by_role("link", name="Version 2").click()
    expect(second.locator("main")).to_contain_text("Words of the first tab")


def test_keeping_theirs_leaves_their_text(open_window: OpenWindow, company: Company) -> None:
    priya, dana = open_window(company.priya), open_window(company.dana)
    for page in (priya, dana):
        page.goto(f"{company.answer_url}/edit")
    priya.get_by_label("Say this").fill("Words of the manager")
    save(priya)
    dana.get_by_label("Say this").fill("Words of the author")
    save(dana)
    expect(dana.get_by_role("alert")).to_contain_text("Priya Nair saved this while you were writing")
    dana.get_by_role("link", name="Keep theirs").click()
    expect(dana.locator(".answer .say").first).to_have_text("Words of the manager")


def test_two_tabs_on_an_objection_and_on_a_playbook_lose_nothing(open_window: OpenWindow, company: Company) -> None:
    first = open_window(company.priya)
    second = first.context.new_page()
    for url, label in ((company.dear_url, "What the buyer says"), (company.playbook_url, "Title")):
        for tab in (first, second):
            tab.goto(f"{url}/edit")
        first.get_by_label(label).fill("Title of the first tab")
        save(first)
        expect(first.get_by_role("heading", level=1)).to_contain_text("Title of the first tab")
        second.get_by_label(label).fill("Title of the second tab")
        save(second)
        expect(second.locator("main")).to_contain_text("Title of the first tab")
        expect(second.get_by_label("Yours")).to_have_value("Title of the second tab")
        save(second, "Save mine")
        expect(second.get_by_role("heading", level=1)).to_contain_text("Title of the second tab")


def test_an_older_version_comes_back(open_window: OpenWindow, company: Company) -> None:
    page = open_window(company.dana)
    page.goto(f"{company.answer_url}/edit")
    page.get_by_label("Say this").fill("Worse words")
    page.get_by_label("Why this change").fill("A try")
    save(page)
    page.get_by_role("link", name="History", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("A try")
    page.get_by_role("link", name="Version 1").click()
    save(page, "Bring this version back")
    expect(page.locator(".answer .say").first).to_have_text(SAY)


def test_a_double_click_makes_one_thing(open_window: OpenWindow, company: Company) -> None:
    page = open_window(company.jonas)
    page.goto("/questions/new")
    page.get_by_label("What do you need to know?").fill("Who calibrates in Malmö?")
    page.get_by_role("button", name="Ask", exact=True).dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who calibrates in Malmö?")
    page.goto("/questions")
    expect(page.get_by_role("link", name="Who calibrates in Malmö?")).to_have_count(1)
