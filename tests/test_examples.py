"""The example notebook and the README's example run as they stand, on the archive that `newscrawl demo` makes, and draw their charts."""

import base64
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.archives import copy_of
from tests.crawl.crawls import Place

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
NOTEBOOK = ROOT / "examples" / "asking.ipynb"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def uri(crawled_demo: Place, tmp_path: Path) -> str:
    """Both demo portals, crawled."""
    return copy_of(crawled_demo, tmp_path / "crawled").store


def test_the_notebook_is_committed_without_what_it_printed():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert not [cell for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")]


async def test_the_notebook_runs_and_draws_its_chart(uri, tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSCRAWL_STORE", uri)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    await client.async_execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert not [output for output in outputs if output.output_type in ("stream", "error")], outputs  # nor a warning
    assert outputs[0].data["text/plain"] == "26"
    (picture,) = [output.data["image/png"] for output in outputs if "image/png" in output.get("data", {})]
    assert base64.b64decode(picture).startswith(PNG)
    assert len(base64.b64decode(picture)) > 8_000  # an empty chart has half of that
    assert "渡船" in outputs[1].data["text/html"]
    assert int(outputs[-1].data["text/plain"]) > 10_000


@pytest.fixture
def demo(uri: str, tmp_path: Path) -> Path:
    """A folder in which `newscrawl demo` was run."""
    folder = tmp_path / "archive" / "demo"
    folder.mkdir(parents=True)
    shutil.copy(uri.removeprefix("sqlite:///"), folder / "newscrawl.db")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "newscrawl").symlink_to(Path(sys.executable).parent / "newscrawl")
    return tmp_path


@pytest.mark.parametrize("block", ["console", "sh"])
def test_the_readme_s_searches_find_what_it_shows(demo, block):
    said = [found for found in re.findall(rf"```{block}\n(.*?)```", README, re.DOTALL) if "newscrawl search" in found]
    lines = [line.removeprefix("$ ") for line in said[0].splitlines() if block == "sh" or line.startswith("$ ")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSCRAWL_")} | {"PYTHONPATH": str(ROOT)}
    script = "\n".join(line for line in lines if line != "make demo")
    run = subprocess.run(["sh", "-ec", script], cwd=demo, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert run.stderr == ""
    assert run.stdout.startswith("今晨湖面大雾，渡船首班推迟一小时\n")


def test_the_readme_s_chart_is_drawn(demo, tmp_path):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg", "MPLCONFIGDIR": str(tmp_path)}
    command = [sys.executable, "-W", "error", "-c", code]
    run = subprocess.run(command, cwd=demo, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert run.stderr == ""
    assert run.stdout.count("\n") == 3
    assert "今晨湖面大雾，渡船首班推迟一小时" in run.stdout
    assert (tmp_path / "chart.png").read_bytes().startswith(PNG)
