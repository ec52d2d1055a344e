"""A PostgreSQL of our own: made in a folder, on the loopback address, stopped gently or by force."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

from scripts.ports import LOOPBACK
from scripts.production_like.installation import USER, Installation, run
from scripts.steps import StepFailed

_SECONDS_TO_START = 60
_CONNECTIONS = 1500
"""A Temporal server opens up to 120, and several servers of one test session share this PostgreSQL."""


class PostgreSQL:
    """The process, which can be started again after it ended. It ends with the process that starts it."""

    def __init__(self, installation: Installation) -> None:
        """Nothing happens yet."""
        self._installation = installation
        self._data = Path(installation.folder) / "postgresql"
        self._log = Path(installation.folder) / "postgresql.log"
        self._process: subprocess.Popen[bytes] | None = None

    def create(self) -> None:
        """Make the data directory.

        Raises:
            StepFailed: initdb fails.
        """
        account = _account()
        self._data.mkdir(mode=0o700)
        password = self._data.with_name("password")
        password.touch(mode=0o600)
        password.write_text(self._installation.password)
        if account is not None:
            for path in (self._data, password):
                shutil.chown(path, account.pw_uid, account.pw_gid)
        initdb = [self._installation.program("initdb"), "--pgdata", str(self._data), f"--username={USER}"]
        settings = ["--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8", "--locale=C", "--no-sync"]
        run([*_as(account), *initdb, *settings], {})

    def start(self) -> None:
        """Start it and wait until it takes connections.

        Raises:
            StepFailed: it does not in a minute; the message holds the end of its log.
        """
        deadline = time.monotonic() + _SECONDS_TO_START
        while not self._takes_connections():
            # Right after a kill it refuses to start until the last process of the killed one is gone.
            if self._process is None or self._process.poll() is not None:
                self._spawn()
            if time.monotonic() > deadline:
                said = self._log.read_text(errors="replace").splitlines()[-5:]
                raise StepFailed(f"PostgreSQL does not start: {' / '.join(said)}")
            time.sleep(0.1)

    def stop(self) -> None:
        """PostgreSQL's fast shutdown: connections are cut, everything is written."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """SIGKILL: the next start recovers from the write-ahead log."""
        self._end(signal.SIGKILL)

    def _spawn(self) -> None:
        settings = {
            "listen_addresses": LOOPBACK,
            "port": self._installation.port,
            "unix_socket_directories": "",
            "max_connections": _CONNECTIONS,
        }
        options = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_as(_account()), self._installation.program("postgres"), "-D", self._data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _takes_connections(self) -> bool:
        is_ready = [self._installation.program("pg_isready"), "-q", "-h", LOOPBACK, "-p", str(self._installation.port)]
        return subprocess.run(is_ready, check=False).returncode == 0

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as this account, otherwise as ourselves."""
    if os.geteuid() != 0:
        return None
    names = {account.pw_name: account for account in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _as(account: pwd.struct_passwd | None) -> list[str]:
    """Runs a command as the account; should we die, the system sends it the signal of a fast shutdown."""
    command = ["setpriv", "--pdeathsig=INT"]
    if account is None:
        return command
    return [*command, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
