"""What import-linter cannot hold: the arrows of the single module `worker.py`, and what the README promises."""

import ast
import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent


def _imported_packages(source: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_the_worker_knows_nothing_of_the_command_the_receiver_and_the_simulator() -> None:
    assert not _imported_packages(PROJECT / "worker.py") & {"starter", "receiver", "simulator", "scripts"}


def test_the_command_never_imports_the_simulator() -> None:
    sources = list((PROJECT / "starter").rglob("*.py"))

    assert sources
    assert not [str(source) for source in sources if "simulator" in _imported_packages(source)]


def test_ci_calls_the_test_command_of_the_readme() -> None:
    command = "make test"

    assert command in (PROJECT / "README.md").read_text()
    assert command in (PROJECT / ".ci" / "run").read_text()


def test_every_dependency_has_a_reason_in_the_architecture_page() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *extras["dev"], *extras["s3"]]
    architecture = (PROJECT / "docs" / "architecture.md").read_text()

    names = [re.split(r"[<>=\[]", requirement)[0] for requirement in needed]

    assert not [name for name in names if not re.search(rf"\b{re.escape(name)}\b", architecture)]


def test_links_between_documents_lead_somewhere() -> None:
    pages = [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]

    assert not broken
