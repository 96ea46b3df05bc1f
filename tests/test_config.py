"""The server's secret: made once, on the disk before it is used, and never quietly replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

import config


def settings(data: Path) -> config.Settings:
    return config.from_environment({"PALABRE_DATA": str(data), "PALABRE_VOLATILE": str(data / "volatile")})


def test_a_second_start_finds_the_secret_of_the_first(tmp_path: Path) -> None:
    first = settings(tmp_path)
    assert len(first.secret) == config.SECRET_BYTES
    assert settings(tmp_path).secret == first.secret
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret", "volatile"]


def test_a_damaged_secret_is_refused_and_not_replaced(tmp_path: Path) -> None:
    settings(tmp_path)
    (tmp_path / "secret").write_bytes(b"")
    with pytest.raises(config.BadSetting, match="backup"):
        settings(tmp_path)
    assert (tmp_path / "secret").read_bytes() == b""


def with_stores(data: Path, **stores: str) -> config.Settings:
    return config.from_environment(
        {"PALABRE_DATA": str(data), "PALABRE_VOLATILE": str(data / "volatile"), **stores}
    )


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_is_spoken_to_by_psycopg_3(tmp_path: Path, scheme: str) -> None:
    chosen = with_stores(
        tmp_path, PALABRE_DATABASE=f"{scheme}://palabre@/palabre", PALABRE_REDIS="redis://localhost/"
    )
    assert chosen.database_url == "postgresql+psycopg://palabre@/palabre"
    assert not chosen.is_sqlite


@pytest.mark.parametrize(
    "url", ["mysql://localhost/palabre", "postgresql+psycopg2://localhost/palabre", "palabre.db"]
)
def test_a_database_that_nobody_tried_is_refused_with_a_sentence(tmp_path: Path, url: str) -> None:
    with pytest.raises(config.BadSetting, match="PALABRE_DATABASE begins with"):
        with_stores(tmp_path, PALABRE_DATABASE=url)


def test_a_redis_without_a_postgresql_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(config.BadSetting, match="share a PostgreSQL"):
        with_stores(tmp_path, PALABRE_REDIS="redis://localhost/")
