"""What is typed about people: an address is taken only where a mail can be sent to it."""

import pytest

from portal.core import clock
from portal.core.forms import Fields
from portal.core.mail import OutgoingMail, compose
from portal.shared.people.forms import read_mail


def read(typed: str) -> tuple[str, dict[str, str]]:
    fields = Fields.of(email=typed)
    return read_mail(fields), dict(fields.errors)


@pytest.mark.parametrize("typed", ["Dana.Ruiz@Example.com", "o'neill+x@mail.example.co.uk", "j_b-1@xn--mller-kva.de"])
def test_an_address_that_mails_reach_is_taken_in_small_letters(typed: str) -> None:
    email, errors = read(typed)
    assert (email, errors) == (typed.lower(), {})
    mail = OutgoingMail(id=1, recipient=email, name="Dana", subject="Hello", body="Hello.", created_at=clock.now())
    assert email in compose(mail, "from@example.com")["To"]


@pytest.mark.parametrize(("typed", "strange"), [("jörg@firma.de", "ö"), ("dana@müßig.example", "üß")])
def test_letters_that_no_mail_reaches_are_refused_and_named(typed: str, strange: str) -> None:
    _, errors = read(typed)
    assert errors["email"].startswith(f"Mail: “{typed}” has letters that not every mail server takes ({strange});")


@pytest.mark.parametrize("typed", ["no mail", "a@b", ".a@example.com", "a..b@example.com", "a@x..de", "a@@x.de"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert read(typed)[1] == {"email": f"Mail: “{typed}” is no mail address."}
