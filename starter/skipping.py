"""`onboard skip`: take numbers out of a running batch."""

from temporalio.client import Client

from onboarding.contracts.operator import SKIP_UPDATE, NumbersAction
from starter.exits import Exit, Stop
from starter.failed_numbers import Choice, batch_status, by_workflow, numbers_at_work, tell
from starter.output import Format, counted, document
from starter.watching import batch_view


async def skip_numbers(client: Client, batch: str, choice: Choice, by: str, format_: Format) -> Exit:
    """Skip the chosen numbers that are not at an end. Raises Stop where nothing was named, or none is open."""
    if choice.is_empty:
        raise Stop("name what to skip: --number NUMBER or --reason CODE", Exit.USAGE)
    if (await batch_view(client, batch)).is_through:
        raise Stop(f"batch {batch!r} has ended: its numbers are at their ends", Exit.USAGE)
    at_work = await numbers_at_work(client, await batch_status(client, batch))
    chosen = [number for number in at_work if not number.failed and choice.takes(number.phone_number, number.reason)]
    if not chosen:
        raise Stop(f"no open number of batch {batch!r} is meant by that; see: onboard numbers {batch}", Exit.USAGE)
    answers = [
        await tell(client, group, SKIP_UPDATE, NumbersAction(phone_numbers=numbers, by=by), numbers)
        for group, numbers in by_workflow(chosen, in_orders=False).items()
    ]
    skipped = sum(len(answer.numbers) for answer in answers if not answer.refused)
    lines = [f"batch {batch}: {counted(skipped, 'number')} skipped"]
    lines += [f"  {answer.workflow_id}: {answer.message}" for answer in answers]
    data = {"batch": batch, "skipped": skipped, "answers": [answer.model_dump(mode="json") for answer in answers]}
    document(format_, data, "\n".join(lines))
    return Exit.ERROR if any(answer.refused for answer in answers) else Exit.DONE
