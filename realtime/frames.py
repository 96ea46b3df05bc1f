"""Websocket frames and messages as bytes: framed, unmasked, packed and unpacked. Knows no connection.

Source: RFC 6455, and RFC 7692 without a context: a compressed message stands alone, so one to many is compressed once.
"""

from __future__ import annotations

import struct
import zlib
from functools import cached_property

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
COMPRESSED = 0x40
DEFLATE = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
# Below this, compressing saves less than a packet's header.
DEFLATE_FROM, LARGE = 160, 256 * 1024
_TAIL = b"\x00\x00\xff\xff"  # RFC 7692, 7.2.1: taken off what is sent, put back before it is unpacked


class Refused(Exception):
    """The peer broke the protocol or a bound; the connection ends with this close code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def framed(opcode: int, payload: bytes, bits: int = 0) -> bytes:
    """One unfragmented frame from the server. Source: RFC 6455, 5.2."""
    length, first = len(payload), 0x80 | bits | opcode
    if length < 126:
        return struct.pack("!BB", first, length) + payload
    if length < 65536:
        return struct.pack("!BBH", first, 126, length) + payload
    return struct.pack("!BBQ", first, 127, length) + payload


def unmasked(payload: bytes, mask: bytes) -> bytes:
    """XOR with the repeated mask, as one large integer: byte by byte costs thirty times as much."""
    length = len(payload)
    repeated = (mask * (length // 4 + 1))[:length]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(length, "big")


def deflated(text: bytes) -> bytes:
    """The text as a compressed message that stands alone."""
    # A small window for what is small: setting up a large one costs more than the work. Speed for what is very large.
    bits, memory = (-15, 8) if len(text) > 4096 else (-12, 5)
    packer = zlib.compressobj(6 if len(text) < LARGE else 1, zlib.DEFLATED, bits, memory)
    return (packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH))[: -len(_TAIL)]


def inflated(payload: bytes, most_bytes: int) -> bytes:
    """A compressed message unpacked. Raises: Refused when it is none, or unpacks to more than the bound."""
    unpacker = zlib.decompressobj(-15)
    try:
        text = unpacker.decompress(payload + _TAIL, most_bytes + 1)
    except zlib.error:
        raise Refused(1007) from None
    if len(text) > most_bytes:
        raise Refused(1009)
    return text


class Text:
    """A message to many, framed once; and compressed once, when the first asks for it who can unpack it."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    @cached_property
    def plain(self) -> bytes:
        return framed(TEXT, self.text)

    @cached_property
    def packed(self) -> bytes:
        if len(self.text) < DEFLATE_FROM:
            return self.plain
        return framed(TEXT, deflated(self.text), COMPRESSED)
