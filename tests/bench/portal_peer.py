"""The portal as the load tool meets it: set up with the pages, started as in production, described for the tool."""

import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

from sqlalchemy import select

from portal.cli.context import Context
from portal.features.objections.forms import AnswerInput, AskedInput
from portal.features.objections.operations import ask, post_answer, prepare_answer, prepare_asked
from portal.settings import Settings
from portal.shared.items.models import Item
from portal.shared.people.operations import PersonInput, add_person, set_password
from portal.shared.people.queries import find_author
from portal.shared.tags.operations import add_term

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "seven quiet rivers"
MAIL = "bench@example.com"
TOKEN = 'name="csrf-token" content="([^"]+)"'


@dataclass
class Peer:
    """A prepared portal: its environment, address, playbooks and objections, and how long the import took."""

    env: dict[str, str]
    base: str
    port: int
    playbooks: list[str] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)
    import_seconds: float = 0.0
    index_seconds: float = 0.0


def prepare(work: Path, pages: Path, port: int) -> Peer:
    """A fresh database with the pages imported and indexed, 200 answered objections and two people."""
    env = clean_env() | {
        "PORTAL_DATA_DIR": str(work / "portal"),
        "PORTAL_SECRET_KEY": "bench" * 8,
        "PORT": str(port),
        "PORTAL_LIMITS": "off",
        "PORTAL_LOG": "json",
    }
    peer = Peer(env, f"http://127.0.0.1:{port}", port)
    portal_command(peer, "db", "upgrade")
    context = Context(Settings.from_env(env))
    _people_and_objections(context)
    started = time.perf_counter()
    portal_command(peer, "import", "markdown", str(pages), "--owner", "owner@example.com")
    peer.import_seconds = time.perf_counter() - started
    started = time.perf_counter()
    portal_command(peer, "search", "build")
    peer.index_seconds = time.perf_counter() - started
    with context.database.reading() as session:
        rows = session.execute(select(Item.kind, Item.id, Item.slug).order_by(Item.id)).all()
    peer.playbooks = [f"{row.id}-{row.slug}".rstrip("-") for row in rows if row.kind == "playbook"]
    peer.objections = [f"{row.id}-{row.slug}" for row in rows if row.kind == "objection"]
    context.database.dispose()
    return peer


