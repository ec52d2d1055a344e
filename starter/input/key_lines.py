"""On which line of a TOML text a key stands: the parser of the standard library does not tell."""

import re
import tomllib
from collections.abc import Sequence
from typing import Any

KeyPath = tuple[str | int, ...]
"""Tables and key from the top of the file, `("loa", "address", "state")`; an int is a position in a list."""

_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_HEADER = re.compile(r"\s*\[")
_MULTILINE_QUOTES = re.compile(r'"""|' + "'''")


class KeyLines:
    """The lines (from 1) of keys and table headers. A key inside `{ ... }` counts as standing where that begins."""

    def __init__(self, text: str) -> None:
        self._lines: dict[KeyPath, int] = {}
        table: KeyPath = ()
        in_string = False
        for number, line in enumerate(text.split("\n"), start=1):
            if not in_string and _HEADER.match(line) and (header := _first_path(line)):
                table = header
                self._lines.setdefault(table, number)
            elif not in_string and (key := _KEY.match(line)) and (path := _first_path(f"{key[1]} = 0")):
                self._lines.setdefault(table + path, number)
            in_string ^= len(_MULTILINE_QUOTES.findall(line)) % 2 == 1

    def of(self, path: Sequence[str | int]) -> int | None:
        """The line of a key, or of the nearest table or list around it that is in the file."""
        for length in range(len(path), 0, -1):
            line = self._lines.get(tuple(path[:length]))
            if line is not None:
                return line
        return None


def _first_path(line: str) -> KeyPath:
    """The path that one line of TOML opens; nothing for a line that is none by itself, as inside a list."""
    try:
        value: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    path: KeyPath = ()
    while isinstance(value, dict) and value:
        key, value = next(iter(value.items()))
        path += (key,)
    return path
