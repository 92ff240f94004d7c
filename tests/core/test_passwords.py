"""Passwords: argon2id at the cost that OWASP asks for, the same work for everybody, and rules that do not annoy."""

import threading

import pytest
from argon2 import PasswordHasher, extract_parameters

from portal.core import passwords
from portal.core.passwords import LEAST, MOST, hash_password, is_outdated, is_right, problem_with


class Counting:
    """A hasher that counts its calls, and how many run at once."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.most_at_once, self._now, self._lock = 0, 0, threading.Lock()
        self.together = threading.Barrier(2, timeout=20)

    def hash(self, password: str) -> str:
        """Wait for a second one, so that two are surely at work together."""
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        self.together.wait()
        with self._lock:
            self._now -= 1
        return "hash"

    def verify(self, kept: str, password: str) -> bool:
        """Right, whatever was given."""
        self.calls.append(kept)
        return True


def test_a_password_is_right_and_any_other_is_not() -> None:
    kept = hash_password("seven quiet rivers")
    assert is_right("seven quiet rivers", kept)
    for other in ("seven quiet river", "Seven quiet rivers", "", " seven quiet rivers", "seven quiet rivers\0"):
        assert not is_right(other, kept)


def test_the_same_password_is_never_kept_the_same_way() -> None:
    assert hash_password("seven quiet rivers") != hash_password("seven quiet rivers")


def test_the_cost_is_what_owasp_asks_for_at_least() -> None:
    parameters = extract_parameters(hash_password("seven quiet rivers"))
    assert (parameters.type.name, parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (
        "ID", 19_456, 2, 1,
    )  # fmt: skip
    assert not is_outdated(hash_password("seven quiet rivers"))
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))


def test_somebody_unknown_costs_the_same_work_and_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting()
    monkeypatch.setattr(passwords, "_hasher", counting)
    assert is_right("right", "kept")
    assert not is_right("anything", "")
    assert len(counting.calls) == 2
    assert extract_parameters(counting.calls[1]) == extract_parameters(PasswordHasher(2, 19_456, 1).hash("x"))


def test_what_was_kept_and_is_no_hash_opens_nothing() -> None:
    for kept in ("plain", "$argon2id$broken", "$2b$12$abcdefghijklmnopqrstuv"):
        assert not is_right("plain", kept)


def test_two_hashes_run_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting()
    monkeypatch.setattr(passwords, "_hasher", counting)
    threads = [threading.Thread(target=hash_password, args=("x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counting.most_at_once == 2


def test_a_password_longer_than_allowed_is_never_right() -> None:
    kept = hash_password("x" * MOST)
    assert is_right("x" * MOST, kept)
    assert not is_right("x" * MOST + "y", kept)


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("x" * (LEAST - 1), "At least 12 characters"),
        ("", "At least 12 characters"),
        ("ab c" * 300, "At most 1024 characters"),
        ("aaaaaaaaaaaaaa", "first passwords"),
        ("abababababababab", "first passwords"),
        ("1administrator", "first passwords"),
        ("!Administrator", "first passwords"),
        ("danaruiz12345", "name or mail"),
        ("DANA.RUIZ@EXAMPLE.COM", "name or mail"),
    ],
)
def test_a_password_that_others_would_guess_is_refused_in_words(password: str, told: str) -> None:
    assert told in (problem_with(password, "danaruiz", "dana.ruiz@example.com") or "")


@pytest.mark.parametrize(
    "password",
    [
        "seven quiet rivers",
        "korrekt pferd batterie",
        "日本語のパスワードは長いです",
        "dana ruiz likes seven quiet rivers",
    ],
)
def test_a_few_words_make_a_good_password(password: str) -> None:
    assert problem_with(password, "dana ruiz", "dana", "") is None


def test_short_own_words_are_no_reason() -> None:
    assert problem_with("bob and the rest", "bob") is None
