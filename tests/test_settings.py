"""Settings: read from the environment once, every mistake named at once, no secret in any printout."""

import stat
import threading
from pathlib import Path

import pytest

from portal.core.db import sqlite_url
from portal.settings import Settings, SettingsError

CANARY = "canary-4711-that-is-long-enough-for-a-key"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder, not made yet."""
    return tmp_path / "data"


def read(folder: Path, **env: str) -> Settings:
    given = {"PORT" if name == "PORT" else f"PORTAL_{name}": value for name, value in env.items()}
    return Settings.from_env({"PORTAL_DATA_DIR": str(folder), **given})


def mistakes(folder: Path, **env: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(folder, **env)
    assert str(caught.value) == "\n".join(caught.value.mistakes)
    return caught.value.mistakes


def test_nothing_needs_to_be_set(folder: Path) -> None:
    found = read(folder)
    assert (found.host, found.port, found.base_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert found.database_url == sqlite_url(folder / "portal.db")
    assert (found.index_dir, found.files_dir, found.mail_dir) == (folder / "index", folder / "files", folder / "mail")
    assert (found.demo, found.limits, found.joined_assets, found.is_loopback, found.is_https) == (
        False, True, True, True, False,
    )  # fmt: skip
    assert (found.smtp_url, found.proxies, found.threads, found.timezone) == ("", 0, 8, "Europe/Berlin")


def test_everything_can_be_set(folder: Path) -> None:
    found = read(
        folder,
        PORT="80",
        HOST="0.0.0.0",
        BASE_URL="https://portal.example.com/",
        DATABASE_URL="postgresql://portal:pw@db/portal",
        SECRET_KEY=CANARY,
        TIMEZONE="America/New_York",
        SMTP_URL="smtps://user:pw@mail.example.com",
        MAIL_FROM="portal@example.com",
        THREADS="16",
        PROXIES="1",
        LOG="json",
        JOINED_ASSETS="no",
    )
    assert (found.base_url, found.is_https, found.is_loopback) == ("https://portal.example.com", True, False)
    assert (found.secret_key, found.port, found.threads, found.proxies) == (CANARY, 80, 16, 1)
    assert (found.timezone, found.log, found.joined_assets) == ("America/New_York", "json", False)
    assert not (folder / "secret_key").exists()


def test_every_mistake_is_named_at_once(folder: Path) -> None:
    told = mistakes(
        folder,
        PORT="80a",
        BASE_URL="portal.example.com",
        DATABASE_URL="mysql://x/y",
        SECRET_KEY="short",
        DEMO="perhaps",
        TIMEZONE="Europe/Nowhere",
        SMTP_URL="http://mail",
        MAIL_FROM="Fieldhouse",
        THREADS="0",
        PROXIES="-1",
        LIMITS="2",
        LOG="loud",
    )
    names = {line.partition(":")[0] for line in told}
    assert len(told) == len(names) == 12
    assert {"PORT", "PORTAL_BASE_URL", "PORTAL_DATABASE_URL", "PORTAL_SECRET_KEY", "PORTAL_LOG"} <= names


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "²"),
        ("BASE_URL", "http://["),
        ("BASE_URL", "http://host:abc"),
        ("BASE_URL", "http://host/path"),
        ("BASE_URL", "http://host?x=1"),
        ("BASE_URL", "http://[::1]:8000"),
        ("BASE_URL", "ftp://host"),
        ("BASE_URL", "https://"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "postgresql://user@host:abc/name"),
        ("DATABASE_URL", "postgresql://user@host"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("SMTP_URL", "smtp://host:abc"),
        ("SMTP_URL", "smtp://host:99999"),
        ("SMTP_URL", "smtp://["),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "mail.example.com"),
        ("MAIL_FROM", "Fieldhouse <portal@example.com>"),
        ("MAIL_FROM", "a@example.com, b@example.com"),
        ("MAIL_FROM", "portal@"),
        ("MAIL_FROM", "a b@example.com"),
        ("TIMEZONE", "../../etc/passwd"),
        ("JOINED_ASSETS", "maybe"),
    ],
)
def test_each_mistake_is_told_by_the_name_of_its_setting(folder: Path, name: str, value: str) -> None:
    (told,) = mistakes(folder, **{name: value})
    assert told.startswith("PORT: " if name == "PORT" else f"PORTAL_{name}: ")


def test_the_demo_and_a_portal_without_limits_stay_on_this_machine(folder: Path) -> None:
    told = mistakes(folder, HOST="0.0.0.0", BASE_URL="http://portal.example.com", DEMO="on", LIMITS="off")
    assert [line.partition(":")[0] for line in told] == ["PORTAL_HOST", "PORTAL_LIMITS"]
    assert read(folder, HOST="localhost", DEMO="on", LIMITS="off").demo


def test_who_listens_to_the_world_must_say_at_which_address(folder: Path) -> None:
    (told,) = mistakes(folder, HOST="0.0.0.0")
    assert told.startswith("PORTAL_BASE_URL: say at which address")


@pytest.mark.parametrize("given", ["on", "ON", "1", "yes", "true", " on "])
def test_a_switch_is_on_in_several_words(folder: Path, given: str) -> None:
    assert read(folder, DEMO=given).demo
    assert not read(folder, DEMO="off").demo


def test_a_secret_is_made_once_and_for_its_owner_alone(folder: Path) -> None:
    first, second = read(folder).secret_key, read(folder).secret_key
    assert first == second
    assert len(first) == 64
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_processes_that_start_at_once_share_one_secret(folder: Path) -> None:
    for round_ in range(20):
        start, secrets = threading.Barrier(4, timeout=20), set[str]()

        def work(place: Path, start: threading.Barrier, secrets: set[str]) -> None:
            start.wait()
            secrets.add(read(place).secret_key)

        given = (folder / str(round_), start, secrets)
        threads = [threading.Thread(target=work, args=given) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(secrets) == 1
        assert len(secrets.pop()) == 64


def test_a_kept_secret_that_is_none_is_a_mistake(folder: Path) -> None:
    folder.mkdir()
    (folder / "secret_key").write_text("")
    (told,) = mistakes(folder)
    assert "holds no secret" in told


def test_a_folder_that_cannot_be_made_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (told,) = mistakes(tmp_path / "file" / "data")
    assert told.startswith("PORTAL_DATA_DIR: the folder ")


def test_no_printout_shows_a_secret(folder: Path) -> None:
    found = read(
        folder,
        SECRET_KEY=CANARY,
        DATABASE_URL=f"postgresql://portal:{CANARY}@db/portal",
        SMTP_URL=f"smtps://user:{CANARY}@mail.example.com",
    )
    shown = repr(found) + str(found) + str(found.in_force())
    assert CANARY not in shown
    assert dict(found.in_force())["Mail"] == "smtps://mail.example.com:465"
    assert dict(found.in_force())["Database"] == "postgresql://portal:***@db/portal"


def test_no_mistake_shows_a_secret(folder: Path) -> None:
    told = mistakes(
        folder, SECRET_KEY=CANARY[:20], DATABASE_URL=f"mysql://u:{CANARY}@h/x", SMTP_URL=f"http://u:{CANARY}@h"
    )
    assert CANARY[:20] not in str(told)


def test_every_setting_but_the_secret_is_shown_in_force(folder: Path) -> None:
    plain = dict(read(folder).in_force())
    for name, value in {
        "THREADS": "3", "PROXIES": "2", "LIMITS": "off", "LOG": "json", "JOINED_ASSETS": "off", "OWN_REVIEW": "off",
        "DEMO": "on", "TIMEZONE": "Asia/Tokyo", "MAIL_FROM": "us@example.com", "BASE_URL": "https://portal.example.com",
    }.items():  # fmt: skip
        assert dict(read(folder, **{name: value}).in_force()) != plain, name


def test_without_a_mail_server_mails_go_to_a_folder(folder: Path) -> None:
    assert dict(read(folder).in_force())["Mail"] == f"no SMTP server; mails go to {folder / 'mail'}"
