"""The 23 operations of the Imported Numbers and Hosting Orders API: paths, parameters, bodies, answers, statuses.

`documented` are the statuses that Sinch documents for the operation, `ours` those that the simulator answers beside
them, with the reason; docs/contract.md tells of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.settings import LOCAL_PROJECT_ID
from tests.contract import resources as r
from tests.contract.resources import Schema, extended, listed, one_of, record

PLACEHOLDER_ORDER = "01arz3ndektsv4rrffq69g5fav"
"""Stands in the contract for an order; a test puts the id of one that exists in its place."""

QUALIFIED_NUMBERS = ("+12025550101", "+12025550102", "+12025550103", "+12025550104")
IMPORTED_NUMBERS = ("+12025550105", "+12025550106", "+12025550107")
ORDERED_NUMBERS = ("+12025550108", "+12025550109")
NEW_NUMBERS = ("+12025550110", "+12025550111", "+12025550112")
QUALIFIED_TOLL_FREE_NUMBERS = ("+18335550101", "+18335550102", "+18335550103")
"""Numbers that a test makes what their names say, so that requests about them find something."""

SERVICE_PLAN, CAMPAIGN = "07d6c2621f364b68856fe4938b7bb78f", "C3O8OGA"

_LOCAL_NUMBER: Schema = {"anyOf": [one_of(*NEW_NUMBERS), {"type": "string", "pattern": r"^\+1[2-9][0-9]{9}$"}]}
_TOLL_FREE_NUMBER: Schema = {"type": "string", "pattern": r"^\+1833[0-9]{7}$"}
_SERVICE_PLAN: Schema = {"anyOf": [one_of(SERVICE_PLAN), {"type": "string", "minLength": 1}]}
_CAMPAIGN: Schema = {"anyOf": [one_of(CAMPAIGN), r.TEXT]}
_PROJECT_ID = one_of(LOCAL_PROJECT_ID)
_CALLBACK_URL: Schema = one_of("https://callbacks.example.com/callback")


@dataclass(frozen=True)
class Operation:
    """One operation; `path` stands below the project, `query` maps a parameter to its schema and to whether it must be.

    An `answer` of None is an empty one.
    """

    id: str
    method: str
    path: str
    documented: tuple[int, ...]
    answer: Schema | None
    query: Mapping[str, tuple[Schema, bool]] = field(default_factory=dict)
    body: Schema | None = None
    ours: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Api:
    """The operations of one API; `path_parameters` go by the first part of the path.

    With `flat_errors` only the callback configuration answers in the nested envelope.
    """

    title: str
    operations: tuple[Operation, ...]
    path_parameters: Mapping[str, Mapping[str, Schema]]
    flat_errors: bool


def _with_one_of(base: Schema, **loas: Schema) -> Schema:
    """The body with exactly one of the LOA objects."""
    return {"oneOf": [extended(base, (name,), **{name: loa}) for name, loa in loas.items()]}


def _numbers(number: Schema) -> Schema:
    return listed(number) | {"minItems": 1, "maxItems": 5, "uniqueItems": True}


_PAGING = {
    "pageSize": ({"type": "integer"}, False),
    "pageToken": (r.TEXT, False),
    "orderBy": (one_of("createdTime", "updatedTime"), False),
}
_SERVICES = {"servicePlanId": (_SERVICE_PLAN, True), "campaignId": (_CAMPAIGN, True)}
_PROVISIONING_STATES = dict.fromkeys(
    ("osrUpdateState", "campaignProvisioningState", "platformProvisioningState"), (r.STATE, False)
)
_REGION = {"regionCode": (r.REGION, False)}

_ORDER = record(
    ("regionCode", "numbers", "servicePlanId"),
    projectId=_PROJECT_ID,
    displayName=r.TEXT,
    regionCode=r.REGION,
    numbers=_numbers(_LOCAL_NUMBER),
    servicePlanId=_SERVICE_PLAN,
    campaignId=_CAMPAIGN,
    callbackUrl=_CALLBACK_URL,
    migrateToSinchTmo=r.TRUTH,
)
_TEXT_ENABLE = extended(
    _ORDER,
    nnid={"type": "string", "pattern": "^[0-9]{6}$"},
    scheduledOsrUpdateTime=r.TIME,
)
_TEXT_ENABLE_TOLL_FREE = record(
    ("regionCode", "numbers", "servicePlanId"),
    projectId=_PROJECT_ID,
    displayName=r.TEXT,
    regionCode=r.REGION,
    numbers=_numbers(_TOLL_FREE_NUMBER),
    servicePlanId=_SERVICE_PLAN,
    callbackUrl=_CALLBACK_URL,
    scheduledZipwhipProvisioningTime=r.TIME,
)
_LOAS = {"directLoaInfo": r.DIRECT_LOA, "resellerLoaInfo": r.RESELLER_LOA}
_TEXT_ENABLE_BODY = _with_one_of(_TEXT_ENABLE, **_LOAS, blanketLoaInfo=record())
_TEXT_ENABLE_QUALIFIED_BODY = _with_one_of(
    extended(_TEXT_ENABLE, numbers=_numbers(one_of(*QUALIFIED_NUMBERS[:2]))), **_LOAS, blanketLoaInfo=record()
)
_TOLL_FREE_BODY = _with_one_of(_TEXT_ENABLE_TOLL_FREE, **_LOAS)
_QUALIFIED_TOLL_FREE_BODY = _with_one_of(
    extended(_TEXT_ENABLE_TOLL_FREE, numbers=_numbers(one_of(*QUALIFIED_TOLL_FREE_NUMBERS))), **_LOAS
)
_IMPORT_NUMBER = record(
    ("phoneNumber", "regionCode", "smsConfiguration"),
    phoneNumber=_LOCAL_NUMBER,
    projectId=_PROJECT_ID,
    regionCode=r.REGION,
    displayName=r.TEXT,
    smsConfiguration=record(
        ("servicePlanId",), servicePlanId=_SERVICE_PLAN, campaignId=_CAMPAIGN, migrateToSinchTmo=r.TRUTH
    ),
    callbackUrl=_CALLBACK_URL,
)
_UPDATE_NUMBER = record(
    projectId=_PROJECT_ID,
    displayName=r.TEXT,
    smsConfiguration=record(
        servicePlanId={"anyOf": [one_of("", SERVICE_PLAN), r.TEXT]},
        campaignId={"anyOf": [one_of("", CAMPAIGN), r.TEXT]},
    ),
    callbackUrl=_CALLBACK_URL,
)

_MALFORMED_LIST = {400: "a filter that is missing, unknown or malformed, or a page token of another list"}
_REFUSED_ORDER = {400: "a body with a mistake in it", 409: "a number that sits in an order or is imported already"}
_IN_ANOTHER_STATE = {400: "the state of the number does not allow it"}
_ORDER_LISTS = (200, 404, 500)
_CREATIONS = (200, 400, 404, 409, 500)

# fmt: off
OPERATIONS = (
    Operation("ImportNumberService_ListImportedNumbers", "GET", "importedNumbers", (200, 400, 500),
              r.page("importedNumbers", r.IMPORTED_NUMBER_RESPONSE),
              query=_PAGING | _SERVICES | _REGION | {
                  "numberPattern.pattern": (r.TEXT, False),
                  "numberPattern.searchPattern": (one_of("START", "CONTAIN", "END"), False)}),
    Operation("ImportNumberService_ImportNumber", "POST", "importedNumbers", (200, 400, 409, 500),
              r.IMPORTED_NUMBER, body=_IMPORT_NUMBER),
    Operation("HostingOrderService_ListHostingOrders", "GET", "hostingOrders", _ORDER_LISTS,
              r.page("hostingOrders", r.HOSTING_ORDER), ours=_MALFORMED_LIST,
              query=_PAGING | _SERVICES | _REGION | {"states": (r.ORDER_STATE, True), "type": (r.ORDER_TYPE, True)}),
    Operation("HostingOrderService_GetHostingOrder", "GET", "hostingOrders/{hostingOrderId}", (200, 404, 500),
              r.HOSTING_ORDER),
    Operation("GetHostingOrderReport", "GET", "hostingOrders/{hostingOrderId}/report", (200, 404, 500),
              r.HOSTING_ORDER_REPORT),
    Operation("HostingOrderService_ListHostingOrderNumbers", "GET", "hostingOrders/{hostingOrderId}/numbers",
              _ORDER_LISTS, r.page("numbers", r.HOSTING_ORDER_NUMBER), ours=_MALFORMED_LIST,
              query=_PAGING | _PROVISIONING_STATES),
    Operation("HostingOrderService_GetHostingOrderNumber", "GET",
              "hostingOrders/{hostingOrderId}/numbers/{phoneNumber}", (200, 404, 500), r.HOSTING_ORDER_NUMBER),
    Operation("HostingOrderService_ImportNumbers", "POST", "hostingOrders:importNumbers", (200, 500),
              r.IMPORT_HOSTING_ORDER, body=_ORDER, ours=_REFUSED_ORDER),
    Operation("TextEnableNumbers", "POST", "hostingOrders:textEnableNumbers", _CREATIONS,
              r.HOSTING_ORDER, body=_TEXT_ENABLE_BODY),
    Operation("TextEnableTollFreeNumbers", "POST", "hostingOrders:textEnableTollFreeNumbers", _CREATIONS,
              r.HOSTING_ORDER, body=_TOLL_FREE_BODY),
    Operation("GetCallbackConfiguration", "GET", "callbackConfiguration", (200, 400, 404, 500),
              r.CALLBACK_CONFIGURATION),
    Operation("UpdateCallbackConfiguration", "PATCH", "callbackConfiguration", (200, 400, 404, 500),
              r.CALLBACK_CONFIGURATION, body=record(hmacSecret=r.TEXT)),
    Operation("QualifiedNumberService_ListQualifiedNumbers", "GET", "qualifiedNumbers", (200, 404, 500),
              r.page("qualifiedNumbers", r.QUALIFIED_NUMBER), ours=_MALFORMED_LIST,
              query=_PAGING | _REGION | {"states": (r.GLOBAL_PROCESS_STATE, True)}),
    Operation("QualifiedNumberService_BatchCreateQualifiedNumbers", "POST", "qualifiedNumbers:addNumbers",
              (200, 404, 500), r.QUALIFIED_NUMBERS,
              body=record(("phoneNumbers",), phoneNumbers=_numbers(_LOCAL_NUMBER)),
              ours={400: "a body with a mistake in it", 409: "a number that is on the list already"}),
    Operation("QualifiedNumberService_TextEnableNumbers", "POST", "qualifiedNumbers:textEnableNumbers",
              (200, 404, 500), r.HOSTING_ORDER_ID, body=_TEXT_ENABLE_QUALIFIED_BODY, ours=_REFUSED_ORDER),
    Operation("QualifiedNumbersTextEnableTollFreeNumbers", "POST", "qualifiedNumbers:textEnableTollFreeNumbers",
              _CREATIONS, r.HOSTING_ORDER, body=_QUALIFIED_TOLL_FREE_BODY),
    Operation("QualifiedNumberService_SendVoiceChallenge", "POST",
              "qualifiedNumbers/{phoneNumber}:sendVoiceChallenge", (200, 404, 500), r.QUALIFIED_NUMBER,
              ours=_IN_ANOTHER_STATE),
    Operation("QualifiedNumberService_VerifyVoiceChallenge", "POST",
              "qualifiedNumbers/{phoneNumber}:verifyVoiceChallenge", (200, 404, 500), r.QUALIFIED_NUMBER,
              body=record(("code",), code={"type": "string", "minLength": 1}),
              ours={400: "a body with a mistake in it, or a number in a state that does not allow it"}),
    Operation("ImportNumberService_GetImportedNumber", "GET", "importedNumbers/{phoneNumber}", (200, 404, 500),
              r.IMPORTED_NUMBER_RESPONSE),
    Operation("ImportNumberService_UpdateImportedNumber", "PATCH", "importedNumbers/{phoneNumber}",
              (200, 400, 404, 500), r.IMPORTED_NUMBER, body=_UPDATE_NUMBER),
    Operation("QualifiedNumberService_GetQualifiedNumber", "GET", "qualifiedNumbers/{phoneNumber}", (200, 404, 500),
              r.QUALIFIED_NUMBER),
    Operation("QualifiedNumberService_DeleteQualifiedNumber", "DELETE", "qualifiedNumbers/{phoneNumber}",
              (200, 404, 500), None, ours=_IN_ANOTHER_STATE),
    Operation("ImportNumberService_DeleteImportedNumber", "DELETE", "importedNumbers/{phoneNumber}", (200, 404, 500),
              None),
)
# fmt: on
"""Paths on which numbers are deleted come last, so that the others find something to work on."""

_PATH_PARAMETERS: Mapping[str, Mapping[str, Schema]] = {
    "importedNumbers": {"phoneNumber": {"anyOf": [one_of(*IMPORTED_NUMBERS), r.TEXT]}},
    "qualifiedNumbers": {"phoneNumber": {"anyOf": [one_of(*QUALIFIED_NUMBERS), r.TEXT]}},
    "hostingOrders": {
        "hostingOrderId": {"anyOf": [one_of(PLACEHOLDER_ORDER), r.TEXT]},
        "phoneNumber": {"anyOf": [one_of(*ORDERED_NUMBERS), r.TEXT]},
    },
}

IMPORTED_API = Api("Imported Numbers and Hosting Orders", OPERATIONS, _PATH_PARAMETERS, flat_errors=True)
