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
