"""Settings, read once from the environment (PALABRE_*). Standard library only.

What may live here: names, defaults and the reading of the environment. What must not: Flask, the database, the clock.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
SECRET_BYTES = 32
CERTIFICATE, CERTIFICATE_KEY = "certificate.pem", "key.pem"
ENGINES = ("eventlet", "gevent", "threading")
# Scheme, host, port: no `*`, for pages of this address may open sockets.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+")


class BadSetting(ValueError):
    """A PALABRE_* variable has a value we cannot use; the text says which and what would do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the operator may choose.

    Units: `port` is a TCP port; `volatile` is a folder that a power cut empties (tmpfs), for the urns' keys; `certificate` is a
           folder with the certificate and key by which this process speaks TLS itself.
    """

    data: Path
    volatile: Path
    secret: bytes
    database_url: str
    host: str = "0.0.0.0"
    port: int = 5000
    engine: str = "eventlet"
    public_url: str = ""
    language: str = "fr"
    https: bool = False
    fanout: str = "direct"
    redis_url: str = ""
    remote_url: str = ""
    certificate: Path | None = None
    backups: Path | None = None

    @property
    def mark(self) -> str:
        """What tells this server from others; leads to no secret."""
        return hmac.digest(self.secret, b"mark", "sha256").hex()[:16]

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; creates the data folder and the server's secret on first use.

    Raises: BadSetting with a sentence an administrator understands.
    """
    env = os.environ if environ is None else environ
    data = Path(env.get("PALABRE_DATA", str(ROOT / "var"))).resolve()
    data.mkdir(parents=True, exist_ok=True)
    engine = env.get("PALABRE_ENGINE", "eventlet")
    if engine not in ENGINES:
        raise BadSetting(f"PALABRE_ENGINE is {engine!r}; use one of {', '.join(ENGINES)}.")
    certificate, public_url = _certificate(env), env.get("PALABRE_URL", "").rstrip("/")
    https = env.get("PALABRE_HTTPS", "") == "1" or certificate is not None
    if env.get("FLASK_DEBUG", "0").lower() not in ("", "0", "false", "no"):
        raise BadSetting("FLASK_DEBUG is set: it shows the program's inside to everybody. Unset it.")
    if https and engine == "threading":
        raise BadSetting(
            "PALABRE_ENGINE=threading runs on a development server, which is not for the public (PALABRE_HTTPS=1); "
            "use eventlet or gevent."
        )
    if public_url and not _ADDRESS.fullmatch(public_url):
        raise BadSetting(
            f"PALABRE_URL is {public_url!r}; use the one address people open, such as https://palabre.example."
        )
    port = env.get("PALABRE_PORT", "5000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise BadSetting(f"PALABRE_PORT is {port!r}; use a number from 1 to 65535.")
    database_url = _database(env.get("PALABRE_DATABASE", f"sqlite:///{data / 'palabre.db'}"))
    return Settings(
        data=data,
        volatile=_volatile_folder(env, data),
        secret=_server_secret(data),
        database_url=database_url,
        host=env.get("PALABRE_HOST", "0.0.0.0"),
        port=int(port),
        engine=engine,
        public_url=public_url,
        language=env.get("PALABRE_LANGUAGE", "fr"),
        https=https,
        fanout=env.get("PALABRE_FANOUT", "direct"),
        redis_url=_redis(env.get("PALABRE_REDIS", ""), database_url),
        remote_url=env.get("PALABRE_REMOTE", "").rstrip("/"),
        certificate=certificate,
        backups=Path(env["PALABRE_BACKUPS"]).resolve() if env.get("PALABRE_BACKUPS") else None,
    )


def _certificate(env: Mapping[str, str]) -> Path | None:
    """The folder that `python -m app.commands certificate` fills, if this process is to speak TLS itself."""
    if not env.get("PALABRE_CERTIFICATE"):
        return None
    folder = Path(env["PALABRE_CERTIFICATE"]).resolve()
    if not all((folder / name).is_file() for name in (CERTIFICATE, CERTIFICATE_KEY)):
        raise BadSetting(
            f"PALABRE_CERTIFICATE is {folder}, which holds no {CERTIFICATE} and {CERTIFICATE_KEY}: "
            "python -m app.commands certificate makes them."
        )
    return folder


def _database(url: str) -> str:
    """SQLite, or PostgreSQL by psycopg 3; no other driver was tried (decision 8)."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return url
    if scheme not in ("postgresql+psycopg", "postgresql", "postgres"):
        raise BadSetting(
            "PALABRE_DATABASE begins with sqlite:/// or postgresql+psycopg://; no other database was tried."
        )
    if find_spec("psycopg") is None:
        raise BadSetting(
            "PALABRE_DATABASE is on PostgreSQL, and psycopg is missing: pip install 'psycopg[binary]'."
        )
    return f"postgresql+psycopg://{rest}"


def _redis(url: str, database_url: str) -> str:
    if url and database_url.startswith("sqlite"):
        raise BadSetting(
            "PALABRE_REDIS is for several workers, which share a PostgreSQL; on SQLite there is one."
        )
    if url and find_spec("redis") is None:
        raise BadSetting("PALABRE_REDIS is set, and redis is missing: pip install redis.")
    return url


def _volatile_folder(env: Mapping[str, str], data: Path) -> Path:
    """The tmpfs folder for the urns' keys: systemd's RuntimeDirectory, else shared memory, else (told at start) the data folder."""
    chosen = env.get("PALABRE_VOLATILE") or env.get("RUNTIME_DIRECTORY")
    if chosen:
        folder = Path(chosen)
    elif Path("/dev/shm").is_dir():
        # One folder per data folder, so that two servers on one machine never share a key.
        folder = Path("/dev/shm") / f"palabre-{os.getuid()}" / str(data).strip("/").replace("/", "-")
    else:
        folder = data / "volatile"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _server_secret(data: Path) -> bytes:
    """32 random bytes beside the database, never in it: links and seat codes are derived from them."""
    path = data / "secret"
    if not path.exists():
        _make_secret(path)
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise BadSetting(f"{path} is damaged; every link and code hangs on it: put it back from a backup.")
    return secret


def _make_secret(path: Path) -> None:
    """On the disk before anything is derived from it: a power cut would leave an empty file, and every link dead."""
    fresh = path.with_name(f"secret.{os.getpid()}")
    fresh.touch(mode=0o600)
    with fresh.open("wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)  # atomic: of two first starts, one wins
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    if os.name == "posix":  # elsewhere a folder cannot be opened
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
