"""A person at a browser, over HTTP: signs in with the form, keeps that cookie, sends the token of the page."""

import http.client
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TIMEOUT = 30.0
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


class Lost(Exception):
    """No answer came, so nobody knows whether the act was done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; of a redirect the head alone."""

    status: int
    location: str
    text: str
    cookies: dict[str, str]


class Visitor:
    """One browser of one person; it outlives the server.

    It keeps the cookie that signing in gave: later ones add messages for the next page, which nobody reads here.
    """

    def __init__(self, port: int, email: str) -> None:
        self.port, self.email = port, email
        self.cookies: dict[str, str] = {}
        self.token = ""
        self._connection: http.client.HTTPConnection | None = None

    def sign_in(self, password: str) -> None:
        """Through the door `/login`."""
        self.cookies = self.read("/login").cookies
        answer = self.send("/login", email=self.email, password=password)
        assert answer.status == 303, answer
        self.cookies = answer.cookies
        self.cookies |= self.read("/").cookies

    def read(self, path: str) -> Answer:
        """Open a page; its token goes with the next form."""
        answer = self._ask("GET", path)
        if found := TOKEN.search(answer.text):
            self.token = found[1]
        return answer

    def send(self, path: str, **fields: str) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **fields}))

    def close(self) -> None:
        """Hang up; the cookies stay."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            location = response.headers.get("Location", "")
            # A redirect is an acknowledgement from its head on, whatever becomes of the rest.
            text = "" if location else response.read().decode()
            if location:
                self._drain(response)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Lost from error
        return Answer(response.status, location, text, _cookies_of(response))

    def _drain(self, response: http.client.HTTPResponse) -> None:
        try:
            response.read()
        except (OSError, http.client.HTTPException):
            self.close()


def _cookies_of(response: http.client.HTTPResponse) -> dict[str, str]:
    given = [SimpleCookie(header) for header in response.headers.get_all("Set-Cookie") or []]
    return {name: morsel.value for cookie in given for name, morsel in cookie.items()}
