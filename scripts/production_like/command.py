"""The `temporal` command of an installation: like the Temporal CLI, but `server start-dev` is the real server.

`python -m scripts.production_like.command INSTALLATION-FOLDER [ARGUMENTS OF THE CLI]`. The process becomes the server,
so whatever signal it is sent, the server gets; its databases stay and a start with the same `--db-filename` finds them.
"""

import argparse
import hashlib
import json
import os
import secrets
import subprocess
import sys

from scripts.production_like import databases
from scripts.production_like.installation import Installation
from scripts.production_like.server import Server


def main() -> None:
    """Never returns: becomes the server, or the Temporal CLI for every other command."""
    folder, *arguments = sys.argv[1:]
    installation = Installation.load(folder)
    if arguments[:2] == ["server", "start-dev"]:
        _become_server(installation, _options(arguments[2:]))
    os.execv(installation.temporal_cli, [installation.temporal_cli, *arguments])  # noqa: S606


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("temporal server start-dev", allow_abbrev=False)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ui-port", type=int)
    parser.add_argument("--headless", action="store_true")
    parser.add_argument("--db-filename")
    parser.add_argument("--log-level", default="warn")
    parser.add_argument("--ui-codec-endpoint", default="")
    parser.add_argument("--dynamic-config-value", action="append", default=[])
    # Everything listens on the loopback address, the only namespace is "default", logs are JSON, SQLite is not there.
    for ignored in ("--ip", "--ui-ip", "--namespace", "--log-format", "--sqlite-pragma"):
        parser.add_argument(ignored)
    return parser.parse_args(arguments)


def _become_server(installation: Installation, options: argparse.Namespace) -> None:
    file = os.path.abspath(options.db_filename) if options.db_filename else secrets.token_hex(8)
    name = hashlib.sha256(file.encode()).hexdigest()[:12]
    server = Server(installation, name, options.port, options.log_level)
    changed = {
        key: json.loads(value) for key, _, value in (text.partition("=") for text in options.dynamic_config_value)
    }
    environment = server.environment(*databases.copy(installation, name), changed)
    if not options.headless:
        subprocess.Popen(server.web_ui_command(options.ui_port or options.port + 1000, options.ui_codec_endpoint))
    os.execve(server.command[0], server.command, {**os.environ, **environment})  # noqa: S606


if __name__ == "__main__":
    main()
