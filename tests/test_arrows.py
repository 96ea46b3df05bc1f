"""The rules of the tree: imports point inward, one file names an engine, the domain is pure, the contract has not drifted."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from app import contract

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("app", "realtime")

# What pages may know of the store: whom and what a page is about.
FOR_PAGES = {"app.store.people", "app.store.workshops", "app.store.doors"}
# Who may import whom. A module belongs to the longest name here that it begins with.
ARROWS: dict[str, set[str]] = {
    "app.domain": {"app.domain"},
    "app.exports": {"app.exports", "app.domain"},
    "app.imports": {"app.imports", "app.domain"},
    "app.store": {"app.store", *FOR_PAGES, "app.domain", "app.extensions"},
    "app.urn": {"app.urn", "app.store", "app.domain"},
    "app.pages": {
        "app",
        "app.extensions",
        "app.pages",
        "app.exports",
        "app.imports",
        "app.domain",
        *FOR_PAGES,
    },
    "app": {
        "app",
        "app.extensions",
        *FOR_PAGES,
        "app.domain",
        "app.exports",
        "app.imports",
        "app.store",
        "app.urn",
        "app.pages",
        "config",
    },
    "realtime": {"realtime", "app", *FOR_PAGES, "app.domain", "app.store", "app.urn", "config"},
}
NOT_IN_DOMAIN = {
    "flask",
    "sqlalchemy",
    "socketio",
    "time",
    "random",
    "secrets",
    "logging",
    "datetime",
    "os",
    "threading",
}


def modules() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
    ]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_every_module_of_the_application_is_on_the_map() -> None:
    """Folders are described as a whole; what lies beside them is many things, and looked for by its word."""
    told = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    files = [path.name for path in (ROOT / "app").glob("*.py") if path.stem != "__init__"]
    assert [name for name in sorted(files) if f"`app/{name}`" not in told] == []


def home(module: str, among: list[str]) -> str | None:
    fitting = [name for name in among if module == name or module.startswith(name + ".")]
    return max(fitting, key=len, default=None)


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_point_inward(path: Path) -> None:
    here = home(name_of(path), list(ARROWS))
    assert here
    places = sorted({place for allowed in ARROWS.values() for place in allowed})
    for imported in imports(path):
        there = home(imported, places)
        assert there is None or there in ARROWS[here], f"{name_of(path)} imports {imported}"


def test_the_domain_knows_no_clock_no_chance_and_no_framework() -> None:
    for path in [*(ROOT / "app/domain").rglob("*.py"), ROOT / "app/selftest/judgements.py"]:
        outside = {imported.split(".")[0] for imported in imports(path)} & NOT_IN_DOMAIN
        assert not outside, f"{name_of(path)} imports {outside}"


def engines_named(path: Path) -> set[str]:
    """The engines that a module names in its code: as a package, as a name, or in a text. What it says of them is free."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    texts = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    texts += [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    texts += [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
    ]
    return {
        name for text in [*texts, *imports(path)] for name in ("eventlet", "gevent") if name in text.lower()
    }


def test_one_file_names_an_engine() -> None:
    assert {name_of(path) for path in modules() if engines_named(path)} == {"realtime.engine"}


def test_one_file_knows_redis() -> None:
    named = {name_of(path) for path in modules() if any(i.split(".")[0] == "redis" for i in imports(path))}
    assert named == {"realtime.wakeups"}


@pytest.mark.parametrize("path", contract.outputs(), ids=lambda path: path.name)
def test_what_is_generated_has_not_drifted(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == contract.outputs()[path], "run `python -m app.contract`"


def test_no_module_is_named_after_nothing() -> None:
    for path in modules():
        assert not re.search(r"utils?|manager|helpers?|common|misc", path.stem), path
