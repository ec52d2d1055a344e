"""The dry run as text for a terminal. As JSON it is `plan.model_dump(mode="json")`."""

from collections.abc import Iterator, Sequence

from onboarding.batch import NumberType
from onboarding.stages import Verification
from starter.input.plan import InvoiceMail, PartOfBatch, Plan, PlannedOrder, QualificationRequest, VoiceCalls
from starter.input.rented import NamedRented

_TERMS = {
    "region": "region",
    "number_type": "type",
    "service_plan_id": "service plan",
    "campaign_id": "campaign",
    "nnid": "NNID",
    "loa_party": "LOA",
}
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
    yield f"{numbers} in {groups}, verification {plan.verification}, profile {plan.profile}"
    yield ""
    yield from _parts(plan)
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
    if moment := plan.scheduled_osr_update_time:
        yield f"  Sinch routes messages of these numbers from {moment:%Y-%m-%d %H:%M} UTC on, not earlier."
    yield from _signers(plan.parts)
    if plan.rented is not None:
        yield ""
        yield from _rented(plan.rented)
    yield ""
    yield f"Waits, with reminders to {plan.contact.name} <{plan.contact.email}>"
    yield from _columns(
        [("for", "reminder every", "deadline", "at the deadline")]
        + [(wait.waiting_for, wait.remind_every, wait.deadline, wait.then) for wait in plan.waits]
    )
    yield ""
    yield f"Warnings: {len(plan.warnings)}"
    yield from (f"  {warning}" for warning in plan.warnings)


def _parts(plan: Plan) -> Iterator[str]:
    yield f"Parts: {len(plan.parts)}"
    if plan.differing:
        terms = ", ".join(_TERMS[term] for term in plan.differing)
        yield f"  numbers that differ in one of these cannot share a hosting order: {terms}"
    yield from _columns([("numbers", "groups", *_TERMS.values(), "order"), *map(_part, plan.parts)])


def _part(part: PartOfBatch) -> tuple[str, ...]:
    loa = f"{part.loa_type} ({part.loa_party})" if part.loa_party else part.loa_type
    nnid = _nnid(part, "default")
    terms = (part.region, part.number_type.value, part.service_plan_id, part.campaign_id or "none", nnid, loa)
    return (f"{part.numbers_total:,}", _span(part), *terms, part.order)


def _span(part: PartOfBatch) -> str:
    first, last = part.groups
    return str(first) if first == last else f"{first}-{last}"


def _nnid(ordered: PartOfBatch | PlannedOrder, default: str) -> str:
    """Toll-free numbers are not in the registry that NNIDs are for."""
    if ordered.number_type is NumberType.TOLL_FREE:
        return "none"
    return ordered.nnid or default


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
    campaign, nnid = order.campaign_id or "none", _nnid(order, "the account's default")
    yield f"    service plan {order.service_plan_id}, campaign {campaign}, NNID {nnid}, {order.loa_type} LOA"


def _signers(parts: Sequence[PartOfBatch]) -> Iterator[str]:
    groups: dict[tuple[str, str], list[str]] = {}
    for part in parts:
        groups.setdefault((part.signer, part.signer_email), []).append(_span(part))
    for (signer, email), of_signer in groups.items():
        which = "Every LOA" if len(groups) == 1 else f"The LOA of group {', '.join(of_signer)}"
        if signer:
            yield f"  {which} is mailed to {signer} <{email}> for signature."
        else:
            yield f"  {which} is a blanket LOA, which nobody signs."
    if any(signer for signer, _ in groups):
        yield "  Please confirm every address: once an order is placed, it cannot be changed."


def _rented(rented: NamedRented) -> Iterator[str]:
    wishes = [f"those of wish {wish}" for wish in rented.wishes]
    which = ", ".join([_count(len(rented.numbers), "number"), *wishes] if rented.numbers else wishes)
    yield f"Rented numbers: {which}"
    yield f"  linked to service plan {rented.service_plan_id}, campaign {rented.campaign_id or 'none'}"
    yield "  once all numbers of the batch are through; they are unlinked first where they are linked elsewhere."


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
