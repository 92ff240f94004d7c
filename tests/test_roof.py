"""The roof: what one process is made of, what its worker can do, and what is done each night."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import wiring
from portal.app import create_app, make_services, make_transport, version
from portal.core import clock
from portal.core.db import Database
from portal.core.jobs import Submission, Worker
from portal.core.limits import Attempt, count_attempt
from portal.core.mail import FolderTransport, SmtpTransport, Transport
from portal.core.observed import Observations
from portal.core.schedule import Ticker
from portal.core.sessions import UserSession
from portal.settings import Settings
from portal.shared.finding.indexing import Indexer
from portal.shared.search_index import SearchIndex
from tests.builders import add_person, add_vocabularies, post, sign_in

NIGHT = datetime(2026, 3, 30, 3, 0, tzinfo=UTC)


def worker_of(app: Flask) -> Worker:
    services = app.extensions["fieldhouse"]
    database, settings = services[Database], services[Settings]
    indexer = Indexer(database, services[SearchIndex], wiring.DOCUMENTS)
    kinds = wiring.job_kinds(database, settings, services[Transport], indexer)
    return Worker(database, kinds, tick=Ticker(database, wiring.SCHEDULE, pause=0))


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_making_an_application_starts_nothing_and_asks_no_database(tmp_path: Path) -> None:
    before = threading.active_count()
    settings = Settings(tmp_path, "postgresql://postgres@/none?host=/nowhere", "x" * 32, "http://localhost")
    app = create_app(settings)
    assert threading.active_count() == before
    assert app.extensions["fieldhouse"][Settings] is settings
    assert app.test_client().get("/livez").json == {"status": "ok"}
    assert list(tmp_path.iterdir()) == []


def test_a_process_is_ready_once_its_database_is_there(app: Flask, tmp_path: Path) -> None:
    assert app.test_client().get("/readyz").json == {"status": "ok"}
    away = create_app(Settings(tmp_path, "postgresql://postgres@/none?host=/nowhere", "x" * 32, "http://localhost"))
    answer = away.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "not ready"})


def test_days_are_those_of_the_company(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock._Company, "zone", clock._Company.zone)  # put back afterwards
    with clock.at(datetime(2026, 3, 28, 23, 30, tzinfo=UTC)):
        for zone, day in (("Pacific/Auckland", 29), ("America/New_York", 28), ("Europe/Berlin", 29)):
            make_services(replace(settings, timezone=zone))
            assert clock.today() == date(2026, 3, day)


def test_mails_go_to_the_server_that_is_set_or_to_a_folder(settings: Settings) -> None:
    assert isinstance(make_transport(settings), FolderTransport)
    with_server = Settings(
        settings.data_dir, settings.database_url, "x" * 32, "http://localhost", smtp_url="smtp://host"
    )
    assert isinstance(make_transport(with_server), SmtpTransport)


def test_the_pool_has_a_connection_for_each_thread_and_two_for_the_rest(settings: Settings) -> None:
    database = make_services(settings)[Database]
    assert isinstance(database, Database)
    assert database.readers.pool.size() == settings.threads + 2  # type: ignore[attr-defined]


def test_the_version_is_that_of_the_installed_portal() -> None:
    assert version().count(".") == 2


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (NIGHT - timedelta(minutes=1), NIGHT),
        (NIGHT, NIGHT + timedelta(days=1)),
        (NIGHT + timedelta(hours=20), NIGHT + timedelta(days=1)),
    ],
)
def test_the_night_is_at_three(moment: datetime, due: datetime) -> None:
    assert wiring.SCHEDULE["tidy"].next_after(moment) == due


def test_each_night_what_ran_out_is_forgotten(app: Flask, app_database: Database) -> None:
    client, person = app.test_client(), add_person(app_database)
    sign_in(client, person)
    with app_database.writing() as session:
        count_attempt(session, ["login"])
        session.add(Submission(person_id=person.id, key="once", url="/x", at=clock.now()))
        session.commit()
    worker, now = worker_of(app), clock.now()
    left = {}
    for days in (0, 1, 3, 29, 32):
        with clock.at(now + timedelta(days=days)):
            worker.tick()
            worker.drain()
        left[days] = [count(app_database, table) for table in (UserSession, Attempt, Submission)]
    assert left == {0: [1, 1, 1], 1: [0, 1, 1], 3: [0, 0, 1], 29: [0, 0, 1], 32: [0, 0, 0]}


def test_every_regular_work_and_every_job_has_its_worker(app: Flask) -> None:
    kinds = set(worker_of(app).kinds)
    assert set(wiring.SCHEDULE) <= kinds
    assert {"index", "rebuild", "mail", "tidy"} <= kinds


def test_what_a_visitor_does_is_noted_when_the_process_ends(app: Flask, app_database: Database) -> None:
    client, person = app.test_client(), add_person(app_database)
    sign_in(client, person)
    observations = app.extensions["fieldhouse"][Observations]
    with clock.at(clock.now() + timedelta(minutes=5)) as later:
        assert client.get("/").status_code == 200
    observations.stop()
    with app_database.reading() as session:
        assert session.scalars(select(UserSession.seen_at)).one() == later


def test_what_is_asked_in_a_form_is_found_once_the_worker_was_there(app: Flask, app_database: Database) -> None:
    client = app.test_client()
    add_vocabularies(app_database)
    sign_in(client, add_person(app_database))
    answer = post(client, "/objections/new", {"title": "Quite unaffordable", "category": "price", "once": "key"})
    assert answer.status_code == 303
    worker_of(app).drain()
    index = app.extensions["fieldhouse"][SearchIndex]
    assert index.state() == "ready"
    index.refresh()
    assert answer.headers["Location"] in client.get("/search?q=unaffordable").text
    index.close()
