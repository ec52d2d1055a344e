"""Is a number at Sinch what was asked for: service plan, campaign, routing and carriers, compared one by one.

A hosting order can be COMPLETED, and yet a number of it be on another service plan, or refused by a carrier. What
differs is a finding: a code to search for, and a sentence with what was asked, what is, and what to do next.

Sinch API: hosting order numbers, imported numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from onboarding.batch import NumberType, Terms
from onboarding.findings import Finding
from onboarding.model import Model

_DONE = "DONE"
_FAILED = "FAILED"
_UNSPECIFIED = "STATE_UNSPECIFIED"
_UNLINKING = "DEPROVISIONING"
_REGION_OF_CAMPAIGNS = "US"


class FindingCode(StrEnum):
    """What kind of difference it is."""

    NOT_IN_THE_ORDER = "NOT_IN_THE_ORDER"
    NOT_IMPORTED = "NOT_IMPORTED"
    SERVICE_PLAN_DIFFERS = "SERVICE_PLAN_DIFFERS"
    SERVICE_PLAN_NOT_LINKED = "SERVICE_PLAN_NOT_LINKED"
    SERVICE_PLAN_BEING_UNLINKED = "SERVICE_PLAN_BEING_UNLINKED"
    CAMPAIGN_DIFFERS = "CAMPAIGN_DIFFERS"
    CAMPAIGN_NOT_LINKED = "CAMPAIGN_NOT_LINKED"
    CAMPAIGN_BEING_UNLINKED = "CAMPAIGN_BEING_UNLINKED"
    CARRIER_FAILED = "CARRIER_FAILED"
    CARRIER_NOT_DONE = "CARRIER_NOT_DONE"
    OSR_NOT_UPDATED = "OSR_NOT_UPDATED"
    NNID_DIFFERS = "NNID_DIFFERS"
    DISPLAY_NAME_DIFFERS = "DISPLAY_NAME_DIFFERS"


class Wanted(Model):
    """What was asked for a number; None for what was left to Sinch."""

    service_plan_id: str
    campaign_id: str | None = None
    number_type: NumberType = NumberType.LOCAL
    region: str = "US"
    nnid: str | None = None
    display_name: str | None = None

    @classmethod
    def by(cls, terms: Terms) -> "Wanted":
        """What an order on these terms asks for each of its numbers."""
        return cls(
            service_plan_id=terms.service_plan_id,
            campaign_id=terms.campaign_id,
            number_type=terms.number_type,
            region=terms.region,
            nnid=terms.nnid,
        )

    @property
    def needs_campaign(self) -> bool:
        """Toll-free and Canadian numbers have no campaign records, whatever was asked."""
        is_local = self.number_type is NumberType.LOCAL
        return bool(self.campaign_id) and is_local and self.region == _REGION_OF_CAMPAIGNS


class CarrierRecord(NamedTuple):
    """What one carrier says about one kind of message: `record` is `smsAtt`, `smsTmo`, `mmsAtt` or `mmsTmo`.

    `operation` is None where Sinch does not tell it.
    """

    record: str
    state: str
    error_code: str = ""
    error_message: str = ""
    operation: str | None = None


class LinkRecord(NamedTuple):
    """The service plan or campaign a number is on (an empty id: none), and the last change of that link.

    `operation` is `PROVISIONING`, `DEPROVISIONING` or None, `state` is how far that is.
    """

    id: str = ""
    operation: str | None = None
    state: str = _UNSPECIFIED
    error_code: str = ""
    error_message: str = ""


class OrderNumberRecords(NamedTuple):
    """A number as its hosting order has it."""

    osr_state: str
    nnid: str | None = None
    carriers: tuple[CarrierRecord, ...] = ()


class ImportedNumberRecords(NamedTuple):
    """A number as the list of imported numbers has it."""

    service_plan: LinkRecord
    campaign: LinkRecord
    display_name: str | None = None
    carriers: tuple[CarrierRecord, ...] = ()


@dataclass(frozen=True)
class _Service:
    """The two things a number is linked to differ in their words and codes only."""

    words: str
    differs: FindingCode
    not_linked: FindingCode
    being_unlinked: FindingCode


_SERVICE_PLAN = _Service(
    words="service plan",
    differs=FindingCode.SERVICE_PLAN_DIFFERS,
    not_linked=FindingCode.SERVICE_PLAN_NOT_LINKED,
    being_unlinked=FindingCode.SERVICE_PLAN_BEING_UNLINKED,
)
_CAMPAIGN = _Service(
    words="campaign",
    differs=FindingCode.CAMPAIGN_DIFFERS,
    not_linked=FindingCode.CAMPAIGN_NOT_LINKED,
    being_unlinked=FindingCode.CAMPAIGN_BEING_UNLINKED,
)


def findings(
    wanted: Wanted,
    order_number: OrderNumberRecords | None,
    imported_number: ImportedNumberRecords | None,
    *,
    hosting_order_id: str | None = None,
) -> tuple[Finding, ...]:
    """What differs for one number whose hosting has ended well; nothing where all is as asked.

    Without `hosting_order_id` the number came by no order, and none is missed. The carrier records of the imported
    number count before those of the order, which show the past; a carrier that says nothing (STATE_UNSPECIFIED) is no
    finding.
    """
    found: list[Finding] = []
    if hosting_order_id is not None:
        found += _order_findings(wanted, order_number, hosting_order_id)
    if imported_number is None:
        found.append(_not_imported(wanted))
    else:
        found += _imported_findings(wanted, imported_number)
    shown = imported_number or order_number
    if shown and wanted.needs_campaign and not _campaign_is_unlinked(imported_number):
        found += _carrier_findings(shown.carriers)
    return tuple(found)


def _order_findings(wanted: Wanted, number: OrderNumberRecords | None, hosting_order_id: str) -> Iterator[Finding]:
    if number is None:
        yield Finding(
            code=FindingCode.NOT_IN_THE_ORDER,
            sentence=f"Asked for by hosting order {hosting_order_id}; the order does not list the number: ask Sinch.",
        )
        return
    if number.osr_state not in (_DONE, _UNSPECIFIED):
        yield Finding(
            code=FindingCode.OSR_NOT_UPDATED,
            sentence="Asked for messages to be routed to Sinch; the routing update "
            f"(OSR, for toll-free numbers Zipwhip) is {number.osr_state}: "
            f"ask Sinch with hosting order {hosting_order_id}.",
        )
    if wanted.nnid and number.nnid and number.nnid != wanted.nnid:
        yield Finding(
            code=FindingCode.NNID_DIFFERS,
            sentence=f"Asked for NNID {wanted.nnid}; hosting order {hosting_order_id} has {number.nnid}: "
            "have the account manager at Sinch correct it.",
        )


def _not_imported(wanted: Wanted) -> Finding:
    return Finding(
        code=FindingCode.NOT_IMPORTED,
        sentence=f"Asked for service plan {wanted.service_plan_id}; Sinch has no such imported number, so it sends "
        "nothing: see who deleted it, then onboard it again.",
    )


def _imported_findings(wanted: Wanted, number: ImportedNumberRecords) -> Iterator[Finding]:
    yield from _link_findings(_SERVICE_PLAN, wanted.service_plan_id, number.service_plan, is_needed=True)
    yield from _link_findings(_CAMPAIGN, wanted.campaign_id or "", number.campaign, is_needed=wanted.needs_campaign)
    if wanted.display_name and number.display_name != wanted.display_name:
        yield Finding(
            code=FindingCode.DISPLAY_NAME_DIFFERS,
            sentence=f"Asked for the display name {wanted.display_name!r}; it is {number.display_name or ''!r}: "
            "rename the number, or leave it.",
        )


def _link_findings(service: _Service, wanted_id: str, link: LinkRecord, *, is_needed: bool) -> Iterator[Finding]:
    asked = f"Asked for {service.words} {wanted_id}" if wanted_id else f"Asked for no {service.words}"
    said = f" ({', '.join(filter(None, (link.error_code, link.error_message)))})" if link.error_code else ""
    if link.operation == _UNLINKING and link.state != _DONE:
        yield Finding(
            code=service.being_unlinked,
            sentence=f"{asked}; the number is being unlinked from {link.id or 'it'} and that is {link.state}{said}: "
            "wait until it is done, then link the number to what was asked.",
        )
    elif link.id and link.id != wanted_id:
        yield Finding(
            code=service.differs,
            sentence=f"{asked}; the number is on {link.id}: find out who changed it, then unlink it and link it again.",
        )
    elif is_needed and (not link.id or link.state not in (_DONE, _UNSPECIFIED)):
        state = f"{link.operation or 'PROVISIONING'} is {link.state}{said}"
        place = f"not yet on {link.id}" if link.id else "on none"
        yield Finding(
            code=service.not_linked,
            sentence=f"{asked}; the number is {place}, {state}: link it again, or ask Sinch where that fails.",
        )


def _campaign_is_unlinked(number: ImportedNumberRecords | None) -> bool:
    """The carriers follow the campaign out: that is one finding, not five."""
    return number is not None and number.campaign.operation == _UNLINKING


def _carrier_findings(carriers: tuple[CarrierRecord, ...]) -> Iterator[Finding]:
    for carrier in carriers:
        asked = f"Asked for SMS and MMS at all carriers; {carrier.record} is {carrier.state}"
        if carrier.state == _FAILED or carrier.error_code:
            yield Finding(
                code=FindingCode.CARRIER_FAILED,
                sentence=f"{asked} with {carrier.error_code or 'no error code'} ({carrier.error_message}): "
                "ask Sinch to have that carrier corrected.",
            )
        elif carrier.operation == _UNLINKING or carrier.state not in (_DONE, _UNSPECIFIED):
            yield Finding(
                code=FindingCode.CARRIER_NOT_DONE,
                sentence=f"{asked} ({carrier.operation or 'PROVISIONING'}): look again later, "
                "and ask Sinch if it stays so.",
            )
