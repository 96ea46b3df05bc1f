"""What the server refuses to start with, and says why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import config

ROOT = Path(__file__).resolve().parents[1]
FORBIDDEN = [
    ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
    ({"PALABRE_ENGINE": "threading", "PALABRE_HTTPS": "1"}, "development server"),
    ({"PALABRE_URL": "*"}, "PALABRE_URL"),
    ({"PALABRE_URL": "https://*"}, "PALABRE_URL"),
    ({"PALABRE_CERTIFICATE": "/nowhere"}, "app.commands certificate"),
    ({"PALABRE_URL": "https://palabre.example/somewhere"}, "PALABRE_URL"),
    ({"PALABRE_ENGINE": "tornado"}, "PALABRE_ENGINE"),
]


@pytest.mark.parametrize(("environ", "word"), FORBIDDEN)
def test_s34_a_start_that_would_open_the_door_is_refused(
    tmp_path: Path, environ: dict[str, str], word: str
) -> None:
    with pytest.raises(config.BadSetting, match=word):
        config.from_environment({"PALABRE_DATA": str(tmp_path), **environ})


@pytest.mark.parametrize(
    "url", ["http://192.168.1.10:5000", "https://palabre.example", "http://[fd00::1]:5000/"]
)
def test_an_address_people_open_is_taken(tmp_path: Path, url: str) -> None:
    settings = config.from_environment({"PALABRE_DATA": str(tmp_path), "PALABRE_URL": url})
    assert settings.public_url == url.rstrip("/")


def test_s34_the_process_ends_with_a_sentence_and_no_stack(tmp_path: Path) -> None:
    environ = {**os.environ, "PALABRE_DATA": str(tmp_path), "FLASK_DEBUG": "1"}
    ended = subprocess.run(
        [sys.executable, "wsgi.py"], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert "FLASK_DEBUG" in ended.stderr
    assert "Traceback" not in ended.stderr
