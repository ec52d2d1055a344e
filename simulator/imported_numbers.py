"""The imported numbers of a project, as records and as the resources that show them.

Sinch API: imported numbers. The integers of ``scheduledProvisioning`` are ours, no document tells their values.
"""

import itertools
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.clock import VirtualClock, rfc3339
from simulator.errors import not_found
from simulator.ledger import ProjectLedger
from simulator.links import CarrierRecord, Link, ServiceRecord, State
from simulator.outcomes import FAILURE_CODES
from simulator.paging import Page, PageRequest
from simulator.phone_numbers import RegionCode

_AT_REST = {State.DONE, State.UNSPECIFIED}
_STATUS_IN_PROGRESS, _STATUS_FAILED = 2, 3
_ERROR_CODES = {code: position for position, code in enumerate((*FAILURE_CODES, "SMS_PROVISIONING_FAILED"), start=1)}


@dataclass(slots=True, kw_only=True, eq=False)
class ImportedNumber(Link):
    """One imported number; an empty ``callback_url`` is none, times are virtual seconds since 1970."""

    region_code: RegionCode
    display_name: str
    callback_url: str
    sequence: int
    created: float
    updated: float

    def wire(self, project_id: str) -> dict[str, Any]:
        """The resource ``ImportedNumber``."""
        sms_configuration: dict[str, Any] = {
            "servicePlanId": self.platform.linked_id,
            "campaignId": self.campaign.linked_id,
            "migrateToSinchTmo": self.migrates_to_sinch_tmo,
        }
        scheduled = self._scheduled_provisioning()
        if scheduled is not None:
            sms_configuration["scheduledProvisioning"] = scheduled
        return {
            "phoneNumber": self.phone_number,
            "projectId": project_id,
            "regionCode": self.region_code,
            "displayName": self.display_name,
            "smsConfiguration": sms_configuration,
            "callbackUrl": self.callback_url,
        }

    def full_wire(self, project_id: str) -> dict[str, Any]:
        """The resource ``ImportedNumberResponse``."""
        return self.wire(project_id) | {
            "mnoConfiguration": {
                "smsAtt": _carrier(self.sms_att),
                "smsTmo": _carrier(self.sms_tmo),
                "mmsAtt": _carrier(self.mms_att),
                "mmsTmo": _carrier(self.mms_tmo),
            },
            "smsProvisioning": _provisioning("SMS", self.platform),
            "campaignProvisioning": _provisioning("CAMPAIGN", self.campaign),
        }

    def _scheduled_provisioning(self) -> dict[str, Any] | None:
        """The job that runs or has failed; None when everything asked for is done."""
        records = [record for record in (self.platform, self.campaign) if record.state not in _AT_REST]
        if not records:
            return None
        failed = any(record.state is State.FAILED for record in records)
        return {
            "servicePlanId": self.platform.wanted_id,
            "campaignId": self.campaign.wanted_id,
            "status": _STATUS_FAILED if failed else _STATUS_IN_PROGRESS,
            "lastUpdatedTime": rfc3339(max(record.updated for record in records)),
            "errorCodes": [_ERROR_CODES[record.error_code] for record in records if record.error_code],
        }


class ImportedNumbers:
    """The list itself."""

    def __init__(self, clock: VirtualClock, ledger: ProjectLedger) -> None:
        self._clock = clock
        self._ledger = ledger
        self._in_order: list[ImportedNumber] = []
        self._by_phone_number: dict[str, ImportedNumber] = {}
        self._sequence = itertools.count()

    def get(self, phone_number: str) -> ImportedNumber:
        """The number; raises ApiError 404 when it is not imported."""
        number = self.find(phone_number)
        if number is None:
            raise not_found("imported number", phone_number)
        return number

    def find(self, phone_number: str) -> ImportedNumber | None:
        """The number, or None when it is not imported."""
        return self._by_phone_number.get(phone_number)

    def take_over(
        self, link: Link, region_code: RegionCode, callback_url: str, display_name: str = ""
    ) -> ImportedNumber:
        """Enter a number with the state that its link is in."""
        now = self._clock.now()
        number = ImportedNumber(
            phone_number=link.phone_number,
            card=link.card,
            platform=link.platform,
            campaign=link.campaign,
            sms_att=link.sms_att,
            sms_tmo=link.sms_tmo,
            mms_att=link.mms_att,
            mms_tmo=link.mms_tmo,
            migrates_to_sinch_tmo=link.migrates_to_sinch_tmo,
            region_code=region_code,
            display_name=display_name,
            callback_url=callback_url,
            sequence=next(self._sequence),
            created=now,
            updated=now,
        )
        self._in_order.append(number)
        self._by_phone_number[number.phone_number] = number
        self._ledger.write("imported_number", number.phone_number, service_plan_id=number.platform.service_id)
        return number

    def delete(self, number: ImportedNumber) -> None:
        """Take a number off the list."""
        del self._in_order[bisect_left(self._in_order, number.sequence, key=lambda other: other.sequence)]
        del self._by_phone_number[number.phone_number]
        self._ledger.write("imported_number_deleted", number.phone_number)

    def page(self, request: PageRequest, matches: Callable[[ImportedNumber], bool]) -> Page[ImportedNumber]:
        """One page of the numbers that match."""
        return request.cut(self._in_order, matches)


def _carrier(record: CarrierRecord) -> dict[str, Any]:
    return record.wire() | {"operation": record.operation.value}


def _provisioning(service_type: str, record: ServiceRecord) -> dict[str, Any]:
    return {
        "serviceType": service_type,
        "serviceId": record.service_id,
        "type": record.operation.value,
        "state": record.state.value,
        "updateTime": rfc3339(record.updated),
        "errorMessage": record.error_message,
        "errorCode": record.error_code,
    }
