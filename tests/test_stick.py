"""A stick made by one command installs and starts Palabre on a machine that has no network at all: only Python."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.selftest.ports import free_port
from tests.server import ROOT
from tools import stick

# Runs inside a network namespace of its own, where even loopback is down: brings that up, starts from the stick, asks for /health.
ALONE = """
import fcntl, json, os, signal, socket, struct, subprocess, sys, time, urllib.request
start, into, port = sys.argv[1:4]
with socket.socket() as sock:
    flags = struct.pack("16sH14x", b"lo", 0x1 | 0x40)
    fcntl.ioctl(sock, 0x8914, flags)
try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
    sys.exit("there is a network")
except OSError:
    pass
process = subprocess.Popen([sys.executable, start, "--into", into, *sys.argv[4:]])
try:
    for _ in range(1200):
        assert process.poll() is None, "start.py ended"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
                print("HEALTH", answer.read().decode())
                break
        except OSError:
            time.sleep(0.1)
finally:
    process.send_signal(signal.SIGTERM)
    process.wait(20)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stick; its wheels come from wherever this machine gets its packages."""
    folder = tmp_path_factory.mktemp("media") / "STICK"
    done = subprocess.run(
        ["make", "stick", f"DIR={folder}", f"PYTHON={sys.executable}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)
    return folder


@pytest.mark.slow
def test_from_a_stick_it_runs_without_any_network_and_only_python(made: Path, tmp_path: Path) -> None:
    if os.geteuid() != 0 or subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode:
        pytest.skip("only root on Linux may cut the network for one program")
    port, into = free_port(), tmp_path / "home" / "palabre"
    python = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path / "home"),
        "PALABRE_HOST": "127.0.0.1",
        "PALABRE_PORT": str(port),
        "PALABRE_VOLATILE": str(tmp_path / "volatile"),
        "PIP_CACHE_DIR": str(tmp_path / "no-cache"),
    }
    began = time.monotonic()
    done = subprocess.run(
        ["unshare", "-n", str(python), "-c", ALONE, str(made / stick.START), str(into), str(port)],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout.split("HEALTH ")[1].splitlines()[0])["status"] == "ok"
    assert (into / "var" / "palabre.db").exists()
    assert not list(made.rglob("__pycache__")), "the stick was written to"
    print(f"from the stick to an answer: {time.monotonic() - began:.0f} s, {size(made):.0f} MB on the stick")


def size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / stick.MIB


def start(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / stick.START), *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A stick with one file in it: what is checked before anything is installed."""
    folder = tmp_path / "small"
    (folder / stick.PROGRAM / "tools").mkdir(parents=True)
    (folder / stick.PROGRAM / "tools" / "bootstrap.py").write_text("import sys; sys.exit(7)\n")
    stick.write_pages(folder)
    stick.write_sums(folder)
    return folder


def test_a_damaged_stick_is_refused_and_nothing_is_copied(small: Path, tmp_path: Path) -> None:
    (small / stick.PROGRAM / "tools" / "bootstrap.py").write_text("import sys; sys.exit(8)\n")
    done = start(small, "--into", str(tmp_path / "to"))
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert not (tmp_path / "to").exists()


def test_a_stick_for_another_computer_says_so(small: Path, tmp_path: Path) -> None:
    (small / "for.txt").write_text("riscv64 3.99\n")
    done = start(small, "--into", str(tmp_path / "to"))
    assert done.returncode == 1
    assert "riscv64, Python 3.99" in done.stderr


def test_workshops_that_are_there_stay_when_the_program_is_copied_anew(small: Path, tmp_path: Path) -> None:
    var = tmp_path / "to" / "var"
    var.mkdir(parents=True)
    (var / "palabre.db").write_text("people's work")
    assert start(small, "--into", str(tmp_path / "to")).returncode == 7  # as far as the installation
    assert (var / "palabre.db").read_text() == "people's work"


def test_a_backup_that_is_not_there_is_told_before_anything_is_done(small: Path, tmp_path: Path) -> None:
    done = start(small, "--into", str(tmp_path / "to"), "--restore", str(tmp_path / "none.zip"))
    assert "no backup here" in done.stderr
    assert not (tmp_path / "to").exists()


def test_checksums_are_as_sha256sum_reads_them(small: Path) -> None:
    if not shutil.which("sha256sum"):
        pytest.skip("no sha256sum on this machine")
    subprocess.run(["sha256sum", "-c", stick.SUMS], cwd=small, check=True, capture_output=True)


def test_both_pages_name_the_kind_of_computer(small: Path) -> None:
    for name in stick.PAGES:
        text = (small / name).read_text(encoding="utf-8")
        assert f"Python {'.'.join(platform.python_version_tuple()[:2])}" in text
        assert "{" not in text


def test_a_folder_inside_the_clone_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "tools/stick.py", str(ROOT / "stick")], cwd=ROOT, capture_output=True, text=True
    )
    assert "inside this clone" in done.stderr
