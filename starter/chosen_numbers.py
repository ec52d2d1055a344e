"""The numbers that a command is about: from a file, one by one, or by what they are linked to at present."""

import sys
from collections.abc import Sequence
from pathlib import Path

from starter.api.project import PAGE_SIZE, phone_number, sinch_project
from starter.exits import Exit, Stop
from starter.input.numbers_file import read_numbers
from starter.input.problems import InvalidInput


async def chosen_numbers(
    path: str | None,
    given: Sequence[str],
    profile: str,
    *,
    service_plan_id: str | None = None,
    campaign_id: str | None = None,
) -> tuple[str, ...]:
    """Each number (E.164) once, in the order given. Raises Stop where there is none, or one that is wrong."""
    listed = [*_of_file(path), *map(phone_number, given)]
    if service_plan_id is not None or campaign_id is not None:
        if listed:
            raise Stop("choose numbers either by name or by what they are linked to, not both", Exit.USAGE)
        listed = await _linked_to(profile, service_plan_id, campaign_id)
    if not listed:
        raise Stop("no number is chosen; name a file, - for standard input, or --number", Exit.USAGE)
    return tuple(dict.fromkeys(listed))


def _of_file(path: str | None) -> list[str]:
    if path is None:
        return []
    read = read_numbers(path, Path(), sys.stdin.buffer)
    if read.problems:
        raise Stop(str(InvalidInput(read.problems)), Exit.USAGE)
    return [row.number for row in read.rows]


async def _linked_to(profile: str, service_plan_id: str | None, campaign_id: str | None) -> list[str]:
    """Sinch API: ImportNumberService_ListImportedNumbers."""
    async with sinch_project(profile) as sinch:
        numbers = sinch.imported_numbers.list(
            service_plan_id=service_plan_id, campaign_id=campaign_id, page_size=PAGE_SIZE
        )
        return [number.phone_number async for number in numbers]
