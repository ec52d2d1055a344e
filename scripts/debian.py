"""Programs from the system's packages, where the system is Debian and we may install them."""

import os
import shutil
from pathlib import Path

from scripts.steps import StepFailed, run_step, say


def install(packages: list[str], wanted: str, otherwise: str, log: Path) -> None:
    """`apt-get install`; `wanted` is what is missing and `otherwise` what a person can do instead.

    Raises:
        StepFailed: this is no Debian, we are not root, or apt-get fails.
    """
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise StepFailed(f"{wanted} and cannot be installed from here (that takes apt-get and root): {otherwise}")
    say(f"installing {' and '.join(packages)} with apt-get")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run_step(["apt-get", "update"], title="apt-get update", log=log, environment=environment)
    run_step(
        ["apt-get", "install", "-y", "--no-install-recommends", *packages],
        title=f"apt-get install {packages[-1]}",
        log=log,
        environment=environment,
    )
