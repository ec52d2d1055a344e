"""What people read about relinking and removing: mails to the contact, current details in the Web UI (Markdown)."""

from collections.abc import Mapping, Sequence

from onboarding.batch import Contact
from onboarding.calls.notifications import Notice
from onboarding.contracts.relink_numbers import RelinkStatus
from onboarding.contracts.remove_numbers import RemoveStatus
from onboarding.details import paragraphs
from onboarding.pace import Vigil
from onboarding.relinking import RelinkingNumber, RelinkStep
from onboarding.stages import WaitingOn

_LISTED = 50


def relink_notice(relinking: str, contact: Contact, vigil: Vigil, numbers: Sequence[RelinkingNumber]) -> Notice:
    """Numbers wait for an operator's decision, or for Sinch for a long time."""
    count = len(numbers)
    if vigil.waiting_on is WaitingOn.OPERATOR:
        subject = f"{relinking}: a decision is needed for {count} numbers"
        says = f"They could not be relinked. Decide: onboard link-back {relinking}, or relink-retry, or relink-skip."
    else:
        subject = f"{relinking}: {count} numbers not relinked yet"
        says = f"Nothing new has come from Sinch since {vigil.since:%Y-%m-%d %H:%M} UTC. Ask Sinch support about:"
    lines = [_line(number) for number in numbers[:_LISTED]]
    more = [f"... and {count - _LISTED} more"] if count > _LISTED else []
    return Notice(
        key=f"RelinkNumbers/{relinking}/{vigil.waiting_on}/{vigil.since.isoformat()}/{vigil.messages}",
        contact=contact,
        subject=subject if vigil.messages == 0 else f"{subject} (reminder {vigil.messages})",
        text="\n".join([f"Dear {contact.name},", "", says, "", *lines, *more, ""]),
    )


def relink_details(status: RelinkStatus) -> str:
    """Current details of `RelinkNumbers`."""
    since = f" since {status.waiting_since:%Y-%m-%d %H:%M} UTC" if status.waiting_since else ""
    offered = status.waiting_on is WaitingOn.OPERATOR and status.steps.get(RelinkStep.OFFERED)
    next_command = "link-back" if offered else "relink-status"
    return paragraphs(
        [
            f"### {status.numbers_total} numbers to {status.wanted}",
            f"{status.numbers_started} started.{_cancelled(status.cancelled)}",
            f"Waiting on **{status.waiting_on.value}**{since}.",
            f"**No news** since {status.silent_since:%Y-%m-%d %H:%M} UTC: see whether Sinch can be reached "
            "(`onboard doctor`), then ask Sinch support."
            if status.silent_since
            else "",
            _table(status.steps),
            f"Next: `onboard {next_command} {status.id}`",
        ]
    )


def remove_details(status: RemoveStatus) -> str:
    """Current details of `RemoveNumbers`."""
    return paragraphs(
        [
            f"### {status.numbers_total} numbers to remove",
            f"{status.numbers_started} started.{_cancelled(status.cancelled)}",
            _table(status.stages),
            f"Next: `onboard remove-status {status.id}`",
        ]
    )


def _line(number: RelinkingNumber) -> str:
    return f"{number.phone_number} {number.reason.sentence}" if number.reason else number.phone_number


def _cancelled(is_cancelled: bool) -> str:
    return " **Cancelled:** no further number is begun." if is_cancelled else ""


def _table(counts: Mapping[str, int]) -> str:
    rows = "\n".join(f"| {name} | {count} |" for name, count in counts.items())
    return f"| step | numbers |\n| --- | ---: |\n{rows}"
