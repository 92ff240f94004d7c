"""What a browser notes while somebody types into the search bar: when answers are painted, and what moves meanwhile."""

from dataclasses import dataclass

from playwright.sync_api import Page

PROBE = """
(() => {
  const noted = (window.noted = { typed: [], shifts: [] });
  let pressed = 0;
  const what = (source) => source.node?.outerHTML?.slice(0, 160) ?? source.node?.nodeName ?? "gone";
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      noted.shifts.push({ value: one.value, expected: one.hadRecentInput, what: one.sources.map(what) });
    }
  }).observe({ type: "layout-shift" });
  addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
  addEventListener("input", (event) => {
    noted.typed.push({ words: event.target.value.trim(), at: pressed, painted: null });
  }, true);
  const afterPaint = (tell) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => tell(performance.now());
    port2.postMessage("");
  });
  new MutationObserver(() => {
    const words = document.querySelector(".suggestions:not([hidden]) [data-searched]")?.dataset.searched.trim();
    const asked = noted.typed.findLast((one) => one.words === words);
    if (asked && asked.painted === null) afterPaint((now) => { asked.painted ??= now; });
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden"] });
})();
"""
"""For `add_init_script`. A keystroke is answered once the frame that holds the rows for its words has been painted."""


@dataclass(frozen=True)
class Shift:
    """One layout shift: how much of the window moved how far, whether within half a second of a keystroke, and what."""

    value: float
    is_after_input: bool
    what: str


@dataclass(frozen=True)
class Noted:
    """Milliseconds from each answered keystroke to its painted rows; keystrokes from the second letter on that the
    next one overtook; and every layout shift."""

    answered: list[float]
    overtaken: int
    shifts: list[Shift]


def read_noted(page: Page) -> Noted:
    """What this window has noted since it was opened."""
    noted = page.evaluate("window.noted")
    asked = [one for one in noted["typed"] if len(one["words"]) > 1]
    answered = [one["painted"] - one["at"] for one in asked if one["painted"] is not None]
    shifts = [Shift(one["value"], one["expected"], " | ".join(one["what"])) for one in noted["shifts"]]
    return Noted(answered, len(asked) - len(answered), shifts)
