"""Full examples of what Sinch sends, as its documentation shows them."""

from typing import Any

QUALIFIED_NUMBER: dict[str, Any] = {
    "phoneNumber": "+12025550134",
    "projectId": "abcd12ef-ab12-ab12-bc34-abcdef123456",
    "regionCode": "US",
    "globalProcessState": "GLOBAL_PROCESS_STATE_VERIFIED",
    "osrEligibility": {"status": "DONE", "error": ""},
    "ownershipVerification": {"status": "FAILED", "error": "invoice unreadable"},
    "hostedNumber": {"status": 1, "error": ""},
    "createdTime": "2023-01-12T14:34:40.968Z",
    "updatedTime": "2023-01-13T14:34:40.968123Z",
}

TEXT_ENABLE_INFO: dict[str, Any] = {
    "businessName": "Sinch AB",
    "authorisedPerson": {"firstName": "John", "lastName": "Smith", "email": "email@domain.com"},
    "address": {
        "buildingNumber": "2433",
        "street": "Vesta Drive",
        "city": "Chicago",
        "state": "IL",
        "postalCode": "60647",
        "country": "US",
    },
    "serviceProvider": "Sinch America Inc.",
    "currentVoiceCarrier": "Verizon",
    "nnid": "104029",
    "loaType": "DIRECT",
}

HOSTING_ORDER: dict[str, Any] = {
    "projectId": "d1923022-5199-4bb3-a513-c47n7a656bc5",
    "hostingOrderId": "01arz3nhyrtsv4rrffq69g5fav",
    "displayName": "Hosting order with campaignId, nnid and smsAppId",
    "regionCode": "US",
    "state": "SUBMITTED",
    "type": "TYPE_TEXT_ENABLE",
    "createdTime": "2023-01-12T14:34:40.968Z",
    "updatedTime": "2023-01-12T14:34:40.968Z",
    "scheduledOsrUpdateTime": "2023-01-13T14:34:40.968Z",
    "servicePlanId": "16e5c8d2odc842bda9a1b90e1673c174",
    "campaignId": "C3O84GA",
    "migrateToSinchTmo": True,
    "callbackUrl": "https://www.your-callback-server.com/callback",
    "textEnableInfo": TEXT_ENABLE_INFO,
}

REPORT: dict[str, Any] = {
    "total": 5,
    "osrUpdated": 4,
    "smsProvisioned": 3,
    "addedToCampaign": 2,
    "ongoingManualAction": 1,
}


def carrier(state: str, error_code: str = "", error_message: str = "") -> dict[str, Any]:
    return {
        "state": state,
        "errorCode": error_code,
        "errorMessage": error_message,
        "updateTime": "2025-04-02T19:45:28.650924Z",
    }


HOSTING_ORDER_NUMBER: dict[str, Any] = {
    "projectId": "d1923022-5199-4bb3-a513-c47n7a656bc5",
    "hostingOrderId": "01arz3nhyrtsv4rrffq69g5fav",
    "phoneNumber": "+12025550134",
    "osrUpdate": {"nnid": "104029", "state": "DONE"},
    "campaignProvisioning": {"campaignId": "C3O84GA", "state": "IN_PROGRESS"},
    "platformProvisioning": {"servicePlanId": "16e5c8d2odc842bda9a1b90e1673c174", "state": "WAITING"},
    "smsAtt": carrier("DONE"),
    "smsTmo": carrier("FAILED", "60135", "number belongs to another aggregator"),
    "mmsAtt": carrier("STATE_UNSPECIFIED"),
    "mmsTmo": carrier("WAITING"),
}

SMS_CONFIGURATION: dict[str, Any] = {
    "servicePlanId": "16e5c8d2odc842bda9a1b90e1673c174",
    "campaignId": "C3O84GA",
    "migrateToSinchTmo": True,
    "scheduledProvisioning": {
        "servicePlanId": "16e5c8d2odc842bda9a1b90e1673c174",
        "campaignId": "C3O84GA",
        "status": 1,
        "lastUpdatedTime": "2023-02-02T21:00:07.467Z",
        "errorCodes": [3, 17],
    },
}

IMPORTED_NUMBER: dict[str, Any] = {
    "phoneNumber": "+12025550134",
    "projectId": "d1923022-5199-4bb3-a513-c47n7a656bc5",
    "regionCode": "US",
    "displayName": "MyPhoneNumber",
    "smsConfiguration": SMS_CONFIGURATION,
    "callbackUrl": "https://www.your-callback-server.com/callback",
}

SMS_PROVISIONING: dict[str, Any] = {
    "serviceType": "SMS",
    "serviceId": "0130a21c9ed6461ba3a1fefda83f7ec7",
    "type": "PROVISIONING",
    "state": "DONE",
    "updateTime": "2023-02-02T21:00:07.467353Z",
    "errorMessage": "",
    "errorCode": "",
}

IMPORTED_NUMBER_RESPONSE: dict[str, Any] = {
    **IMPORTED_NUMBER,
    "mnoConfiguration": {
        "smsAtt": {**carrier("DONE"), "operation": "PROVISIONING"},
        "smsTmo": {**carrier("FAILED", "60135", "belongs to another aggregator"), "operation": "PROVISIONING"},
        "mmsAtt": {**carrier("IN_PROGRESS"), "operation": "DEPROVISIONING"},
        "mmsTmo": {**carrier("STATE_UNSPECIFIED"), "operation": "OPERATION_UNSPECIFIED"},
    },
    "smsProvisioning": SMS_PROVISIONING,
    "campaignProvisioning": {
        **SMS_PROVISIONING,
        "serviceType": "CAMPAIGN",
        "serviceId": "CDCQLGJ",
        "type": "DEPROVISIONING",
        "state": "FAILED",
        "errorMessage": "no such campaign",
        "errorCode": "CRS0018",
    },
}

CALLBACK_CONFIGURATION: dict[str, Any] = {
    "projectId": "a99aa9aa-b888-777c-dd6d-ee55e5555555",
    "hmacSecret": "a-secret-of-thirty-two-characters",
}

CALLBACK_EVENT: dict[str, Any] = {
    "resourceType": "IMPORTED_NUMBER",
    "eventType": "LINK_TO_10DLC_CAMPAIGN",
    "eventId": "abcd1234efghijklmnop567890",
    "timestamp": "2023-06-06T07:45:27.785357Z",
    "projectId": "abcd12ef-ab12-ab12-bc34-abcdef123456",
    "resourceId": "+12345612345",
    "status": "FAILED",
    "failureCode": "CAMPAIGN_NOT_AVAILABLE",
    "internalFailureCode": "CRS0018",
}
