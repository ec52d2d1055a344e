"""The 11 operations of the Numbers API and their resources, in the shape of `operations.py` and `resources.py`."""

from collections.abc import Mapping

from simulator.settings import LOCAL_PROJECT_ID
from tests.contract import resources as r
from tests.contract.operations import CAMPAIGN, SERVICE_PLAN, Api, Operation
from tests.contract.resources import Schema, extended, listed, one_of, record

ACTIVE_NUMBERS = ("+12085550101", "+12085550102", "+12085557001")
"""Numbers that a test rents, so that requests about them find something."""

_AVAILABLE_NUMBERS = ("+12085550111", "+18335550111", "+447700900111", "+12085559001")
_PHONE_NUMBER = {"type": "string", "pattern": r"^\+[1-9][0-9]{6,14}$"}
_TYPE = one_of("MOBILE", "LOCAL", "TOLL_FREE")
_CAPABILITY = one_of("SMS", "VOICE")
_VOICE_TYPE = one_of("RTC", "EST", "FAX")
_STATUS = one_of("WAITING", "IN_PROGRESS", "FAILED")
_TIME_OR_NULL = r.TIME | {"nullable": True}
_MONEY = record(currencyCode=r.TEXT, amount={"type": "string", "pattern": r"^[0-9]+\.[0-9]+$"})
_VOICE_IDS = {"appId": r.TEXT, "trunkId": r.TEXT, "serviceId": r.TEXT}

_AVAILABLE_NUMBER = record(
    phoneNumber=_PHONE_NUMBER, regionCode=r.TEXT, type=_TYPE, capability=listed(_CAPABILITY), setupPrice=_MONEY,
    monthlyPrice=_MONEY, paymentIntervalMonths=r.COUNT, supportingDocumentationRequired=r.TRUTH,
)  # fmt: skip
_ACTIVE_NUMBER = record(
    phoneNumber=_PHONE_NUMBER,
    projectId=one_of(LOCAL_PROJECT_ID),
    displayName=r.TEXT,
    regionCode=r.TEXT,
    type=_TYPE,
    capability=listed(_CAPABILITY),
    money=_MONEY,
    paymentIntervalMonths=r.COUNT,
    nextChargeDate=r.TIME,
    expireAt=_TIME_OR_NULL,
    smsConfiguration=record(
        servicePlanId=r.TEXT,
        campaignId=r.TEXT,
        scheduledProvisioning=record(
            servicePlanId=r.TEXT, campaignId=r.TEXT, status=_STATUS, lastUpdatedTime=r.TIME, errorCodes=listed(r.TEXT)
        ),
    ),
    voiceConfiguration=record(
        type=_VOICE_TYPE,
        **_VOICE_IDS,
        lastUpdatedTime=_TIME_OR_NULL,
        scheduledVoiceProvisioning=record(type=_VOICE_TYPE, **_VOICE_IDS, status=_STATUS, lastUpdatedTime=r.TIME),
    ),
    callbackUrl=r.TEXT,
)
_REGION = record(regionCode=r.TEXT, regionName=r.TEXT, types=listed(_TYPE))

_SERVICES = record(
    smsConfiguration=record(
        servicePlanId={"anyOf": [one_of("", SERVICE_PLAN), r.TEXT]},
        campaignId={"anyOf": [one_of("", CAMPAIGN), r.TEXT]},
    ),
    voiceConfiguration=record(type=_VOICE_TYPE, **_VOICE_IDS),
    callbackUrl=one_of("https://callbacks.example.com/callback"),
)
_ANY_NUMBER = extended(
    _SERVICES,
    ("regionCode", "type"),
    regionCode={"anyOf": [one_of("US"), r.TEXT]},
    type=_TYPE,
    capabilities=listed(_CAPABILITY),
    numberPattern=record(pattern=r.TEXT, searchPattern=one_of("START", "CONTAINS", "END")),
)

_PATTERN = {
    "numberPattern.pattern": ({"anyOf": [one_of("+1208", "0111"), r.TEXT]}, False),
    "numberPattern.searchPattern": (one_of("START", "CONTAINS", "END"), False),
}
_PAGING = {
    "pageSize": ({"type": "integer"}, False),
    "pageToken": (r.TEXT, False),
    "orderBy": (one_of("phoneNumber", "displayName"), False),
}
_REGION_CODE: Schema = {"anyOf": [one_of("US", "CA", "GB", "SE"), r.TEXT]}
_STATUSES = (200, 400, 404, 500)

# fmt: off
NUMBERS_OPERATIONS = (
    Operation("NumberService_ListAvailableNumbers", "GET", "availableNumbers", _STATUSES,
              record(availableNumbers=listed(_AVAILABLE_NUMBER)),
              query=_PATTERN | {"regionCode": (_REGION_CODE, True), "type": (_TYPE, True),
                                "capabilities": (listed(_CAPABILITY), False), "size": ({"type": "integer"}, False)}),
    Operation("NumberService_GetAvailableNumber", "GET", "availableNumbers/{phoneNumber}", (200,), _AVAILABLE_NUMBER,
              ours={404: "a number that is not to be had"}),
    Operation("NumberService_RentNumber", "POST", "availableNumbers/{phoneNumber}:rent", _STATUSES, _ACTIVE_NUMBER,
              body=_SERVICES),
    Operation("NumberService_RentAnyNumber", "POST", "availableNumbers:rentAny", _STATUSES, _ACTIVE_NUMBER,
              body=_ANY_NUMBER),
    Operation("NumberService_ListActiveNumbers", "GET", "activeNumbers", _STATUSES,
              r.page("activeNumbers", _ACTIVE_NUMBER),
              query=_PATTERN | _PAGING | {"regionCode": (_REGION_CODE, False), "type": (_TYPE, False),
                                          "capability": (listed(_CAPABILITY), False)}),
    Operation("NumberService_GetActiveNumber", "GET", "activeNumbers/{phoneNumber}", _STATUSES, _ACTIVE_NUMBER),
    Operation("NumberService_UpdateActiveNumber", "PATCH", "activeNumbers/{phoneNumber}", _STATUSES, _ACTIVE_NUMBER,
              body=extended(_SERVICES, displayName=r.TEXT)),
    Operation("NumberService_ReleaseNumber", "POST", "activeNumbers/{phoneNumber}:release", _STATUSES, _ACTIVE_NUMBER),
    Operation("NumberService_ListAvailableRegions", "GET", "availableRegions", _STATUSES,
              record(availableRegions=listed(_REGION)),
              query={"types": (listed(one_of("NUMBER_TYPE_UNSPECIFIED", "MOBILE", "LOCAL", "TOLL_FREE")), False)}),
    Operation("GetCallbackConfiguration", "GET", "callbackConfiguration", _STATUSES, r.CALLBACK_CONFIGURATION),
    Operation("UpdateCallbackConfiguration", "PATCH", "callbackConfiguration", _STATUSES, r.CALLBACK_CONFIGURATION,
              body=record(hmacSecret=r.TEXT)),
)
# fmt: on

_PATH_PARAMETERS: Mapping[str, Mapping[str, Schema]] = {
    "availableNumbers": {"phoneNumber": {"anyOf": [one_of(*_AVAILABLE_NUMBERS), r.TEXT]}},
    "activeNumbers": {"phoneNumber": {"anyOf": [one_of(*ACTIVE_NUMBERS), r.TEXT]}},
}

NUMBERS_API = Api("Numbers", NUMBERS_OPERATIONS, _PATH_PARAMETERS, flat_errors=False)
