"""A mail server for tests: a real conversation on a real socket, which keeps what it was given."""

import base64
import socketserver
import threading
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass
class Received:
    """One mail as it came over the wire."""

    sender: str
    recipients: list[str]
    data: bytes


@dataclass
class Behaviour:
    """What the server offers and how it answers."""

    extensions: tuple[str, ...] = ("8BITMIME",)
    password: str = ""
    answer_to_data: str = "250 kept"
    greeting: str = "220 ready"
    received: list[Received] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)


class Conversation(socketserver.StreamRequestHandler):
    """Enough of RFC 5321 for smtplib."""

    timeout = 20

    def handle(self) -> None:
        """Talk until one of the two has enough."""
        with suppress(ConnectionError):
            self.talk()

    def talk(self) -> None:
        """Greet, then answer line by line."""
        self.say(self.server.behaviour.greeting)
        self.mail = Received("", [], b"")
        while line := self.rfile.readline():
            command = line.decode("ascii", "replace").strip()
            self.server.behaviour.commands.append(command.partition(" ")[0].upper())
            if command.upper() == "QUIT":
                self.say("221 bye")
                return
            self.answer(command)

    def answer(self, command: str) -> None:
        """One command."""
        behaviour, verb = self.server.behaviour, command.partition(" ")[0].upper()
        if verb == "EHLO":
            offered = ["tests", *behaviour.extensions, *(["AUTH PLAIN"] if behaviour.password else [])]
            for name in offered[:-1]:
                self.say(f"250-{name}")
            self.say(f"250 {offered[-1]}")
        elif verb == "AUTH":
            given = base64.b64decode(command.rsplit(maxsplit=1)[-1]).decode().split("\0")[-1]
            self.say("235 welcome" if given == behaviour.password else "535 who are you")
        elif verb == "STARTTLS":
            self.say("220 go on")
        elif verb == "MAIL":
            self.mail = Received(command.partition("<")[2].partition(">")[0], [], b"")
            self.say("250 fine")
        elif verb == "RCPT":
            self.mail.recipients.append(command.partition("<")[2].partition(">")[0])
            self.say("250 fine")
        elif verb == "DATA":
            self.say("354 go on")
            self.mail.data = self.read_data()
            if behaviour.answer_to_data.startswith("2"):
                behaviour.received.append(self.mail)
            self.say(behaviour.answer_to_data)
        else:
            self.say("250 fine")

    def read_data(self) -> bytes:
        """The mail up to the line with a single dot."""
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def say(self, text: str) -> None:
        """One line back."""
        self.wfile.write(text.encode() + b"\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine until left."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.behaviour = behaviour
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self._thread.join()
        super().__exit__(*error)
