"""Events rise: an operation publishes what happened, and the listeners of wiring.py write rows beside it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

Listener = Callable[[Session, Any], None]
Listeners = Mapping[type, Iterable[Listener]]


def publish(session: Session, event: object) -> None:
    """Call every listener of the event's type in the same transaction.

    A listener may only write rows or enqueue jobs; if it raises, everything rolls back, loudly.
    Outside an application (a bare session) nobody listens.
    """
    listeners: Listeners = session.info.get("listeners", {})
    for listener in listeners.get(type(event), ()):
        listener(session, event)
