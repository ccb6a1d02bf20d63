"""The web server's port: the only address on the machine that may be taken already."""

import contextlib
import errno
import socket

from config.embedded.errors import StartError

HOST = "127.0.0.1"


def port_number(text: str) -> int:
    """The number that was given. Raises StartError for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise StartError(f"PORT must be a number from 1 to 65535, and “{text}” is none: write, say, PORT=8000.")
    return int(text)


def check_port(port: int) -> None:
    """Raise StartError unless our web server can have this port."""
    if not 0 < port < 65536:
        raise StartError("PORT must be a number from 1 to 65535.")
    try:
        _bind(port)
    except PermissionError:
        raise StartError(f"You may not open port {port}: choose one above 1023, as in `make run PORT=8000`.") from None
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise StartError(
            f"Port {port} is in use by another program: choose another, as in `make run PORT={_free_port(port)}`."
        ) from None


def _bind(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))


def _free_port(after: int) -> int:
    for port in range(after + 1, 65536):
        with contextlib.suppress(OSError):
            _bind(port)
            return port
    return after
