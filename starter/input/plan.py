"""The dry run: what a batch would send, worked out from the input alone."""

from datetime import datetime
from typing import Any

from onboarding import invoice_mail, reasons
from onboarding.batch import Batch, Contact, NumberType, Terms
from onboarding.ids import order_display_name
from onboarding.model import Model
from onboarding.pace import Patience
from onboarding.spans import Span
from onboarding.stages import Verification
from starter.input.problems import Problem
from starter.input.reading import BatchInput
from starter.input.rented import NamedRented
from starter.input.slices import PlannedPart, PlannedSlice

_TERMS = ("region", "number_type", "service_plan_id", "campaign_id", "nnid", "loa_party")


class QualificationRequest(Model):
    """One request that puts numbers (E.164) up for qualification."""

    group: int
    numbers: tuple[str, ...]


class Attachment(Model):
    """One invoice: file name and bytes."""

    name: str
    size: int


class InvoiceMail(Model):
    """One mail to the orders desk."""

    group: int
    to: str
    subject: str
    numbers_total: int
    attachments: tuple[Attachment, ...]


class VoiceCalls(Model):
    """Calls that speak a code: to how many numbers, how often each, and how far apart, at most."""

    numbers_at_most: int
    calls_a_number_at_most: int
    pause: Span


class ShownTerms(Model):
    """What orders say for all their numbers. `nnid` None = the account's default; nobody signs a blanket LOA."""

    region: str
    number_type: NumberType
    service_plan_id: str
    campaign_id: str | None
    nnid: str | None
    loa_type: str
    signer: str
    signer_email: str


class PartOfBatch(ShownTerms):
    """Numbers that can share an order. `groups` are the first and the last that they go into.

    `loa_party` is empty for `[loa]`; `order` is the request that orders them (Sinch API: Hosting Orders).
    """

    numbers_total: int
    groups: tuple[int, int]
    loa_party: str
    order: str


class PlannedOrder(ShownTerms):
    """The first hosting order of a group."""

    group: int
    display_name: str
    numbers_total: int


class PlannedWait(Model):
    """One wait for somebody: reminders go to the batch's contact, and `then` is what the deadline brings."""

    waiting_for: str
    remind_every: Span
    deadline: Span
    then: str


class Plan(Model):
    """Everything that one batch would send, if all went well at the first try."""

    batch: str
    customer: str
    profile: str
    numbers_total: int
    verification: Verification
    eligible_is_enough: bool
    scheduled_osr_update_time: datetime | None
    contact: Contact
    parts: tuple[PartOfBatch, ...]
    differing: tuple[str, ...]
    """The terms in which the parts are not all alike, by their names in a part."""
    qualification_requests: tuple[QualificationRequest, ...]
    invoice_mails: tuple[InvoiceMail, ...]
    voice_calls: VoiceCalls | None
    hosting_orders: tuple[PlannedOrder, ...]
    wave: Span
    """How long numbers that are ready wait for the others of their group before they are ordered."""
    rented: NamedRented | None
    """The rented numbers that are linked once the batch's own numbers are through."""
    waits: tuple[PlannedWait, ...]
    warnings: tuple[Problem, ...]


def plan(
    batch_input: BatchInput, *, orders_desk: str = "orders@sinch.com", project_id: str = "<Sinch project id>"
) -> Plan:
    """What `batch_input` would send. The invoice mails go to `orders_desk` and name `project_id` in the subject."""
    batch, slices = batch_input.batch, batch_input.slices
    parts = tuple(_part(part) for part in batch_input.parts)
    mailed = slices if batch.verification.mails_invoices else ()
    return Plan(
        batch=batch.id,
        customer=batch.customer,
        profile=batch.profile,
        numbers_total=batch_input.numbers_total,
        verification=batch.verification,
        eligible_is_enough=batch.eligible_is_enough,
        scheduled_osr_update_time=batch.scheduled_osr_update_time,
        contact=batch.contact,
        parts=parts,
        differing=tuple(term for term in _TERMS if len({getattr(part, term) for part in parts}) > 1),
        qualification_requests=tuple(QualificationRequest(group=s.sequence, numbers=s.numbers) for s in slices),
        invoice_mails=tuple(_mail(batch_input, planned, orders_desk, project_id) for planned in mailed),
        voice_calls=_voice_calls(batch_input) if batch.verification.may_call else None,
        hosting_orders=tuple(
            _order(batch.id, part.terms, planned) for part in batch_input.parts for planned in part.slices
        ),
        wave=batch.pace.wave,
        rented=batch_input.rented,
        waits=_waits(batch, anybody_signs=any(part.signer for part in parts)),
        warnings=batch_input.warnings,
    )


