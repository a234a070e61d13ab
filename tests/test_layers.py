"""Who may import whom, and how long files and functions may be: docs/architecture.md, held."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "newscrawl"
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in ROOT.rglob("*.py")}

GROUND = {
    "__init__",
    "models",
    "remarks",
    "known",
    "reprints",
    "errors",
    "toml",
    "config",
    "sites",
    "summary",
    "health",
    "store",
    "archive",
}
STAGES = {"discover", "extract", "clean", "identify"}
# What each part may import of newscrawl, beside itself; a part that is missing here may import anything.
ALLOWED = {
    "models": {"remarks"},
    "remarks": set(),
    "known": {"models"},
    "reprints": set(),
    "errors": set(),
    "toml": {"errors"},
    "config": {"__init__", "errors", "toml"},
    "sites": {"errors", "toml"},
    "summary": {"models", "remarks"},
    "health": set(),
    "store": {"__init__", "models", "known", "reprints", "errors"},
    "archive": {"__init__", "models", "errors"},
    **{stage: {"__init__", "models", "remarks", "known", "reprints", "errors", "clean.urls", "clean.surnames"} for stage in STAGES},
    "discover": {"__init__", "models", "errors", "clean.urls", "extract.decode"},  # feeds come in the charsets that pages come in
    "demo": {"errors"},
    "crawl": GROUND | STAGES,
    "jobs": GROUND | STAGES | {"crawl"},
    "query": GROUND | {"clean.text", "clean.urls", "identify.exact"},
    "web": GROUND | {"query"},
}
# Outside packages, and the only parts that may import them.
RESERVED = {
    "scrapy": {"crawl"},
    "twisted": {"crawl"},
    "itemadapter": {"crawl"},
    "playwright": {"crawl"},
    "fastapi": {"web"},
    "jinja2": {"web"},
    "uvicorn": {"web"},
    "pymongo": {"store"},
    "fsspec": {"archive"},
    "dramatiq": {"jobs"},
    "redis": {"jobs"},
    "pika": {"jobs"},
    "typer": {"cli", "commands"},
}
# A stage gets records and gives records: no clock, network, settings or log of its own.
IMPURE = {"asyncio", "http", "logging", "os", "random", "socket", "sqlite3", "subprocess", "threading", "time", "urllib.request"}
LONGEST_FILE, LONGEST_FUNCTION = 300, 45


def part(module: str) -> str:
    return module.partition(".")[0]


def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


def imported(module: str) -> set[str]:
    """Full names of everything a module imports, wherever in it."""
    names = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def own_imports(module: str) -> set[str]:
    """Our modules that a module imports, without "newscrawl."."""
    found = set()
    for name in imported(module):
        if part(name) == "newscrawl":
            inner = name.partition(".")[2]
            while inner and inner not in MODULES:
                inner = inner.rpartition(".")[0]
            found.add(inner or "__init__")
    return found


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_what_its_part_may(module):
    allowed = ALLOWED.get(part(module))
    if allowed is not None:
        wrong = {name for name in own_imports(module) if part(name) != part(module) and not {name, part(name)} & allowed}
        assert not wrong, f"newscrawl.{module} imports {wrong}"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_an_outside_package_stays_where_it_belongs(module):
    wrong = {name for name in imported(module) if part(module) not in RESERVED.get(part(name), {part(module)})}
    assert not wrong


@pytest.mark.parametrize("module", sorted(name for name in MODULES if part(name) in STAGES))
def test_a_stage_is_pure(module):
    names = imported(module)
    assert not {name for name in names for impure in IMPURE if f"{name}.".startswith(f"{impure}.")}
    assert "newscrawl.models.now" not in names
    clocks = {f"{ast.unparse(node.func)}" for node in ast.walk(tree(module)) if isinstance(node, ast.Call)}
    assert not {name for name in clocks if name.endswith((".now", ".utcnow", ".today"))}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_files_and_functions_stay_readable(module):
    assert len(MODULES[module].read_text("utf-8").splitlines()) <= LONGEST_FILE
    functions = [node for node in ast.walk(tree(module)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert not {node.name: length for node in functions if (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION}


def test_every_part_is_known():
    assert {part(name) for name in MODULES} == set(ALLOWED) | {"__init__", "__main__", "cli", "commands"}


def test_no_module_is_a_drawer():
    assert not {name for name in MODULES if name.rpartition(".")[2] in {"utils", "util", "helpers", "common", "base", "manager", "misc"}}
