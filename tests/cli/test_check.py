"""`portal check`: what is wrong stands there in plain words, and the exit code says whether something is."""

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import Database
from portal.core.jobs import Job
from portal.demo.recognising import ACT
from tests.cli.conftest import Portal


def test_a_portal_in_order_is_told_part_by_part(portal: Portal) -> None:
    portal("search", "build")
    said = portal("check")
    assert said.exit_code == 0
    assert said.stdout.splitlines() == [
        f"{part}: fine" for part in ("Settings", "Data folder", "Database", "Index", "Jobs", "Files", "HTML", "Mail")
    ]


def test_mistakes_in_the_settings_come_first_and_alone(portal: Portal) -> None:
    said = portal("check", PORT="eighty")
    assert said.exit_code == 1
    assert said.stdout == "Settings: PORT: “eighty” is not a whole number from 1 to 65535.\n"


def test_a_demo_company_is_named_where_it_would_be_reached_from_elsewhere(portal: Portal, database: Database) -> None:
    with database.writing() as session:
        session.add(AuditEntry(at=clock.now(), act=ACT, subject="Wendrath Sensors", detail={}))
        session.commit()
    said = portal("check", PORTAL_HOST="0.0.0.0", PORTAL_BASE_URL="https://portal.example.com")
    assert said.exit_code == 1
    assert "Settings: PORTAL_HOST: the demo company listens on 127.0.0.1 alone" in said.stdout


def test_everything_that_is_wrong_is_named(portal: Portal, database: Database) -> None:
    with database.writing() as session:
        session.add(Job(kind="mail", key="1", token="t", run_after=clock.now(), attempts=8, dead=True))
        session.commit()
    said = portal("check", PORTAL_SMTP_URL="smtp://127.0.0.1:1")
    assert said.exit_code == 1
    assert "Index: it is missing" in said.stdout
    assert "Jobs: 1 failed for good" in said.stdout
    assert "Mail: the mail server 127.0.0.1:1 does not answer" in said.stdout


def test_a_database_without_tables_is_one_finding_among_others(portal: Portal, empty_url: str) -> None:
    said = portal("check", PORTAL_DATABASE_URL=empty_url, PORTAL_SMTP_URL="smtp://127.0.0.1:1")
    assert said.exit_code == 1
    assert "Database: The database has no tables yet" in said.stdout
    assert "Mail: the mail server" in said.stdout
