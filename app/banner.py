"""What the terminal shows when the server is ready: addresses, a QR, and one entry link for each role."""

from __future__ import annotations

import socket
import sys
from typing import Any

import segno

from config import Settings


def lan_address() -> str:
    """The machine's address on the local network, or loopback when there is none. No packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            address: str = probe.getsockname()[0]
        except OSError:
            address = "127.0.0.1"
    return address


def address(settings: Settings) -> str:
    """The address people in the room use."""
    if settings.public_url:
        return settings.public_url
    host = lan_address() if settings.host in ("0.0.0.0", "::") else settings.host
    return f"{'https' if settings.certificate else 'http'}://{host}:{settings.port}"


def show(links: dict[str, Any], settings: Settings) -> None:
    """Print where Palabre is and how to get in."""
    out = sys.stdout
    join = f"{links['url']}/join/{links['code']}"
    out.write("\n  Palabre\n\n")
    if not settings.certificate:
        out.write(f"  On this machine   http://127.0.0.1:{settings.port}\n")
    out.write(f"  In the room       {links['url']}\n")
    out.write(f"  Workshop code     {links['code']}\n\n")
    segno.make(join, error="m").terminal(out, compact=True, border=2)
    out.write(f"\n  {join}\n\n  One entry link for each role (open each in its own tab):\n\n")
    for role, link in links["links"].items():
        first = link[0] if isinstance(link, list) else link
        out.write(f"  {role:<16}{first}\n")
    out.write("\n  Ctrl+C ends the server. Nothing that was confirmed is lost.\n\n")
    out.flush()
