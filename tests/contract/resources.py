"""The resources and request bodies of the Imported Numbers and Hosting Orders API, as JSON Schema.

In our own words: facts that Sinch documents, not its text. Every field is listed; which of them must be there is said
for requests alone, because Sinch does not say it for answers.
"""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FILLED: Schema = {"type": "string", "minLength": 1}
EMAIL: Schema = {"type": "string", "pattern": r"^[a-z]+@[a-z]+\.com$"}
COUNT: Schema = {"type": "integer", "format": "int32"}
NUMBER_OF_OURS: Schema = {"type": "integer"}
TRUTH: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}


def one_of(*literals: str | int) -> Schema:
    """One of these literals."""
    return {"enum": list(literals)}


def listed(item: Schema) -> Schema:
    """A JSON array."""
    return {"type": "array", "items": item}


def record(required: tuple[str, ...] = (), /, **fields: Schema) -> Schema:
    """A JSON object with these fields, of which `required` must be there."""
    schema: Schema = {"type": "object", "properties": fields}
    return schema | ({"required": list(required)} if required else {})


def extended(base: Schema, required: tuple[str, ...] = (), /, **fields: Schema) -> Schema:
    """A JSON object with the fields of another one and further ones, which replace those of the same name."""
    needed = tuple(dict.fromkeys([*base.get("required", []), *required]))
    return record(needed, **(base["properties"] | fields))


REGION = one_of("US", "CA")
STATE = one_of("DONE", "FAILED", "IN_PROGRESS", "WAITING", "STATE_UNSPECIFIED")
ORDER_STATE = one_of(
    "HOSTING_ORDER_STATE_UNSPECIFIED", "DRAFT", "SUBMITTED", "WAITING_FOR_LOA_SIGNATURE", "IN_PROGRESS", "COMPLETED",
    "REJECTED",
)  # fmt: skip
ORDER_TYPE = one_of("HOSTING_ORDER_TYPE_UNSPECIFIED", "IMPORT", "TYPE_TEXT_ENABLE")
GLOBAL_PROCESS_STATE = one_of(
    *(
        f"GLOBAL_PROCESS_STATE_{state}"
        for state in (
            "UNSPECIFIED", "ELIGIBLE_CHECK_PENDING", "ELIGIBLE", "NOT_ELIGIBLE", "VERIFICATION_PENDING",
            "VERIFICATION_FAILED", "VERIFICATION_BLOCKED", "VERIFIED", "HOSTING_IN_PROGRESS", "HOSTING_DONE",
            "HOSTING_FAILED",
        )
    )
)  # fmt: skip
LINK_OPERATION = one_of("PROVISIONING", "DEPROVISIONING")
CARRIER_OPERATION = one_of("PROVISIONING", "DEPROVISIONING", "OPERATION_UNSPECIFIED")
LOA_TYPE = one_of("Direct", "Reseller", "DIRECT", "RESELLER", "BLANKET")
"""Sinch's schema has the first two, its samples the third; the others follow from them (docs/contract.md)."""

PERSON = record(("firstName", "lastName", "email"), firstName=FILLED, lastName=FILLED, email=EMAIL)
ADDRESS = record(
    ("buildingNumber", "street", "city", "state", "postalCode", "country"),
    buildingNumber=FILLED, street=FILLED, city=FILLED, state=FILLED, postalCode=FILLED, country=FILLED,
)  # fmt: skip
DIRECT_LOA = record(
    ("authorisedPerson", "address", "currentVoiceCarrier"),
    authorisedPerson=PERSON, address=ADDRESS, currentVoiceCarrier=FILLED,
)  # fmt: skip
RESELLER_LOA = extended(DIRECT_LOA, ("businessName",), businessName=FILLED)

FIELD_VIOLATIONS = listed(
    record(type=one_of("BadRequest"), fieldViolations=listed(record(field=TEXT, description=TEXT)))
)
_MISSING_RESOURCE = listed(
    record(type=one_of("ResourceInfo"), resourceType=TEXT, resourceName=TEXT, owner=TEXT, description=TEXT)
)
FLAT_ERROR = record(code=TEXT, message=TEXT, status=TEXT, details=FIELD_VIOLATIONS)


def nested_error(status: int) -> Schema:
    """What the Numbers API, and the callback configuration of either API, answer when they refuse."""
    details = _MISSING_RESOURCE if status == 404 else FIELD_VIOLATIONS
    return record(error=record(code=one_of(status), message=TEXT, status=TEXT, details=details))


