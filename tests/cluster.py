"""Several real workers over one PostgreSQL and one Redis, behind nginx with the site file of deploy/."""

from __future__ import annotations

import atexit
import tempfile
from functools import cache
from pathlib import Path

from tests import services
from tests.server import Server


@cache
def postgres() -> services.Postgres:
    """The tests' PostgreSQL, started once. Raises: NotRun."""
    started = services.Postgres(_folder("palabre-postgres-") / "postgres")
    atexit.register(started.stop)
    return started


@cache
def redis() -> services.Redis:
    """The tests' Redis, started once. Raises: NotRun."""
    started = services.Redis(_folder("palabre-redis-") / "redis")
    atexit.register(started.stop)
    return started


def _folder(prefix: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    atexit.register(services.remove, folder)
    return folder


class Cluster:
    """Workers that share a data folder, and nginx before them: with TLS if there is a `certificate`. `urls` are theirs, `url` is
    everybody's."""

    def __init__(
        self,
        folder: Path,
        workers: int = 2,
        kind: type[Server] = Server,
        certificate: Path | None = None,
        **settings: str,
    ) -> None:
        self.postgres, self.redis = postgres(), redis()
        self.database = self.postgres.new_database()
        data = folder / "data"
        data.mkdir()
        (folder / "volatile").mkdir()
        environment = {
            "PALABRE_DATABASE": self.database,
            "PALABRE_REDIS": self.redis.url,
            "PALABRE_VOLATILE": str(folder / "volatile"),  # one host
            **({"PALABRE_HTTPS": "1"} if certificate else {}),
            **settings,
        }
        self.workers = []
        for number in range(workers):
            (beside := folder / f"worker-{number + 1}").mkdir()
            self.workers.append(kind(data, beside=beside, environment=environment))
        self.nginx = services.Nginx(folder / "nginx", [worker.port for worker in self.workers], certificate)
        self.url = environment["PALABRE_URL"] = self.nginx.url

    def start(self) -> Cluster:
        for worker in self.workers:
            worker.begin()
        for worker in self.workers:
            worker.await_health()
        return self

    @property
    def port(self) -> int:
        return self.nginx.port

    @property
    def links(self) -> dict:
        """The demo's entry links by role, all through nginx."""
        return self.workers[0].links

    def link(self, role: str, worker: int | None = None) -> str:
        """The entry link of a role: through nginx, or straight to one worker."""
        return self.at(self.links[role], worker)

    def participants(self, worker: int | None = None) -> list[str]:
        return [self.at(link, worker) for link in self.links["participants"]]

    def at(self, link: str, worker: int | None) -> str:
        return link if worker is None else link.replace(self.url, self.workers[worker].url)

    def stop(self) -> None:
        for worker in self.workers:
            worker.kill()
        self.nginx.stop()
        self.postgres.drop_database(self.database)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
