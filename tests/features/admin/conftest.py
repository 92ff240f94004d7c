"""An admin who is signed in, for the tests of administration."""

import pytest
from flask.testing import FlaskClient

from portal.core.db import Database
from portal.shared.people.models import Person
from tests.builders import add_person, sign_in


@pytest.fixture
def admin(client: FlaskClient, app_database: Database) -> Person:
    """Wiebke, who runs the portal, signed in with `client`."""
    person = add_person(app_database, "Wiebke Janssen", "admin")
    sign_in(client, person)
    return person
