"""A stick from which Palabre is installed without internet: `make stick DIR=/media/...` (`python3 tools/stick.py FOLDER`).

What lives here: the folder's contents. The program, its packages as wheels for this kind of computer, one script that starts it
(`tools/stick_start.py`), a page to read in each language, and a checksum of every file. Standard library only.
"""

import hashlib
import platform
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM, SUMS, START = "palabre", "SHA256SUMS", "start.py"
# What a clone without git leaves out: what can be made again, and what belongs to this computer.
NOT_TAKEN = {
    ".git",
    ".venv",
    ".wheels",
    "node_modules",
    "var",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
}
MIB = 2**20

PAGES = {
    "LISEZMOI.txt": """\
PALABRE SUR CLÉ : INSTALLER SANS INTERNET
=========================================

Il faut : un ordinateur sous Linux ({machine}) avec Python {python}, et {size} Mo libres. Rien d'autre, aucun internet.

1. Branchez la clé, ouvrez un terminal dans le dossier de la clé (où se trouve ce fichier).
2. Tapez :

       python3 start.py

   Le programme vérifie la clé, copie Palabre dans votre dossier personnel (palabre), l'installe et le démarre. L'adresse à
   ouvrir, le code et un lien par rôle s'affichent. La clé peut alors être retirée.
3. La fois suivante, sans clé :   cd ~/palabre && python3 tools/bootstrap.py && .venv/bin/python wsgi.py
   (ou « make run », si make est là). Vos ateliers restent dans palabre/var.

Reprendre l'atelier d'un autre ordinateur avec sa dernière sauvegarde (moins de cinq minutes) :

       python3 start.py --restore CHEMIN/palabre-....zip

   Donnez à cet ordinateur l'adresse que l'autre avait dans la salle : les téléphones reviennent d'eux-mêmes.

Vérifier la clé :   sha256sum -c SHA256SUMS
La veille, dans la salle : page « Vérifier le matériel », ou   .venv/bin/python -m app.commands selftest
""",
    "README.txt": """\
PALABRE ON A STICK: INSTALL WITHOUT INTERNET
============================================

You need: a computer with Linux ({machine}) and Python {python}, and {size} MB free. Nothing else, no internet.

1. Plug in the stick and open a terminal in its folder (where this file is).
2. Type:

       python3 start.py

   It checks the stick, copies Palabre into your home folder (palabre), installs it and starts it. The address to open, the
   code and a link for each role are shown. The stick can be pulled out then.
3. The next time, without the stick:   cd ~/palabre && python3 tools/bootstrap.py && .venv/bin/python wsgi.py
   (or "make run", where make is there). Your workshops stay in palabre/var.

To go on with another computer's workshop from its last backup (in less than five minutes):

       python3 start.py --restore PATH/palabre-....zip

   Give this computer the address the other one had in the room: the phones come back by themselves.

To check the stick:   sha256sum -c SHA256SUMS
The evening before, in the room: the page "Check the kit", or   .venv/bin/python -m app.commands selftest
""",
}


def main(arguments: list) -> None:
    if len(arguments) != 1 or not arguments[0]:
        sys.exit("Say where: make stick DIR=/media/you/STICK")
    folder = Path(arguments[0]).resolve()
    if folder == ROOT or ROOT in folder.parents:
        sys.exit(f"{folder} is inside this clone: choose a folder on the stick.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        copy_program(folder / PROGRAM)
        fetch_wheels(folder / PROGRAM / ".wheels")
        write_pages(folder)
        write_sums(folder)
    except OSError as error:
        sys.exit(f"The stick is not complete: {error.filename or folder}: {error.strerror}")
    wheels = list((folder / PROGRAM / ".wheels").glob("*.whl"))
    print(
        f"{folder} holds Palabre: {megabytes(files_of(folder))} MB, of them {megabytes(wheels)} MB in {len(wheels)} wheels."
    )
    print(f"For Linux {machine()} with Python {python()}. Begin there with: python3 {START}")


def machine() -> str:
    return sysconfig.get_platform().removeprefix("linux-")


def python() -> str:
    return ".".join(platform.python_version_tuple()[:2])


def taken() -> list:
    """The files of this clone, relative to it: what git knows; of a copy without git, everything but what is made again."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=False
    )
    if listed.returncode == 0 and listed.stdout:
        return [Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    every = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [path for path in every if NOT_TAKEN.isdisjoint(path.parts)]


def copy_program(to: Path) -> None:
    """The program as it is here; what an older stick held beside it goes."""
    wanted = {to / path for path in taken()}
    for old in files_of(to) if to.exists() else []:
        if old not in wanted and ".wheels" not in old.parts:
            old.unlink()
    for path in taken():
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, to / path)


def fetch_wheels(to: Path) -> None:
    """Every package of the lock for this kind of computer; wheels of an older lock go."""
    code = subprocess.call([sys.executable, str(ROOT / "tools/bootstrap.py"), "--wheels", str(to)])
    if code:
        sys.exit(code)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for wheel in to.glob("*.whl"):
        if sum_of(wheel) not in lock and not wheel.name.startswith("pip-"):
            wheel.unlink()


def write_pages(folder: Path) -> None:
    # The packages are unpacked beside the copy: three times what they weigh as wheels.
    size = 4 * megabytes(files_of(folder))
    for name, text in PAGES.items():
        said = text.format(machine=machine(), python=python(), size=size)
        (folder / name).write_text(said, encoding="utf-8", newline="\r\n")
    shutil.copyfile(ROOT / "tools/stick_start.py", folder / START)
    (folder / "for.txt").write_text(f"{machine()} {python()}\n", encoding="utf-8")


def write_sums(folder: Path) -> None:
    """As sha256sum reads them."""
    ours = [folder / name for name in (*PAGES, START, "for.txt")] + files_of(folder / PROGRAM)
    lines = [f"{sum_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in sorted(ours)]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def files_of(folder: Path) -> list:
    return [path for path in folder.rglob("*") if path.is_file()]


def megabytes(files: list) -> int:
    return max(1, round(sum(path.stat().st_size for path in files) / MIB))


def sum_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