def _mail(batch_input: BatchInput, planned: PlannedSlice, orders_desk: str, project_id: str) -> InvoiceMail:
    sizes = batch_input.invoice_sizes
    return InvoiceMail(
        group=planned.sequence,
        to=orders_desk,
        subject=invoice_mail.subject(len(planned.numbers), project_id),
        numbers_total=len(planned.numbers),
        attachments=tuple(Attachment(name=path.name, size=sizes[path]) for path in planned.invoices),
    )


def _voice_calls(batch_input: BatchInput) -> VoiceCalls:
    pace = batch_input.batch.pace
    return VoiceCalls(
        numbers_at_most=batch_input.numbers_total,
        calls_a_number_at_most=pace.calls_at_most,
        pause=pace.call_pause,
    )


def _part(part: PlannedPart) -> PartOfBatch:
    terms = part.terms
    return PartOfBatch(
        numbers_total=part.numbers_total,
        groups=(part.slices[0].sequence, part.slices[-1].sequence),
        loa_party=part.loa_party,
        order="textEnableTollFreeNumbers" if terms.number_type is NumberType.TOLL_FREE else "textEnableNumbers",
        **_said(terms),
    )


def _order(batch_id: str, terms: Terms, planned: PlannedSlice) -> PlannedOrder:
    return PlannedOrder(
        group=planned.sequence,
        display_name=order_display_name(batch_id, planned.sequence, 1),
        numbers_total=len(planned.numbers),
        **_said(terms),
    )


def _said(terms: Terms) -> dict[str, Any]:
    """The terms as a plan shows them: of the LOA its kind, and who signs it."""
    signer = terms.loa.signer
    return {
        **terms.model_dump(exclude={"loa"}),
        "loa_type": terms.loa.type,
        "signer": f"{signer.first_name} {signer.last_name}" if signer else "",
        "signer_email": signer.email if signer else "",
    }


def _waits(batch: Batch, *, anybody_signs: bool) -> tuple[PlannedWait, ...]:
    pace, verification = batch.pace, batch.verification
    review = _wait("invoice review", pace.invoice_review, reasons.INVOICE_REVIEW_DEADLINE_PASSED)
    if verification.may_call:
        review = review.model_copy(update={"then": "the voice challenge takes over"})
    return (
        _wait("eligibility check", pace.eligibility, reasons.ELIGIBILITY_DEADLINE_PASSED),
        *([review] if verification.mails_invoices else []),
        *([_wait("voice code", pace.voice_code, reasons.VOICE_CODE_NOT_ENTERED)] if verification.may_call else []),
        *([_wait("LOA signature", pace.loa_signature, reasons.LOA_DEADLINE_PASSED)] if anybody_signs else []),
        _wait("carrier", pace.carrier, reasons.CARRIER_DEADLINE_PASSED),
        _wait("operator", pace.operator, f"{reasons.ORDER_REFUSED} or {reasons.ORDER_REJECTED}"),
    )


def _wait(waiting_for: str, patience: Patience, reason: str) -> PlannedWait:
    return PlannedWait(
        waiting_for=waiting_for,
        remind_every=patience.remind_every,
        deadline=patience.deadline,
        then=f"the numbers fail: {reason}",
    )
