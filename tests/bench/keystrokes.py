"""`make bench-typing`: from a keystroke to its painted results, in a real browser on the demo company.

The demo is built and served as `portal run` does, everything on this machine. Times are those of this machine at this
moment: the load beside them says how busy it was.
"""

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from portal.demo.loader import PASSWORD
from tests.bench.probe import PROBE, Noted, Shift, read_noted
from tests.plugins.browser import ARGUMENTS
from tests.plugins.left_out import find_chromium

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from portal.cli.main import main; main(prog_name='portal')"]
GOAL_MS = 150
PACE_MS, SPREAD_MS, FASTEST_MS = 120, 50, 45
PATIENCE = 60.0
MADE = (
    "too expensive for us", "why does it cost so much", "we have no budget", "can you give a discount",
    "kestrion is cheaper", "eight weeks is too long", "we only change in the shutdown", "ask me again in january",
    "my boss has to sign", "maintenance decides that", "we never had a problem", "accurate enough",
    "the old ones still work", "one supplier for everything", "no radio in our plant", "is it safe from hackers",
    "does it talk to our plc", "hart hand-held", "who comes at night", "repair takes six weeks",
    "penalty for late delivery", "sil 2 certificate", "dn 400", "ex zone 1", "x-200 drift", "first visit dairy",
    "who signs 60 days", "discuont on ten meters", "competitor:kes", "tag:ret", "is:unanswered price",
    "dana", "rush slot", "payment terms", "retrofit without stop", "calibration certificate",
)  # fmt: skip


def main() -> None:
    """Build, serve, type, tell."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="fieldhouse-bench-") as folder, ExitStack() as stack:
        address = stack.enter_context(_serving(Path(folder)))
        load = os.getloadavg()[0]
        noted = _type_all(address, MADE[: options.queries], options.seed)
    print(_table(noted, load, os.getloadavg()[0]))
    if options.json:
        Path(options.json).write_text(json.dumps(noted.answered), "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=len(MADE), help="how many of the made queries")
    parser.add_argument("--seed", type=int, default=1, help="of the pauses between letters")
    parser.add_argument("--json", default="", help="also write the milliseconds here")
    return parser.parse_args()


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """The demo company behind a port of this machine; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = {"PORT": str(port), "PORTAL_DATA_DIR": str(folder / "data"), "PORTAL_DEMO": "on"}
    env = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")} | own
    subprocess.run([*COMMAND, "demo"], cwd=ROOT, env=env, check=True, stdout=sys.stderr)
    with (folder / "portal.log").open("wb") as log:
        server = subprocess.Popen([*COMMAND, "run"], cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            _await(f"http://127.0.0.1:{port}/readyz", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _await(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            sys.exit("The portal ended by itself.")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("The portal did not get ready.")


def _type_all(address: str, queries: tuple[str, ...], seed: int) -> Noted:
    """Type one query after the other over the last one, letter by letter at the pace of a hand."""
    pauses = random.Random(seed)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        page = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800}).new_page()
        page.add_init_script(PROBE)
        _sign_in(page)
        page.goto("/playbooks")
        page.keyboard.press("/")
        for query in ("warm up", *queries):
            if query == queries[0]:
                page.evaluate("window.noted.typed.length = 0")
            page.keyboard.press("Control+A")
            for letter in query:
                page.keyboard.type(letter)
                page.wait_for_timeout(max(FASTEST_MS, pauses.gauss(PACE_MS, SPREAD_MS)))
            page.wait_for_timeout(500)
        noted = read_noted(page)
        browser.close()
    return noted


def _sign_in(page: Page) -> None:
    page.goto("/login")
    page.get_by_label("Mail").fill("rep@demo.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def _table(noted: Noted, before: float, after: float) -> str:
    cuts = statistics.quantiles(noted.answered, n=20)
    surprising = [one for one in noted.shifts if not one.is_after_input]
    lines = [
        f"keystrokes answered    {len(noted.answered)}, overtaken by the next {noted.overtaken}",
        f"keystroke to painted   p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms, worst {max(noted.answered):.0f} ms"
        f" (goal: p95 {GOAL_MS} ms on an unloaded machine)",
        f"layout shift           {_sum(noted.shifts)} in all, {_sum(surprising)} not right after a keystroke",
        *sorted({f"    moved: {one.what[:200]}" for one in noted.shifts}),
        f"load of this machine   {before:.1f} before, {after:.1f} after, {os.cpu_count()} cores",
    ]
    return "\n".join(lines)


def _sum(shifts: list[Shift]) -> str:
    return f"{sum(one.value for one in shifts):.4f} in {len(shifts)}"


if __name__ == "__main__":
    main()