SMS_CONFIGURATION = record(
    servicePlanId=TEXT,
    campaignId=TEXT,
    migrateToSinchTmo=TRUTH,
    scheduledProvisioning=record(
        servicePlanId=TEXT, campaignId=TEXT, status=NUMBER_OF_OURS, lastUpdatedTime=TIME,
        errorCodes=listed(NUMBER_OF_OURS),
    ),
)  # fmt: skip
IMPORTED_NUMBER = record(
    phoneNumber=TEXT, projectId=TEXT, regionCode=REGION, displayName=TEXT, smsConfiguration=SMS_CONFIGURATION,
    callbackUrl=TEXT,
)  # fmt: skip
SERVICE_PROVISIONING = record(
    serviceType=one_of("SMS", "CAMPAIGN"), serviceId=TEXT, type=LINK_OPERATION, state=STATE, updateTime=TIME,
    errorMessage=TEXT, errorCode=TEXT,
)  # fmt: skip
CARRIER = record(state=STATE, errorCode=TEXT, errorMessage=TEXT, updateTime=TIME)
CARRIER_WITH_OPERATION = extended(CARRIER, operation=CARRIER_OPERATION)
IMPORTED_NUMBER_RESPONSE = extended(
    IMPORTED_NUMBER,
    mnoConfiguration=record(
        smsAtt=CARRIER_WITH_OPERATION, smsTmo=CARRIER_WITH_OPERATION, mmsAtt=CARRIER_WITH_OPERATION,
        mmsTmo=CARRIER_WITH_OPERATION,
    ),
    smsProvisioning=SERVICE_PROVISIONING,
    campaignProvisioning=SERVICE_PROVISIONING,
)  # fmt: skip

IMPORT_HOSTING_ORDER = record(
    projectId=TEXT, hostingOrderId=TEXT, displayName=TEXT, regionCode=REGION, state=ORDER_STATE, type=ORDER_TYPE,
    createdTime=TIME, updatedTime=TIME, servicePlanId=TEXT, campaignId=TEXT, migrateToSinchTmo=TRUTH, callbackUrl=TEXT,
)  # fmt: skip
HOSTING_ORDER = extended(
    IMPORT_HOSTING_ORDER,
    scheduledOsrUpdateTime=TIME,
    textEnableInfo=record(
        businessName=TEXT, authorisedPerson=PERSON, address=ADDRESS, serviceProvider=TEXT, currentVoiceCarrier=TEXT,
        nnid=TEXT, loaType=LOA_TYPE,
    ),
)  # fmt: skip
HOSTING_ORDER_REPORT = record(
    total=COUNT, osrUpdated=COUNT, smsProvisioned=COUNT, addedToCampaign=COUNT, ongoingManualAction=COUNT
)
HOSTING_ORDER_NUMBER = record(
    projectId=TEXT,
    hostingOrderId=TEXT,
    phoneNumber=TEXT,
    osrUpdate=record(nnid=TEXT, state=STATE),
    campaignProvisioning=record(campaignId=TEXT, state=STATE),
    platformProvisioning=record(servicePlanId=TEXT, state=STATE),
    smsAtt=CARRIER,
    smsTmo=CARRIER,
    mmsAtt=CARRIER,
    mmsTmo=CARRIER,
)
HOSTING_ORDER_ID = record(hostingOrderId=TEXT)

QUALIFIED_NUMBER = record(
    phoneNumber=TEXT,
    projectId=TEXT,
    regionCode=REGION,
    globalProcessState=GLOBAL_PROCESS_STATE,
    osrEligibility=record(status=STATE, error=TEXT),
    ownershipVerification=record(status=STATE, error=TEXT),
    hostedNumber=record(status=one_of(0, 1, 2), error=TEXT),
    createdTime=TIME,
    updatedTime=TIME,
)
QUALIFIED_NUMBERS = record(qualifiedNumbers=listed(QUALIFIED_NUMBER))
CALLBACK_CONFIGURATION = record(projectId=TEXT, hmacSecret=TEXT)


def page(name: str, item: Schema) -> Schema:
    """A page of a list; the items are called `name`."""
    return record(**{name: listed(item)}, nextPageToken=TEXT, totalSize=COUNT)
