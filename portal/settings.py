"""Settings: read from the environment once, all mistakes reported at once, no secret in any printout."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from portal.core.db import sqlite_url

LEAST_SECRET = 32
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingsError(Exception):
    """One or more settings are wrong; the message has a line for each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Settings:
    """Everything that can be set; `.env.example` lists the same with the defaults."""

    data_dir: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    base_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    timezone: str = "Europe/Berlin"
    smtp_url: str = field(default="", repr=False)
    mail_from: str = "fieldhouse@localhost"
    threads: int = 8
    proxies: int = 0
    limits: bool = True
    log: str = "auto"
    joined_assets: bool = True
    own_review: bool = True

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read `PORT` and `PORTAL_…`; raises SettingsError naming every mistake."""
        return _Reader(os.environ if env is None else env).settings()

    @property
    def index_dir(self) -> Path:
        """Where the search index lies; may be deleted at any time."""
        return self.data_dir / "index"

    @property
    def files_dir(self) -> Path:
        """Where uploads lie, by hash."""
        return self.data_dir / "files"

    @property
    def mail_dir(self) -> Path:
        """Where mails go when no SMTP server is set."""
        return self.data_dir / "mail"

    @property
    def is_https(self) -> bool:
        """Whether people reach the portal by https; decides the cookie's name and HSTS."""
        return self.base_url.startswith("https://")

    @property
    def is_loopback(self) -> bool:
        """Whether the server listens to this machine alone."""
        return self.host in LOOPBACK

    def in_force(self) -> list[tuple[str, str]]:
        """Names and values for people to read, secrets left out."""
        database = make_url(self.database_url).render_as_string(hide_password=True)
        mail = make_smtp_safe(self.smtp_url) or f"no SMTP server; mails go to {self.mail_dir}"
        return [
            ("Address", self.base_url),
            ("Listens on", f"{self.host}:{self.port}"),
            ("Database", database),
            ("Data folder", str(self.data_dir)),
            ("Mail", mail),
            ("Mail sender", self.mail_from),
            ("Company time zone", self.timezone),
            ("Threads", str(self.threads)),
            ("Proxies in front", str(self.proxies)),
            ("Limits", "on" if self.limits else "off"),
            ("Log lines", self.log),
            ("Joined style sheets and scripts", "on" if self.joined_assets else "off"),
            ("Writers publish their own words", "yes" if self.own_review else "no, somebody else looks first"),
            ("Demo company", "yes" if self.demo else "no"),
        ]


