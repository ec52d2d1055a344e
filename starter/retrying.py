"""`onboard retry`: have failed numbers tried again where they are, or in a follow-up batch; never completed ones."""

from collections.abc import Mapping

from temporalio.client import Client

from activities.document_store import DocumentStore
from onboarding.batch import GroupSlice
from onboarding.contracts.operator import RETRY_UPDATE, NumbersAction, RetryAction
from onboarding.ids import group_workflow_id
from onboarding.model import Model
from onboarding.stages import Stage
from starter.drift import manifest_of
from starter.exits import Exit, Stop
from starter.failed_numbers import Answer, Choice, Found, batch_status, by_workflow, numbers_at_work, tell
from starter.follow_ups import Member, family, next_name, regrouped, slices_of, start_follow_up
from starter.number_rows import final_report
from starter.output import Format, counted, document, message
from starter.rented_numbers import rented_in


class Retried(Model):
    """What became of the request."""

    batch: str
    retried: int
    answers: tuple[Answer, ...]
    follow_up: str | None = None
    follow_up_numbers: int = 0
    out_of_reach: int = 0
    """Failed numbers of groups that have reported while their batch still runs."""


async def retry_batch(
    client: Client, store: DocumentStore, batch: str, choice: Choice, by: str, format_: Format
) -> Exit:
    """Try again the chosen numbers of a batch and its follow-ups. Raises Stop where there are none."""
    members = await family(client, batch)
    answers: list[Answer] = []
    out_of_reach = 0
    failed: dict[str, str] = {}
    for member in members:
        if member.running:
            told, missed, theirs = await _retry_running(client, store, member, choice, by)
            answers += told
            out_of_reach += missed
            failed = {number: origin for number, origin in failed.items() if number not in theirs}
        else:
            failed |= await _failed_at_the_end(client, store, member, choice, failed)
    done = Retried(
        batch=batch,
        retried=sum(len(answer.numbers) for answer in answers if not answer.refused),
        answers=tuple(answers),
        out_of_reach=out_of_reach,
    )
    if failed:
        name = next_name(members)
        done = done.model_copy(
            update={"follow_up": name, "follow_up_numbers": await _follow_up(client, store, name, failed)}
        )
    if not answers and not failed and not out_of_reach:
        raise Stop(f"no number of batch {batch!r} is to be tried again; see: onboard numbers {batch}", Exit.USAGE)
    document(format_, done.model_dump(mode="json"), _text(done))
    if out_of_reach:
        message(
            f"{counted(out_of_reach, 'number')} failed in groups that have reported already: "
            f"repeat this when the batch has ended, it then starts a follow-up batch"
        )
    return Exit.ERROR if any(answer.refused for answer in answers) else Exit.DONE


async def _retry_running(
    client: Client, store: DocumentStore, member: Member, choice: Choice, by: str
) -> tuple[list[Answer], int, set[str]]:
    """What its workflows answered; how many failed numbers nobody can be told of now; and all numbers it has."""
    status = await batch_status(client, member.batch)
    at_work = await numbers_at_work(client, status)
    chosen = [number for number in at_work if _is_meant(number, choice)]
    answers = []
    for workflow_id, numbers in by_workflow(chosen).items():
        is_group = workflow_id in {group_workflow_id(member.batch, s) for s in status.groups_in_flight}
        action: Model = NumbersAction(phone_numbers=numbers, by=by)
        if not is_group:
            action = RetryAction(phone_numbers=numbers, by=by)
        answers.append(await tell(client, workflow_id, RETRY_UPDATE, action, numbers))
    _, slices = await slices_of(client, store, member.batch)
    missed = status.stages.get(Stage.FAILED, 0) if choice.is_empty or not chosen else 0
    return answers, missed, {number for part in slices for number in part.numbers}


def _is_meant(number: Found, choice: Choice) -> bool:
    """What comes by itself is only hurried when it is named."""
    if choice.is_empty:
        return number.failed or number.waits_for_operator
    named_while_waiting = number.order is not None and number.reason is not None
    has_failed = number.failed or number.waits_for_operator or named_while_waiting
    return has_failed and choice.takes(number.phone_number, number.reason)


async def _failed_at_the_end(
    client: Client, store: DocumentStore, member: Member, choice: Choice, before: dict[str, str]
) -> Mapping[str, str]:
    """Number -> this batch, for those it ended with as failed; its others are taken off the list of `before`.

    Rented numbers are not ordered, so no follow-up takes them: they are linked again one by one.
    """
    report = await final_report(store, member.batch)
    rented = set(await rented_in(store, await manifest_of(client, store, member.batch)))
    if report is None:
        raise Stop(f"batch {member.batch} has ended without a report; start its numbers as a new batch")
    for row in report["numbers"]:
        before.pop(row["phone_number"], None)
    return {
        row["phone_number"]: member.batch
        for row in report["numbers"]
        if row["stage"] == Stage.FAILED
        and row["phone_number"] not in rented
        and choice.takes(row["phone_number"], row["reason"])
    }


async def _follow_up(client: Client, store: DocumentStore, name: str, failed: Mapping[str, str]) -> int:
    batches = {origin: await slices_of(client, store, origin) for origin in dict.fromkeys(failed.values())}
    slices = [_still_failed(part, origin, failed) for origin, (_, parts) in batches.items() for part in parts]
    first, _ = next(iter(batches.values()))
    return await start_follow_up(client, store, first, name, regrouped(slices))


def _still_failed(part: GroupSlice, origin: str, failed: Mapping[str, str]) -> GroupSlice:
    """A number may have been in several batches of the family; the last one has its invoices and terms."""
    numbers = tuple(number for number in part.numbers if failed.get(number) == origin)
    return part.model_copy(update={"numbers": numbers})


def _text(done: Retried) -> str:
    lines = [f"batch {done.batch}: {counted(done.retried, 'number')} tried again"]
    lines += [f"  {answer.workflow_id}: {answer.message}" for answer in done.answers]
    if done.follow_up:
        lines.append(
            f"follow-up batch {done.follow_up} is started with {counted(done.follow_up_numbers, 'number')}; "
            f"see: onboard status {done.follow_up}"
        )
    return "\n".join(lines)
