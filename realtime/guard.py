"""What the transport must refuse before any handler runs: forged events, binary attachments, JSON that is not JSON.

Found in the libraries as they come: a client may send events named `connect` or `disconnect` and have the server's own
handlers run with its data; NaN passes as a number; bytes pass as text.
"""

from __future__ import annotations

import re
from typing import Any

import orjson
from socketio.packet import BINARY_ACK, BINARY_EVENT, EVENT, Packet

from app.domain import strict_json
from app.moments import Ready

RESERVED = frozenset({"connect", "connect_error", "disconnect", "error", "newListener", "removeListener"})

# How the packet of an event begins: its kinds, an acknowledgement's number, the name.
_NAMED = re.compile(r'[0-9]+-?\["([a-z]+)"')


def event_of(packet: Any) -> str | None:
    """Which event a packet was to be that cannot be read whole, where its beginning tells."""
    named = _NAMED.match(packet) if isinstance(packet, str) else None
    return named[1] if named else None


def as_json(value: Any) -> Any:
    """What `orjson` asks about a value it does not know: a frame that is finished goes in as it is."""
    if isinstance(value, Ready):
        return orjson.Fragment(value.json)
    raise TypeError(type(value).__name__)


class StrictJson:
    """What the libraries read and write with: `strict_json.parsed` inward."""

    @staticmethod
    def dumps(value: Any, **_: Any) -> str:
        # Passed on, or orjson would take a frame that is finished apart.
        return orjson.dumps(value, default=as_json, option=orjson.OPT_PASSTHROUGH_DATACLASS).decode()

    @staticmethod
    def loads(text: str | bytes, **_: Any) -> Any:
        return strict_json.parsed(text)


class StrictPacket(Packet):
    """A Socket.IO packet from a browser, or a ValueError: no handler runs, and `gate.py` answers it."""

    uses_binary_events = False

    def __init__(self, *parts: Any, encoded_packet: Any = None, **named: Any) -> None:
        if encoded_packet == "":
            raise ValueError("an empty packet")  # the library takes it for an event without a name
        super().__init__(*parts, encoded_packet=encoded_packet, **named)

    def decode(self, encoded_packet: Any) -> int:
        if not isinstance(encoded_packet, str):
            raise ValueError("a packet is text")
        attachments: int = super().decode(encoded_packet)
        if self.packet_type in (BINARY_EVENT, BINARY_ACK):
            raise ValueError("binary packets are not spoken here")
        if self.packet_type == EVENT:
            if self.namespace not in (None, "/"):
                raise ValueError("no such namespace")
            named = self.data[0] if isinstance(self.data, list) and self.data else None
            if not isinstance(named, str) or named in RESERVED:
                raise ValueError("no such event")
        return attachments