def make_smtp_safe(url: str) -> str:
    """The address of the mail server without user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or (465 if parts.scheme == 'smtps' else 25)}" if url else ""


class _Reader:
    """Reads one environment, collecting mistakes."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env, self.mistakes = env, list[str]()

    def settings(self) -> Settings:
        port = self.number("PORT", 8000, 1, 65535)
        host = self.word("PORTAL_HOST", "127.0.0.1")
        data_dir = Path(self.word("PORTAL_DATA_DIR", "var")).expanduser().absolute()
        found = Settings(
            data_dir=data_dir,
            database_url=self.database(self.word("PORTAL_DATABASE_URL", sqlite_url(data_dir / "portal.db"))),
            secret_key=self.secret(data_dir),
            base_url=self.address(self.word("PORTAL_BASE_URL", f"http://{host}:{port}")),
            host=host,
            port=port,
            demo=self.switch("PORTAL_DEMO", False),
            timezone=self.zone(self.word("PORTAL_TIMEZONE", "Europe/Berlin")),
            smtp_url=self.smtp(self.word("PORTAL_SMTP_URL", "")),
            mail_from=self.mail(self.word("PORTAL_MAIL_FROM", "fieldhouse@localhost")),
            threads=self.number("PORTAL_THREADS", 8, 1, 64),
            proxies=self.number("PORTAL_PROXIES", 0, 0, 5),
            limits=self.switch("PORTAL_LIMITS", True),
            log=self.choice("PORTAL_LOG", "auto", ("auto", "json", "text")),
            joined_assets=self.switch("PORTAL_JOINED_ASSETS", True),
            own_review=self.switch("PORTAL_OWN_REVIEW", True),
        )
        self.rules(found)
        if self.mistakes:
            raise SettingsError(self.mistakes)
        return found

    def rules(self, found: Settings) -> None:
        """What must hold between settings."""
        if found.demo and not found.is_loopback:
            self.mistakes.append("PORTAL_HOST: the demo company listens on 127.0.0.1 alone; its passwords are public.")
        if not found.limits and not found.is_loopback:
            self.mistakes.append("PORTAL_LIMITS: limits may be off on 127.0.0.1 alone.")
        if not found.is_loopback and not self.word("PORTAL_BASE_URL", ""):
            self.mistakes.append("PORTAL_BASE_URL: say at which address people reach the portal; others are refused.")

    def word(self, name: str, default: str) -> str:
        return self.env.get(name, "").strip() or default

    def number(self, name: str, default: int, least: int, most: int) -> int:
        given = self.word(name, str(default))
        if given.isascii() and given.isdigit() and least <= int(given) <= most:
            return int(given)
        self.mistakes.append(f"{name}: “{given}” is not a whole number from {least} to {most}.")
        return default

    def switch(self, name: str, default: bool) -> bool:
        given = self.word(name, "on" if default else "off").lower()
        if given in ("on", "1", "yes", "true"):
            return True
        if given not in ("off", "0", "no", "false"):
            self.mistakes.append(f"{name}: “{given}” is neither on nor off.")
        return False

    def choice(self, name: str, default: str, options: tuple[str, ...]) -> str:
        given = self.word(name, default)
        if given not in options:
            self.mistakes.append(f"{name}: “{given}” is not one of {', '.join(options)}.")
        return given

    def database(self, url: str) -> str:
        try:
            parts = make_url(url)
        except (ArgumentError, ValueError):
            self.mistakes.append("PORTAL_DATABASE_URL: this is no database address; write postgresql://user@host/name.")
            return "sqlite://"
        backend = parts.get_backend_name()
        if backend not in ("sqlite", "postgresql"):
            self.mistakes.append(f"PORTAL_DATABASE_URL: “{backend}” is not supported; use sqlite or postgresql.")
        elif parts.database in (None, "", ":memory:"):
            self.mistakes.append("PORTAL_DATABASE_URL: it names no database; write sqlite:////path/portal.db.")
        return url

    def secret(self, data_dir: Path) -> str:
        given = self.word("PORTAL_SECRET_KEY", "")
        if given and len(given) < LEAST_SECRET:
            self.mistakes.append("PORTAL_SECRET_KEY: at least 32 characters; make one with `openssl rand -hex 32`.")
        return given or _kept_secret(data_dir, self.mistakes)

    def address(self, url: str) -> str:
        parts = _split(url)
        named = parts.scheme in ("http", "https") and parts.hostname and ":" not in parts.hostname
        if not named or parts.path.strip("/") or parts.query:
            self.mistakes.append(f"PORTAL_BASE_URL: “{url}” is no address such as https://portal.example.com.")
        return url.rstrip("/")

    def zone(self, name: str) -> str:
        if name not in available_timezones():
            self.mistakes.append(f"PORTAL_TIMEZONE: “{name}” is no time zone such as Europe/Berlin.")
            return "UTC"
        return ZoneInfo(name).key

    def smtp(self, url: str) -> str:
        if url and (_split(url).scheme not in ("smtp", "smtps") or not _split(url).hostname):
            self.mistakes.append("PORTAL_SMTP_URL: write smtp://user:password@host:587 or smtps://host.")
        return url

    def mail(self, address: str) -> str:
        try:
            Address(addr_spec=address)
        except (ValueError, IndexError, MessageError):
            self.mistakes.append(f"PORTAL_MAIL_FROM: “{address}” is no address such as fieldhouse@example.com.")
        return address


def _split(url: str) -> SplitResult:
    """The parts of an address; all empty where it has a port or brackets that are none."""
    try:
        parts = urlsplit(url)
        return parts if parts.port != 0 else urlsplit("")
    except ValueError:
        return urlsplit("")


def _kept_secret(data_dir: Path, mistakes: list[str]) -> str:
    """The secret of the data folder, made at the first start, readable by its owner alone."""
    path = data_dir / "secret_key"
    try:
        if not path.exists():
            data_dir.mkdir(parents=True, exist_ok=True)
            _write_secret(path)
        kept = path.read_text("utf-8").strip()
    except OSError as error:
        mistakes.append(f"PORTAL_DATA_DIR: the folder {data_dir} cannot be written ({error.strerror}).")
        return ""
    if len(kept) < LEAST_SECRET:
        mistakes.append(f"PORTAL_DATA_DIR: {path} holds no secret; remove it, and a new one is made.")
    return kept


def _write_secret(path: Path) -> None:
    """Whole or not at all, and once: a process that starts at the same moment must not read half of it."""
    with NamedTemporaryFile("w", dir=path.parent, prefix=".secret_key-") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)
