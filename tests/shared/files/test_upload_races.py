"""An upload holds up nothing else that the same person writes."""

import pytest
from sqlalchemy import select, text

from portal.core import clock
from portal.core.db import Database
from portal.core.jobs import Submission
from portal.shared.files.models import StoredFile
from portal.shared.files.operations import upload_file
from portal.shared.files.sniffing import Checked
from tests import builders


@pytest.mark.needs_postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_who_uploads_may_write_meanwhile(backend: str, database: Database) -> None:
    dana = builders.add_person(database)
    actor = builders.actor_of(database, dana)
    with database.writing() as uploading, database.writing() as session:
        upload_file(uploading, actor, Checked("a.txt", "text/plain", b"123456"), "0" * 64)
        session.execute(text("SET LOCAL lock_timeout = '1s'"))
        session.add(Submission(person_id=dana.id, key="meanwhile", url="/", at=clock.now()))
        session.commit()
        uploading.commit()
    with database.reading() as session:
        assert session.get(Submission, (dana.id, "meanwhile")) is not None
        assert len(session.scalars(select(StoredFile.id)).all()) == 1
