"""Tests talk to this machine alone: any other address is refused before a packet leaves."""

import ipaddress
import sys
from typing import Any

LOCAL_NAMES = {"", "localhost"}


def is_local(host: object) -> bool:
    """Whether a host, as the socket module gets it, is this machine."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    if name in LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_strangers(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: looks at what is looked up and where sockets are about to go."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not is_local(host):
        raise PermissionError(f"a test wanted to talk to {host!r}: tests talk to this machine alone")


sys.addaudithook(refuse_strangers)
