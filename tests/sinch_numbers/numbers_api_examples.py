"""Full examples of what the Numbers API sends: Sinch's samples, with the fields that newer documents add."""

from typing import Any

SCHEDULED_SMS: dict[str, Any] = {
    "servicePlanId": "8200000f74924bd6800000b212f00000",
    "campaignId": "C3O8OGA",
    "status": "FAILED",
    "lastUpdatedTime": "2023-02-02T21:00:07.467Z",
    "errorCodes": ["SMS_PROVISIONING_FAILED", "CAMPAIGN_NOT_AVAILABLE"],
}

SMS_CONFIGURATION: dict[str, Any] = {
    "servicePlanId": "07d6c2621f364b68856fe4938b7bb78f",
    "campaignId": "CDCQLGJ",
    "scheduledProvisioning": SCHEDULED_SMS,
}

SCHEDULED_VOICE: dict[str, Any] = {
    "type": "EST",
    "appId": "",
    "trunkId": "01HXYZ",
    "serviceId": "",
    "status": "IN_PROGRESS",
    "lastUpdatedTime": "2023-02-02T21:00:08.123456Z",
}

VOICE_CONFIGURATION: dict[str, Any] = {
    "type": "RTC",
    "appId": "sunshine-app",
    "trunkId": "",
    "serviceId": "",
    "lastUpdatedTime": "2023-02-02T21:00:09Z",
    "scheduledVoiceProvisioning": SCHEDULED_VOICE,
}

ACTIVE_NUMBER: dict[str, Any] = {
    "phoneNumber": "+12025550134",
    "projectId": "51bc3f40-f266-4ca8-8938-a1ed0ff32b9a",
    "displayName": "MyPhoneNumber",
    "regionCode": "US",
    "type": "LOCAL",
    "capability": ["SMS", "VOICE"],
    "money": {"currencyCode": "USD", "amount": "2.00"},
    "paymentIntervalMonths": 1,
    "nextChargeDate": "2026-12-06T14:42:42.677575Z",
    "expireAt": "2026-12-06T14:42:42.677575Z",
    "smsConfiguration": SMS_CONFIGURATION,
    "voiceConfiguration": VOICE_CONFIGURATION,
    "callbackUrl": "https://www.your-callback-server.com/callback",
}

JUST_RENTED: dict[str, Any] = {
    "phoneNumber": "+12025550134",
    "projectId": "51bc3f40-f266-4ca8-8938-a1ed0ff32b9a",
    "displayName": "",
    "regionCode": "US",
    "type": "LOCAL",
    "capability": ["SMS", "VOICE"],
    "money": {"currencyCode": "EUR", "amount": "0.80"},
    "paymentIntervalMonths": 1,
    "nextChargeDate": "2026-12-06T14:42:42.677575Z",
    "expireAt": None,
    "smsConfiguration": {
        "servicePlanId": "",
        "campaignId": "",
        "scheduledProvisioning": {
            "servicePlanId": "SpaceMonkeySquadron",
            "campaignId": "",
            "status": "WAITING",
            "lastUpdatedTime": "2026-11-06T14:42:42.677575Z",
            "errorCodes": [],
        },
    },
    "voiceConfiguration": {
        "type": "RTC",
        "appId": "",
        "trunkId": "",
        "serviceId": "",
        "lastUpdatedTime": None,
        "scheduledVoiceProvisioning": {"type": "RTC", "appId": "sunshine-app", "status": "WAITING"},
    },
    "callbackUrl": "",
}

AVAILABLE_NUMBER: dict[str, Any] = {
    "phoneNumber": "+12025550134",
    "regionCode": "US",
    "type": "LOCAL",
    "capability": ["SMS", "VOICE"],
    "setupPrice": {"currencyCode": "EUR", "amount": "0.80"},
    "monthlyPrice": {"currencyCode": "EUR", "amount": "0.80"},
    "paymentIntervalMonths": 1,
    "supportingDocumentationRequired": True,
}

AVAILABLE_REGION: dict[str, Any] = {"regionCode": "US", "regionName": "United States", "types": ["MOBILE", "LOCAL"]}
