"""What can go wrong and be said to a person: raised anywhere below, turned into a page by the web layer."""

from collections.abc import Mapping


class Problem(Exception):
    """Something to tell the person, in words; `status` is the HTTP status of the page."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(Problem):
    """There is no such thing, or this person may not know that there is."""

    status = 404

    def __init__(self, message: str = "There is nothing at this address, or you may not see it.") -> None:
        super().__init__(message)


class Forbidden(Problem):
    """The person may see the thing and may not do this to it."""

    status = 403


class Invalid(Problem):
    """Input that cannot be taken: one message a field; what was typed stays on the page."""

    status = 422

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in errors.items()))
        self.errors = dict(errors)


class TooMany(Problem):
    """A limit was reached; `retry_after` says in how many seconds it opens again."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Conflict(Problem):
    """Somebody else changed the thing since it was opened; the page shows both texts."""

    status = 409


def require(allowed: bool, message: str = "You may not do this.") -> None:
    """The second gate: raise Forbidden unless a policy said yes."""
    if not allowed:
        raise Forbidden(message)
