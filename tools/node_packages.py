"""Makes node_modules exactly as package-lock.json says, once; standard library only.

Node is for those who change or check JavaScript. Without it Palabre runs from the committed app/static/dist.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAMP = ROOT / "node_modules" / ".installed-package-lock"


def has_node() -> bool:
    return shutil.which("node") is not None and shutil.which("npm") is not None


def install() -> None:
    """Run `npm ci` unless the stamp says that it was done for this lock and this Node.

    Raises: SystemExit when npm fails.
    """
    node = subprocess.run(["node", "--version"], capture_output=True, check=True).stdout
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes() + node).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    # No install scripts: what we use ships its binary inside the package, and a script could fetch anything.
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        sys.exit("npm could not install the JavaScript packages: is this machine online?")
    STAMP.write_text(wanted)


if __name__ == "__main__":
    if not has_node():
        sys.exit("Building the JavaScript needs Node.js 20 or newer and npm; running Palabre does not.")
    install()
