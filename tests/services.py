"""Private PostgreSQL, Redis and nginx for the tests, in a folder of their own on free ports; or running ones we are pointed at.

    PALABRE_TEST_POSTGRES=postgresql://user:password@host/  a server where we may create and drop databases
    PALABRE_TEST_REDIS=redis://host:6379/0                  a Redis that the tests may flush

Raises `NotRun` where a server is neither given nor installed nor installable.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import redis
from psycopg import sql

from app.selftest.ports import free_port
from config import CERTIFICATE, CERTIFICATE_KEY
from tests.not_run import NotRun
from tools import servers

START_S = 30


def tool(name: str) -> str:
    found = servers.find_or_install(name)
    if found is None:
        raise NotRun(f"{name} is not installed (apt install {servers.PACKAGES.get(name, name)})")
    return found


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + START_S
    while not true():
        assert time.monotonic() < deadline, f"{what} did not come up"
        time.sleep(0.05)


class Postgres:
    """A PostgreSQL of our own (as it must not run as root: as nobody), or the one we are pointed at unless it must be ours."""

    def __init__(self, folder: Path, *, is_ours: bool = False, settings: str = "") -> None:
        self.given = None if is_ours else os.environ.get("PALABRE_TEST_POSTGRES")
        if self.given:
            self.url = self.given.rstrip("/")
            return
        self._pg_ctl = tool("pg_ctl")
        self.folder, self.port, self.settings = folder, free_port(), settings
        self.url = f"postgresql://palabre@127.0.0.1:{self.port}"
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        folder.mkdir(parents=True)
        self._hand_over()
        self._run(
            str(Path(self._pg_ctl).with_name("initdb")),
            "-D",
            self.data,
            "-U",
            "palabre",
            "-A",
            "trust",
            "-N",
            "-E",
            "UTF8",
            "--wal-segsize=1",
        )
        self.start()

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def _hand_over(self) -> None:
        """The folder and the way to it: pytest's folders are closed to everybody else."""
        if self._user is None:
            return
        os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        for parent in self.folder.parents:
            if parent.stat().st_mode & 0o011 != 0o011 and parent.stat().st_uid == os.geteuid():
                parent.chmod(parent.stat().st_mode | 0o011)

    def _run(self, *command: str) -> None:
        who = (
            {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        )
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, **who)
        assert done.returncode == 0, f"{command[0]}: {done.stderr or done.stdout}"

    def start(self) -> None:
        ours = "-c listen_addresses=127.0.0.1 -c shared_buffers=32MB -c max_connections=100"
        options = f"-p {self.port} -k '' {ours} {self.settings}"
        log = str(self.folder / "log")
        self._run(self._pg_ctl, "-D", self.data, "-l", log, "-o", options, "-w", "-t", str(START_S), "start")

    def restart(self) -> None:
        """At once, as after a crash: what was committed must be there."""
        self._run(self._pg_ctl, "-D", self.data, "-m", "immediate", "-w", "stop")
        self.start()

    def stop(self) -> None:
        if not self.given:
            subprocess.run(
                [self._pg_ctl, "-D", self.data, "-m", "immediate", "stop"],
                capture_output=True,
                **({"user": self._user.pw_uid} if self._user else {}),
            )

    def execute(
        self, statement: str | sql.Composed, *values: object, database: str = "postgres"
    ) -> list[tuple]:
        with psycopg.connect(f"{self.url}/{database}", autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def new_database(self) -> str:
        """An empty database; returns its address as PALABRE_DATABASE has it."""
        name = f"palabre_{secrets.token_hex(6)}"
        self.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"{self.url}/{name}".replace("postgresql://", "postgresql+psycopg://", 1)

    def drop_database(self, url: str) -> None:
        name = url.rsplit("/", 1)[1]
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


class Redis:
    """A Redis of our own, behind a password and with nothing on its disk; or the one we are pointed at."""

    def __init__(self, folder: Path) -> None:
        self.given = os.environ.get("PALABRE_TEST_REDIS")
        self._process: subprocess.Popen[bytes] | None = None
        if self.given:
            self.url = self.given
            return
        self._server = tool("redis-server")
        self._folder, self._port, self._password = folder, free_port(), secrets.token_hex(12)
        folder.mkdir(parents=True)
        self.url = f"redis://:{self._password}@127.0.0.1:{self._port}/0"
        self.start()

    @property
    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=5)

    def start(self) -> None:
        command = [
            self._server,
            "--port",
            str(self._port),
            "--bind",
            "127.0.0.1",
            "--requirepass",
            self._password,
        ]
        command += ["--save", "", "--appendonly", "no", "--dir", str(self._folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._answers, "redis-server")

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    stop = kill


class Nginx:
    """nginx in front of workers, with the very site file of deploy/ (its ports and certificates put in place). Around it logs are
    on, as Debian has them, and tell more. Without a `certificate` (a folder of `app.certificates`) the site speaks plain HTTP.
    """

    def __init__(self, folder: Path, ports: list[int], certificate: Path | None = None) -> None:
        self._nginx = tool("nginx")
        self.folder, self.port, self.plain_port = folder, free_port(), free_port()
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"
        # What always goes to https.
        self.plain_url = f"http://127.0.0.1:{self.plain_port}"
        folder.mkdir(parents=True)
        site = (Path(__file__).parents[1] / "deploy/nginx-palabre.conf").read_text()
        (folder / "site.conf").write_text(site_for_test(site, self.port, self.plain_port, ports, certificate))
        self.config = folder / "nginx.conf"
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        root = "user root;" if os.geteuid() == 0 else ""
        self.config.write_text(
            f"daemon off; {root} worker_processes 1; pid {folder}/pid; error_log {folder}/error.log info;\n"
            f"events {{ worker_connections 2048; }}\n"
            f"http {{ access_log {folder}/access.log; {temporary}\ninclude {folder}/site.conf; }}\n"
        )
        checked = subprocess.run([self._nginx, "-t", "-c", str(self.config)], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        self._process = subprocess.Popen([self._nginx, "-c", str(self.config)], stderr=subprocess.DEVNULL)

    @property
    def logs(self) -> str:
        """All that it has logged, wherever the site file lets it."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)


def site_for_test(site: str, port: int, plain_port: int, workers: list[int], certificate: Path | None) -> str:
    """The site of deploy/ on our ports, with our certificate or on plain HTTP: nothing else of it is altered."""
    lines, in_workers = [], False
    for line in site.splitlines():
        words = line.split()
        if is_worker := words[:1] == ["server"] and words[1].startswith("127.0.0.1:"):
            if not in_workers:
                lines += [f"    server 127.0.0.1:{worker} {' '.join(words[2:])}" for worker in workers]
        elif words[:1] == ["listen"]:
            lines.append(_listen(words, port, plain_port, certificate))
        elif words[:1] in (["ssl_certificate"], ["ssl_certificate_key"]):
            name = CERTIFICATE if words[0] == "ssl_certificate" else CERTIFICATE_KEY
            lines += [f"    {words[0]} {certificate / name};"] if certificate else []
        else:
            # On plain HTTP no client would send such a cookie back.
            lines.append(line if certificate else line.replace(" Secure;", ""))
        in_workers = is_worker
    return "\n".join(lines) + "\n"


def _listen(words: list[str], port: int, plain_port: int, certificate: Path | None) -> str:
    if "443" not in words:
        return f"    listen 127.0.0.1:{plain_port};"
    return (
        f"    listen 127.0.0.1:{port} {' '.join(words[2:])}"
        if certificate
        else f"    listen 127.0.0.1:{port};"
    )


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
