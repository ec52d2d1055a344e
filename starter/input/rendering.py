"""The dry run as text for a terminal. As JSON it is `plan.model_dump(mode="json")`."""

from collections.abc import Iterator, Sequence

from onboarding.stages import Verification
from starter.input.plan import InvoiceMail, Plan, PlannedOrder, QualificationRequest, VoiceCalls

_CALLED = {
    Verification.VOICE: "every number is called",
    Verification.INVOICES_THEN_VOICE: "only numbers that the invoice review leaves unverified are called",
}


def render(plan: Plan) -> str:
    """Every request, mail, call and order, then waits and warnings."""
    return "\n".join(_lines(plan))


def _lines(plan: Plan) -> Iterator[str]:
    numbers, groups = _count(plan.numbers_total, "number"), _count(len(plan.hosting_orders), "group")
    yield f"Dry run of batch {plan.batch} for {plan.customer}: nothing is sent."
    yield f"{numbers} of region {plan.region} in {groups}, verification {plan.verification}"
    yield ""
    yield f"Qualification requests: {len(plan.qualification_requests)}"
    yield from (_qualification(request) for request in plan.qualification_requests)
    yield ""
    yield f"Invoice mails: {len(plan.invoice_mails)}"
    for mail in plan.invoice_mails:
        yield from _mail(mail)
    yield ""
    yield from _calls(plan.voice_calls, plan.verification)
    if plan.eligible_is_enough:
        yield "  numbers that Sinch finds eligible are ordered without further proof of ownership"
    yield ""
    yield f"Hosting orders: {len(plan.hosting_orders)}"
    for order in plan.hosting_orders:
        yield from _order(order)
    yield f"  Numbers that are not ready {plan.wave} after the first of their group go into later orders."
    yield from _signer(plan.hosting_orders[0])
    yield ""
    yield f"Waits, with reminders to {plan.contact.name} <{plan.contact.email}>"
    yield from _columns(
        [("for", "reminder every", "deadline", "at the deadline")]
        + [(wait.waiting_for, wait.remind_every, wait.deadline, wait.then) for wait in plan.waits]
    )
    yield ""
    yield f"Warnings: {len(plan.warnings)}"
    yield from (f"  {warning}" for warning in plan.warnings)


def _qualification(request: QualificationRequest) -> str:
    first, last = request.numbers[0], request.numbers[-1]
    return f"  group {request.group}: {_count(len(request.numbers), 'number')}, {first} to {last}"


def _mail(mail: InvoiceMail) -> Iterator[str]:
    yield f"  group {mail.group}: to {mail.to}, {_count(mail.numbers_total, 'number')}"
    yield f"    subject: {mail.subject}"
    for attachment in mail.attachments:
        yield f"    attached: {attachment.name}, {attachment.size:,} bytes"


def _calls(calls: VoiceCalls | None, verification: Verification) -> Iterator[str]:
    if calls is None:
        yield "Voice calls: none"
        return
    yield f"Voice calls: to at most {_count(calls.numbers_at_most, 'number')}"
    yield f"  {_CALLED[verification]}"
    yield f"  at most {_count(calls.calls_a_number_at_most, 'call')} a number, at least {calls.pause} apart"


def _order(order: PlannedOrder) -> Iterator[str]:
    yield f"  group {order.group}: {order.display_name!r}, {_count(order.numbers_total, 'number')}"
    campaign, nnid = order.campaign_id or "none", order.nnid or "the account's default"
    yield f"    service plan {order.service_plan_id}, campaign {campaign}, NNID {nnid}, {order.loa_type} LOA"


def _signer(order: PlannedOrder) -> Iterator[str]:
    yield f"  Every LOA is mailed to {order.signer} <{order.signer_email}> for signature."
    yield "  Please confirm this address: once an order is placed, it cannot be changed."


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
