"""Install one Python package, pinned with hashes in a file beside this one, into a directory of its own."""

import shutil
import sys
from pathlib import Path

from scripts.steps import run_step


def install(package: str, directory: Path, log: Path) -> None:
    """Install `<package>.lock` into a new `directory`.

    Raises:
        StepFailed: pip cannot get the package for this platform, or its hash differs.
    """
    shutil.rmtree(directory, ignore_errors=True)
    requirements = Path(__file__).with_name(f"{package}.lock")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run_step(
        [*pip, "--require-hashes", "--no-deps", "--target", directory, "--requirement", requirements],
        title=f"pip install {package}",
        log=log,
    )
