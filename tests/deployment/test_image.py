"""What the Dockerfile copies, compared with the checkout and with pyproject.toml."""

import re
import tomllib

from tests.deployment.compose_file import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COPIED = {
    source
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, flags=re.MULTILINE)
    for source in sources.split()
}


def test_everything_that_is_copied_exists_and_is_not_ignored() -> None:
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert let_through == COPIED
    assert [source for source in COPIED if not (ROOT / source).exists()] == []


def test_the_packages_of_the_image_are_those_of_the_project() -> None:
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    packages = {pattern.removesuffix("*") for pattern in setuptools["packages"]["find"]["include"]}
    modules = {f"{module}.py" for module in setuptools["py-modules"]}
    assert packages | modules | {"README.md", "pyproject.toml", "requirements.lock"} == COPIED


def test_every_stage_starts_from_the_same_pinned_image() -> None:
    assert len(set(re.findall(r"^FROM (python:\d+\.\d+\.\d+-\S+)", DOCKERFILE, flags=re.MULTILINE))) == 1
    assert len(re.findall(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)) == 2


def test_the_image_does_not_run_as_root() -> None:
    last_stage = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert re.findall(r"^USER (.+)$", last_stage, flags=re.MULTILINE) == ["onboarding"]
