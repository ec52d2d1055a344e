"""Confirmation: COMPLETED is not the last word, so numbers that ended well are compared with what was asked."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.exceptions import ActivityError

from onboarding.batch import Batch
from onboarding.calls.confirmation import CONFIRM_NUMBERS, ConfirmNumbers, NumberFindings
from onboarding.confirmation import Wanted
from workflows._calling import call


async def differing(batch: Batch, hosting_order_id: str, phone_numbers: Sequence[str]) -> Sequence[NumberFindings]:
    """The numbers that are not as asked; seen twice, because a link just made may be shown a little later.

    Nothing where Sinch cannot be read now: `onboard reconcile` compares at any time.
    """
    found = await _differing(batch, hosting_order_id, phone_numbers)
    if not found:
        return found
    await workflow.sleep(batch.pace.poll_first.fixed, summary="until numbers that differ are read again")
    return await _differing(batch, hosting_order_id, [number.phone_number for number in found])


async def _differing(batch: Batch, hosting_order_id: str, phone_numbers: Sequence[str]) -> Sequence[NumberFindings]:
    request = ConfirmNumbers(
        hosting_order_id=hosting_order_id, phone_numbers=tuple(phone_numbers), wanted=Wanted.by(batch)
    )
    summary = f"are {len(phone_numbers)} numbers as asked?"
    try:
        return (await call(CONFIRM_NUMBERS, request, summary, profile=batch.profile)).numbers
    except ActivityError as error:
        workflow.logger.warning("numbers of order %s were not confirmed: %s", hosting_order_id, error.cause)
        return ()
