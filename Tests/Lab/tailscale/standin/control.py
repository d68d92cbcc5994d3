"""The stand-in's talk with the control server, with failures in the words of the real client."""

import json
import socket
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from standin import version

# Whatever proxy the machine has: the lab's server is never behind one.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ControlError(Exception):
    """The server could not be talked to; the client tries again and says so in its health."""


def _nameserver() -> str:
    try:
        with open("/etc/resolv.conf", encoding="utf-8") as lines:
            for line in lines:
                words = line.split()
                if words[:1] == ["nameserver"] and len(words) > 1:
                    return words[1]
    except OSError:
        pass
    return "127.0.0.1"


def dial_error(url: str, error: BaseException) -> str:
    """The words of Go's dialer for a failed connection."""
    parts = urllib.parse.urlsplit(url)
    host = parts.hostname or ""
    address = f"{host}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    if isinstance(error, socket.gaierror):
        return f'failed to resolve "{host}": lookup {host} on {_nameserver()}:53: no such host'
    if isinstance(error, TimeoutError):
        return f"dial tcp {address}: i/o timeout"
    if isinstance(error, ConnectionRefusedError):
        return f"dial tcp {address}: connect: connection refused"
    if isinstance(error, OSError) and error.strerror:
        return f"dial tcp {address}: connect: {error.strerror.lower()}"
    return "EOF"


def fetch_key(server: str) -> None:
    """The first thing the client asks a server, so an unreachable one shows here."""
    url = f"{server.rstrip('/')}/key?v={version.CAP}"
    try:
        with _OPENER.open(url, timeout=5) as answer:
            body = json.load(answer)
    except urllib.error.HTTPError as error:
        error.close()
        raise ControlError(f"fetch control key: {error.code} {error.reason}") from None
    except urllib.error.URLError as error:
        cause = error.reason if isinstance(error.reason, BaseException) else error
        raise ControlError(f'fetch control key: Get "{url}": {dial_error(server, cause)}') from None
    except OSError as error:
        raise ControlError(f'fetch control key: Get "{url}": {dial_error(server, error)}') from None
    except ValueError as error:
        raise ControlError(f"fetch control key: {error}") from None
    if not isinstance(body, dict) or not body.get("publicKey"):
        raise ControlError("control server is too old; no noise key")


def has_relay(server: str, timeout: float) -> bool:
    """Whether the server's embedded relay is reached."""
    try:
        _OPENER.open(f"{server.rstrip('/')}/derp", timeout=timeout).close()
    except urllib.error.HTTPError as error:
        error.close()
        # What it says to whoever does not speak its protocol.
        return error.code == 426
    except OSError:
        return False
    return False


def post(server: str, verb: str, body: dict[str, Any], timeout: float = 10) -> dict[str, Any]:
    """One call of the stand-in protocol: /standin/register, map, disconnect or logout."""
    request = urllib.request.Request(
        f"{server.rstrip('/')}/standin/{verb}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with _OPENER.open(request, timeout=timeout) as answer:
            return json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        text = error.read(500).decode(errors="replace").strip()
        raise ControlError(f"{verb} request: http {error.code}: {text}") from None
    except urllib.error.URLError as error:
        cause = error.reason if isinstance(error.reason, BaseException) else error
        raise ControlError(f'{verb} request: Post "{request.full_url}": {dial_error(server, cause)}') from None
    except (OSError, ValueError) as error:
        raise ControlError(f'{verb} request: Post "{request.full_url}": {dial_error(server, error)}') from None
