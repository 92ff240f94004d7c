"""What is typed to say who keeps an item true: owner, verifier, and the interval in days."""

from dataclasses import dataclass

from portal.core.forms import Fields
from portal.core.ids import MOST_ID, read_id
from portal.shared.items.models import LEAST_VERIFY_DAYS, MOST_VERIFY_DAYS, VERIFY_DAYS, Item


@dataclass(frozen=True, slots=True)
class TrustInput:
    """Whose the item is, and who looks at it again every so many days: a person, a team, or neither."""

    owner_id: int | None
    verifier_id: int | None = None
    verifier_team_id: int | None = None
    days: int = VERIFY_DAYS

    @classmethod
    def of(cls, item: Item) -> "TrustInput":
        """What stands."""
        return cls(item.owner_id, item.verifier_id, item.verifier_team_id, item.verify_days)

    @property
    def values(self) -> dict[str, str]:
        """The same as the form shows it."""
        verifier = f"person:{self.verifier_id}" if self.verifier_id else ""
        team = f"team:{self.verifier_team_id}" if self.verifier_team_id else ""
        return {"owner": str(self.owner_id or ""), "verifier": verifier or team, "days": str(self.days)}

    @property
    def seen(self) -> str:
        """What a form carries to tell whether this still stands when it comes back."""
        return "/".join(self.values.values())


def read_trust(fields: Fields) -> TrustInput:
    """Read the form; Invalid with every message at once."""
    owner, days = read_number(fields, "owner", "Owner"), read_days(fields)
    person_id, team_id = read_verifier(fields)
    fields.check()
    return TrustInput(owner, person_id, team_id, days)


def read_number(fields: Fields, name: str, label: str) -> int | None:
    """The id of a choice, or None where nothing is chosen."""
    return fields.number(name, label, least=1, most=MOST_ID)


def read_days(fields: Fields) -> int:
    """The interval; where it is none, a message."""
    days = fields.number("days", "Days", least=LEAST_VERIFY_DAYS, most=MOST_VERIFY_DAYS)
    if days is None and "days" not in fields.errors:
        fields.errors["days"] = f"Days: a number from {LEAST_VERIFY_DAYS} to {MOST_VERIFY_DAYS}."
    return days or VERIFY_DAYS


def read_verifier(fields: Fields) -> tuple[int | None, int | None]:
    """`person:17` → (17, None), `team:2` → (None, 2), nothing → (None, None)."""
    kind, _, typed = fields.line("verifier", "Verifier").partition(":")
    if not kind and not typed:
        return None, None
    number = read_id(typed)
    if kind not in ("person", "team") or not number:
        fields.errors["verifier"] = "Verifier: choose one of the people or teams."
        return None, None
    return (number, None) if kind == "person" else (None, number)
