"""`onboard qualified`: numbers on their way through eligibility and ownership checks.

Sinch API: QualifiedNumberService_ListQualifiedNumbers, QualifiedNumberService_GetQualifiedNumber,
QualifiedNumberService_DeleteQualifiedNumber.
"""

from collections.abc import Sequence

from onboarding.model import Model
from sinch_numbers import (
    ErrorResponse,
    GlobalProcessState,
    InvalidArgument,
    NotFound,
    OrderBy,
    QualifiedNumber,
    SinchNumbers,
)
from starter.api.project import PAGE_SIZE, literals, optional_literal, phone_number, sinch_project
from starter.api.showing import show_one, show_rows
from starter.asking import confirm
from starter.exits import Exit, Stop
from starter.output import Format, counted

_COLUMNS = {
    "number": "phone_number",
    "state": "global_process_state",
    "region": "region_code",
    "eligibility error": "osr_eligibility.error",
    "ownership error": "ownership_verification.error",
    "hosting error": "hosted_number.error",
    "updated": "updated_time",
}
_REMOVAL_COLUMNS = {"number": "phone_number", "removed": "removed", "message": "message"}


class Removal(Model):
    """What became of the removal of one number; `message` says why it stays and what to do next."""

    phone_number: str
    removed: bool
    message: str = ""


async def show_list(
    profile: str, states: Sequence[str] | None, pattern: str | None, order_by: str | None, format_: Format
) -> None:
    """Numbers in any of these states with the pattern in them. Raises Stop."""
    wanted = literals(GlobalProcessState, states, "--state")
    by = optional_literal(OrderBy, order_by, "--order-by")
    found: dict[str, QualifiedNumber] = {}
    async with sinch_project(profile) as sinch:
        async for number in sinch.qualified_numbers.list(states=wanted, order_by=by, page_size=PAGE_SIZE):
            if pattern is None or pattern in number.phone_number:
                found[number.phone_number] = number
    show_rows(format_, found.values(), _COLUMNS)


async def show(profile: str, number: str, format_: Format) -> None:
    """One number. Raises Stop."""
    e164 = phone_number(number)
    async with sinch_project(profile) as sinch:
        found = await sinch.qualified_numbers.get(e164)
    show_one(format_, found.model_dump(mode="json"))


async def remove(profile: str, numbers: Sequence[str], yes: bool, format_: Format) -> Exit:
    """Remove one after the other; what Sinch refuses stays and is told. Raises Stop."""
    wanted = list(dict.fromkeys(phone_number(number) for number in numbers))
    if not yes and not confirm(f"Remove {counted(len(wanted), 'number')} from qualification?"):
        raise Stop("nothing was removed")
    async with sinch_project(profile) as sinch:
        removals = [await _removed(sinch, e164) for e164 in wanted]
    show_rows(format_, removals, _REMOVAL_COLUMNS)
    return Exit.DONE if all(removal.removed for removal in removals) else Exit.ERROR


async def _removed(sinch: SinchNumbers, e164: str) -> Removal:
    try:
        await sinch.qualified_numbers.delete(e164)
    except NotFound:
        return Removal(phone_number=e164, removed=False, message="it is no qualified number of this project")
    except InvalidArgument as refusal:
        return Removal(phone_number=e164, removed=False, message=await _why_it_stays(sinch, e164, refusal))
    return Removal(phone_number=e164, removed=True)


async def _why_it_stays(sinch: SinchNumbers, e164: str, refusal: ErrorResponse) -> str:
    number = await sinch.qualified_numbers.get(e164)
    if number.global_process_state == GlobalProcessState.HOSTING_IN_PROGRESS:
        return "it is being hosted; wait for the end of its hosting order (onboard orders list), then remove it"
    return (
        f"Sinch refuses in state {number.global_process_state}: {refusal.message}; see: onboard qualified show {e164}"
    )
