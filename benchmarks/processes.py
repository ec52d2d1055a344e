"""What a process has cost so far, as the kernel counts it (Linux, /proc)."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(process_id: int) -> float:
    """Seconds of processor time, in user and kernel mode, of all threads."""
    # The name of the command may hold spaces; the fields are counted from its closing bracket.
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_bytes(process_id: int) -> int:
    """Resident set size."""
    return int(Path(f"/proc/{process_id}/statm").read_text().split()[1]) * _PAGE
