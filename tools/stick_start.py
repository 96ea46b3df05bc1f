"""From the stick to a running Palabre, without internet: `python3 start.py [--into FOLDER] [--restore BACKUP] [--no-start]`.

What lives here: checking the stick, copying the program to this computer's disk, installing it from the wheels, and starting it.
Standard library only; it stands at the top of the stick and knows nothing of the program but its folder.
"""

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

STICK = Path(__file__).resolve().parent
PROGRAM = "palabre"


def main() -> None:
    asked = argparse.ArgumentParser(description="Palabre, sans internet / without internet")
    asked.add_argument("--into", type=Path, default=Path.home() / PROGRAM, metavar="FOLDER")
    asked.add_argument("--restore", type=Path, metavar="BACKUP.zip")
    asked.add_argument("--no-start", action="store_true")
    options = asked.parse_args()
    into, backup = options.into.resolve(), options.restore and options.restore.resolve()
    if backup and not backup.is_file():
        stop(f"Pas de sauvegarde ici / no backup here: {backup}")
    same_kind()
    say("Vérification de la clé / checking the stick ...")
    listed = checked()
    say(f"Copie vers / copying to {into} ...")
    copy(listed, into)
    python = str(into / ".venv" / "bin" / "python")
    done = subprocess.call([sys.executable, str(into / "tools" / "bootstrap.py")])
    if done == 0 and backup:
        done = subprocess.call([python, "-m", "app.commands", "restore", str(backup)], cwd=into)
    if done:
        sys.exit(done)
    if not options.no_start:
        os.chdir(into)
        os.execv(python, [python, "wsgi.py"])


def same_kind() -> None:
    """The wheels fit one kind of computer and one Python; said here, for pip would only say that it found nothing."""
    meant = (STICK / "for.txt").read_text(encoding="utf-8").split()
    here = [sysconfig.get_platform().removeprefix("linux-"), ".".join(platform.python_version_tuple()[:2])]
    if meant != here:
        other = shutil.which(f"python{meant[1]}") if meant[0] == here[0] else None
        if other and Path(other).resolve() != Path(sys.executable).resolve():
            os.execv(other, [other, *sys.argv])
        stop(
            f"Cette clé est pour / this stick is for Linux {meant[0]}, Python {meant[1]}; ici / here: {here[0]}, Python {here[1]}."
        )


def checked() -> list:
    """The program's files, every one as it was written to the stick."""
    names, wrong = [], []
    for line in (STICK / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        wanted, name = line.split("  ", 1)
        path = STICK / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            wrong.append(name)
        names.append(name)
    if wrong:
        stop(f"La clé est abîmée, refaites-la / the stick is damaged, make it again: {', '.join(wrong[:5])}")
    return [name for name in names if name.startswith(PROGRAM + "/")]


def copy(listed: list, into: Path) -> None:
    """The program's own files, over an older copy too; workshops (var/) are none of them and stay."""
    try:
        for name in listed:
            to = into / Path(name).relative_to(PROGRAM)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(STICK / name, to)
    except OSError as error:
        stop(f"{error.filename or into}: {error.strerror}")


def say(text: str) -> None:
    print(text, flush=True)


def stop(text: str) -> None:
    sys.exit(text)


if __name__ == "__main__":
    main()
