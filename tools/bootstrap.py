"""Makes .venv exactly as a lock file says: `python3 tools/bootstrap.py [--dev | --wheels [FOLDER]]`.

What lives here: the one way from a fresh clone to an environment that runs. A stamp remembers what was
installed, so a second start asks nobody and needs no network. Standard library only, and nothing that an old
Python cannot read: it must get far enough to be refused in one sentence.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
WHEELS = ROOT / ".wheels"  # a folder of wheels (`make wheels`) replaces the network: a room without internet
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"  # holds everything RUN_LOCK holds, in the same versions
OLDEST_PYTHON = (3, 11)

TOO_OLD = (
    "Palabre needs Python 3.11 or newer and {} is {}: install a newer one, or name it, "
    "as in `make run PYTHON=python3.12`."
)
NO_VENV = "Python came without {}: on Debian or Ubuntu, `apt install python3-venv` as root, then try again."
NOT_INSTALLED = "The packages could not be installed: is this machine online? pip said: {}"


def main(arguments: list) -> None:
    if sys.version_info < OLDEST_PYTHON:
        stop(TOO_OLD.format(sys.executable, platform.python_version()))
    if arguments[:1] == ["--wheels"]:
        download_wheels(Path(arguments[1]).resolve() if arguments[1:] else WHEELS)
        return
    lock = DEV_LOCK if arguments == ["--dev"] else RUN_LOCK
    if is_installed(lock):
        return
    say("Bringing .venv up to date." if VENV.exists() else "First start: filling .venv, about half a minute.")
    make_venv()
    install(lock)
    remember(lock)


def is_installed(lock: Path) -> bool:
    return VENV_PYTHON.exists() and stamp(lock).exists() and stamp(lock).read_text() == fingerprint(lock)


def remember(lock: Path) -> None:
    """Written last: an installation that was interrupted is done again."""
    for installed in {lock, RUN_LOCK}:
        stamp(installed).write_text(fingerprint(installed))


def stamp(lock: Path) -> Path:
    return VENV / (".installed-" + lock.name)


def fingerprint(lock: Path) -> str:
    """What an installation depends on: the lock, this Python, this kind of machine."""
    machine = (platform.python_implementation(), platform.python_version(), sysconfig.get_platform())
    return hashlib.sha256(lock.read_bytes() + " ".join(machine).encode()).hexdigest()


def make_venv() -> None:
    """Keep a .venv made by this very Python; else make it anew, without pip where ensurepip was left out."""
    made_by = VENV / "pyvenv.cfg"
    this_python = "version = " + platform.python_version()
    if VENV_PYTHON.exists() and this_python in made_by.read_text().splitlines():
        return
    if not (succeeds(*new_venv()) or succeeds(*new_venv(), "--without-pip")):
        stop(NO_VENV.format("venv"))


def new_venv() -> list:
    return [sys.executable, "-m", "venv", "--clear", str(VENV)]


def pip() -> list:
    """The first pip that can fill .venv: its own, one among the wheels, the system's, Debian's for root."""
    own = [str(VENV_PYTHON), "-m", "pip"]
    if succeeds(*own, "--version"):
        return own
    for wheel in WHEELS.glob("pip-*.whl"):
        return [str(VENV_PYTHON), str(wheel / "pip")]  # a wheel is a zip file, and Python runs those
    outer = [sys.executable, "-m", "pip", "--python", str(VENV_PYTHON)]  # since pip 22.3
    if succeeds(*outer, "--version"):
        return outer
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        say("Python came without pip: installing Debian's python3-venv.")
        apt = ["apt-get", "install", "-y", "--no-install-recommends", "python3-venv"]
        if succeeds("apt-get", "update") and succeeds(*apt) and succeeds(*new_venv()):
            return own
    stop(NO_VENV.format("pip"))


def install(lock: Path) -> None:
    """Every package by its hash and as a wheel: nothing is compiled, and nothing else can slip in."""
    source = ["--require-hashes", "--only-binary=:all:", "-r", str(lock)]
    if WHEELS.is_dir() and lock == RUN_LOCK:
        say("Using .wheels, not the network.")
        source += ["--no-index", "--find-links", str(WHEELS)]
    quiet = ["--no-input", "--progress-bar=off", "--disable-pip-version-check"]
    total, found = sum("==" in line for line in lock.read_text().splitlines()), 0
    with tempfile.TemporaryFile("w+", errors="replace") as complaints:
        command = [*pip(), "install", *quiet, *source]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, text=True, cwd=ROOT) as run:
            for line in run.stdout or ():
                if line.startswith("Ignoring "):  # locked for another platform or Python
                    total -= 1
                elif "(from -r " in line:
                    found += 1
                    progress(f"  fetching package {found} of {total}")
                elif line.startswith("Installing collected packages"):
                    progress(f"  unpacking {total} packages")
        progress("")
        complaints.seek(0)
        errors = [line.strip() for line in complaints if line.startswith("ERROR")]
    if run.returncode != 0:
        stop(NOT_INSTALLED.format(errors[0] if errors else f"exit {run.returncode}"))
    say(f"  {total} packages are in place.")


def download_wheels(to: Path) -> None:
    """Fill a folder for such machines without internet; pip itself too, for a Python that came without."""
    make_venv()
    for what in (["--require-hashes", "-r", str(RUN_LOCK)], ["pip"]):
        if subprocess.call([*pip(), "download", "-qq", "--only-binary=:all:", "-d", str(to), *what]) != 0:
            stop("The wheels could not be downloaded: is this machine online?")
    say(f"{len(list(to.glob('*.whl')))} wheels are in {to}.")


def succeeds(*command: str) -> bool:
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def progress(text: str) -> None:
    """One line that keeps changing on a terminal; nothing in a log."""
    if sys.stdout.isatty():
        print("\r\033[K" + text, end="", flush=True)


def say(text: str) -> None:
    print(text, flush=True)


def stop(sentence: str) -> NoReturn:
    sys.exit(sentence)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nStopped; the next start goes on from here.")
