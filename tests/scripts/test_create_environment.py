"""What the script behind `make setup` says when it cannot go on."""

import subprocess
from pathlib import Path

from tests.scripts.fake_machine import ROOT, write_executable


def _create_environment(path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "scripts" / "create-environment", path / "environment"],
        env={"PATH": str(path), **environment},
        cwd=path,
        capture_output=True,
        text=True,
        check=False,
    )


def test_only_an_old_python_is_an_error_that_says_what_to_install(tmp_path: Path) -> None:
    write_executable(tmp_path / "python3", "exit 1")
    done = _create_environment(tmp_path)
    assert done.returncode == 1
    assert "no Python 3.11 or newer on the PATH" in done.stderr
    assert "make PYTHON=/path/to/python3" in done.stderr


def test_a_python_without_venv_is_an_error_that_names_the_package(tmp_path: Path) -> None:
    write_executable(tmp_path / "id", "echo 1000")
    write_executable(
        tmp_path / "python3",
        """
        case "$2" in
        *version_info*3,\\ 11*) exit 0 ;;
        *ensurepip*) exit 1 ;;
        *) echo 3.12 ;;
        esac
        """,
    )
    done = _create_environment(tmp_path)
    assert done.returncode == 1
    assert "install python3.12-venv (Debian, Ubuntu)" in done.stderr


def test_the_python_that_is_named_is_taken_before_the_one_on_the_path(tmp_path: Path) -> None:
    write_executable(tmp_path / "python3", "exit 1")
    mine = write_executable(
        tmp_path / "mine" / "python",
        '[ "$1" = --version ] && echo "Python 3.12.0"; [ "$2" = venv ] && echo "asked for $4" && exit 7; exit 0',
    )
    done = _create_environment(tmp_path, PYTHON=str(mine))
    assert done.returncode == 7
    assert f"asked for {tmp_path / 'environment'}" in done.stdout


def test_root_on_debian_gets_the_missing_package_installed(tmp_path: Path) -> None:
    write_executable(tmp_path / "id", "echo 0")
    write_executable(tmp_path / "apt-get", 'echo "$@" >> apt-get-was-asked')
    write_executable(
        tmp_path / "python3",
        """
        case "$2" in
        *version_info*3,\\ 11*) exit 0 ;;
        *ensurepip*) [ -e apt-get-was-asked ] ;;
        venv) echo "can make environments"; exit 7 ;;
        *) echo 3.12 ;;
        esac
        """,
    )
    done = _create_environment(tmp_path)
    assert "can make environments" in done.stdout
    assert "install -y -qq --no-install-recommends python3.12-venv" in (tmp_path / "apt-get-was-asked").read_text()