def clean_env() -> dict[str, str]:
    """This environment, in which Python may keep what it compiled, as it does where a portal is put to work."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def portal_command(peer: Peer, *words: str) -> str:
    """Run a command of the portal on this one's data; what it printed."""
    done = subprocess.run(
        [_bin("portal"), *words], env=peer.env, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    sys.stderr.write(done.stdout)
    return done.stdout


def start(stack: ExitStack, peer: Peer) -> "Servers":
    """Two gunicorn processes with --preload, and one worker process beside."""
    worker = subprocess.Popen([_bin("portal"), "worker"], env=peer.env, cwd=ROOT, stderr=subprocess.DEVNULL)
    stack.callback(_stop, worker)
    pid = start_gunicorn(stack, "wsgi:app", peer.port, peer.env, "/login", Path(peer.env["PORTAL_DATA_DIR"]))
    return Servers(pid, worker.pid)


@dataclass(frozen=True)
class Servers:
    """Process ids of the web server's parent and of the worker."""

    pid: int
    worker: int


def start_gunicorn(
    stack: ExitStack, app: str, port: int, env: dict[str, str], path: str, folder: Path, workers: int = 2
) -> int:
    """Start gunicorn and wait for its first 200; returns the parent's process id."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise RuntimeError(f"Another server answers at port {port}; its figures would pass for {app}'s")
    with (folder / f"gunicorn-{port}.log").open("ab") as log:
        server = subprocess.Popen(
            [_bin("gunicorn"), "--preload", "--no-control-socket", "-w", str(workers), "-b", f"127.0.0.1:{port}", app],
            env=env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    stack.callback(_stop, server)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                if answer.status == 200:
                    return server.pid
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"{app} did not start")


def write_confs(work: Path, peer: Peer) -> dict[str, Path]:
    """Two descriptions for the tool: playbooks with search and writes, objections with votes and answers."""
    login = [
        {"get": "/login", "grab": {"tok": TOKEN}},
        {"post": "/login", "form": {"email": MAIL, "password": PASSWORD, "csrf_token": "{tok}"}, "status": 303},
        {"get": "/", "grab": {"tok": TOKEN}},
    ]
    playbooks = {
        "name": "portal", "base": peer.base, "login": login, "pages": peer.playbooks[:2000],
        "endpoints": [
            {"name": "search 1 word", "path": "/search?q={q1}"},
            {"name": "search 2 words", "path": "/search?q={q2}", "expect": "class=\"result\""},
            {"name": "search 4 words", "path": "/search?q={q4}"},
            {"name": "suggest", "path": "/search/suggest?q={p4}", "expect": "data-said"},
            {"name": "playbook", "path": "/playbooks/{page}", "expect": "<h1"},
            {"name": "front page", "path": "/", "expect": "<h1"},
        ],
        "writes": [_edit(), _vote("/playbooks/{page}")],
        "found": {"steps": _edit()["steps"], "search": "/search?q={word}", "hit": "class=\"result\"", "pause": 0.05},
    }  # fmt: skip
    objections = {
        "name": "portal, objections", "base": peer.base, "login": login, "pages": peer.objections,
        "endpoints": [{"name": "objection", "path": "/objections/{page}", "expect": "class=\"say\""}],
        "writes": [
            {"name": "answer", "steps": [
                {"post": "/objections/{page}/answers", "status": 303,
                 "form": {"say": "Words {i} {word} to say", "why": "why {word}", "csrf_token": "{tok}"}},
            ]},
        ],
    }  # fmt: skip
    confs = {"portal": work / "portal.json", "objections": work / "objections.json"}
    confs["portal"].write_text(json.dumps(playbooks), "utf-8")
    confs["objections"].write_text(json.dumps(objections), "utf-8")
    return confs


def weigh(peer: Peer) -> str:
    """Bytes and requests of a first visit to three pages, signed in, by the names in the HTML."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    token = re.search(TOKEN, opener.open(f"{peer.base}/login").read().decode())
    form = {"email": MAIL, "password": PASSWORD, "csrf_token": token[1] if token else ""}
    opener.open(f"{peer.base}/login", urllib.parse.urlencode(form).encode())
    lines = []
    for path in ("/search?q=review", f"/playbooks/{peer.playbooks[7]}", f"/objections/{peer.objections[7]}"):
        html, page = _get(opener, peer.base + path)
        names = re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="(/assets/[^"]+)"', page)
        sizes = [_get(opener, peer.base + name)[0] for name in dict.fromkeys(names)]
        lines.append(
            f"{path.split('?')[0][:40]}: {1 + len(sizes)} requests, {html + sum(sizes):,} bytes, HTML {html:,}"
        )
    return "\n".join(lines)


def _get(opener: urllib.request.OpenerDirector, url: str) -> tuple[int, str]:
    answer = opener.open(urllib.request.Request(url, headers={"Accept-Encoding": "gzip"}))
    body = answer.read()
    packed = len(body)
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return packed, body.decode("utf-8", "replace")


def _edit() -> dict[str, object]:
    """An edit as a person does it: open the form, change the text, save; the save alone is timed."""
    grab = {
        "version": 'name="version" value="(\\d+)"',
        "title": 'value="([^"]*)" id="f-title"',
    }
    return {
        "name": "edit",
        "steps": [
            {"get": "/playbooks/{page}/edit", "grab": grab},
            {"post": "/playbooks/{page}/edit", "status": 303, "form": {
                "title": "{title}", "text": "## Changed {word}\n\nA paragraph about {word}.", "version": "{version}",
                "csrf_token": "{tok}"}},
        ],
    }  # fmt: skip


def _vote(page: str) -> dict[str, object]:
    return {
        "name": "vote",
        "steps": [
            {"get": page, "grab": {"item": 'action="/items/(\\d+)/vote"'}},
            {"post": "/items/{item}/vote", "status": 303, "form": {"useful": "yes", "csrf_token": "{tok}"}},
        ],
    }


def _people_and_objections(context: Context) -> None:
    with context.database.writing() as session:
        owner = add_person(session, None, PersonInput("owner@example.com", "Page Owner", "manager"))
        bench = add_person(session, None, PersonInput(MAIL, "Bench Rider", "manager"))
        for person in (owner, bench):
            set_password(session, None, person, PASSWORD)
        add_term(session, None, "category", "Price")
        author = find_author(session, owner.id)
        for number in range(200):
            asked = ask(
                session, author, "objection", prepare_asked(AskedInput(f"Objection number {number}", category="price"))
            )
            for turn in range(3):
                given = AnswerInput(
                    f"Words number {turn} for objection {number}", why="They compare.", push="Ask again."
                )
                post_answer(session, author, asked.id, prepare_answer(given))
        session.commit()


def _bin(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
