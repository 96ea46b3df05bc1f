"""A port for a server of our own that starts in a moment, beside others that do the same."""

from __future__ import annotations

import secrets
import socket
from collections import deque

# Below those that systems give to outgoing connections: one of these could be taken before our server comes to it.
FIRST, COUNT = 20_000, 10_000
TRIES = 200
# The same number for UDP, held meanwhile: whoever else asks here does not get it. The newest so many.
_claims: deque[socket.socket] = deque(maxlen=256)


def free_port() -> int:
    """Nobody on this machine listens at it on the loopback, and no other process was given it here.

    Raises: OSError, after 200 that were taken.
    """
    for _ in range(TRIES):
        port = FIRST + secrets.randbelow(COUNT)
        claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            claim.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        _claims.append(claim)
        return port
    raise OSError("no free port")
