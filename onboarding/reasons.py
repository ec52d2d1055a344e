"""Why a number ended without SMS: a code for machines and a sentence that says what to do next.

The campaign codes are Sinch's own literals (Sinch API: callback `failureCode`). An unknown one is kept as it
came, so a reason is an open set: any string is a code, these are the ones we can explain.
"""

from onboarding.model import Model


class Reason(Model):
    """`code` is stable and searchable, `sentence` is for people."""

    code: str
    sentence: str


NOT_ELIGIBLE = "NOT_ELIGIBLE"
REFUSED_BY_SINCH = "REFUSED_BY_SINCH"
ELIGIBILITY_DEADLINE_PASSED = "ELIGIBILITY_DEADLINE_PASSED"
INVOICES_NOT_SENT = "INVOICES_NOT_SENT"
INVOICE_REFUSED = "INVOICE_REFUSED"
INVOICE_REVIEW_DEADLINE_PASSED = "INVOICE_REVIEW_DEADLINE_PASSED"
VERIFICATION_BLOCKED = "VERIFICATION_BLOCKED"
VOICE_CODE_NOT_ENTERED = "VOICE_CODE_NOT_ENTERED"
ALREADY_TEXT_ENABLED = "ALREADY_TEXT_ENABLED"
ALREADY_IN_A_HOSTING_ORDER = "ALREADY_IN_A_HOSTING_ORDER"
ORDER_REFUSED = "ORDER_REFUSED"
ORDER_REJECTED = "ORDER_REJECTED"
LOA_DEADLINE_PASSED = "LOA_DEADLINE_PASSED"
CARRIER_DEADLINE_PASSED = "CARRIER_DEADLINE_PASSED"
OSR_UPDATE_FAILED = "OSR_UPDATE_FAILED"
SMS_PROVISIONING_FAILED = "SMS_PROVISIONING_FAILED"
CAMPAIGN_PROVISIONING_FAILED = "CAMPAIGN_PROVISIONING_FAILED"
T_MOBILE_MIGRATION_REQUIRED = "T_MOBILE_MIGRATION_REQUIRED"
LINK_AGAIN_REFUSED = "LINK_AGAIN_REFUSED"
HOSTING_FAILED = "HOSTING_FAILED"
ADOPTED = "ADOPTED"
ALREADY_IMPORTED = "ALREADY_IMPORTED"
IMPORT_REFUSED = "IMPORT_REFUSED"
NUMBER_TAKEN = "NUMBER_TAKEN"
NO_LONGER_IMPORTED = "NO_LONGER_IMPORTED"
SKIPPED_BY_OPERATOR = "SKIPPED_BY_OPERATOR"
CANCELLED_BY_OPERATOR = "CANCELLED_BY_OPERATOR"
ENDED_OUTSIDE = "ENDED_OUTSIDE"
NOT_IMPORTED = "NOT_IMPORTED"
NO_SERVICE_PLAN = "NO_SERVICE_PLAN"
LINK_UNDER_WAY = "LINK_UNDER_WAY"
LINKED_ALREADY = "LINKED_ALREADY"
UNLINK_REFUSED = "UNLINK_REFUSED"
UNLINK_FAILED = "UNLINK_FAILED"
UNLINK_DEADLINE_PASSED = "UNLINK_DEADLINE_PASSED"
LINK_REFUSED = "LINK_REFUSED"
LINK_DEADLINE_PASSED = "LINK_DEADLINE_PASSED"
LINKED_BACK = "LINKED_BACK"
RELINKING_SKIPPED = "RELINKING_SKIPPED"
REMOVAL_REFUSED = "REMOVAL_REFUSED"
REMOVAL_DEADLINE_PASSED = "REMOVAL_DEADLINE_PASSED"
NOTHING_TO_REMOVE = "NOTHING_TO_REMOVE"

_SENTENCES = {
    NOT_ELIGIBLE: "Sinch says the number cannot be hosted: check the number and its present carrier with Sinch.",
    REFUSED_BY_SINCH: "Sinch refused to take the number for qualification: read the message and correct it.",
    ELIGIBILITY_DEADLINE_PASSED: "The eligibility check gave no answer in time: ask Sinch, then retry.",
    INVOICES_NOT_SENT: "The invoice mail was refused or a file is missing: correct it, then retry.",
    INVOICE_REFUSED: "The invoices did not prove ownership: send ones that list the number, or verify by voice.",
    INVOICE_REVIEW_DEADLINE_PASSED: "The invoice review gave no answer in time: ask orders@sinch.com, then retry.",
    VERIFICATION_BLOCKED: "Sinch blocked the verification of this number: ask Sinch support to lift the block.",
    VOICE_CODE_NOT_ENTERED: "No right code was entered in time: have somebody at the phone, then retry.",
    ALREADY_TEXT_ENABLED: "The number is hosted at Sinch already: compare its service plan and campaign.",
    ALREADY_IN_A_HOSTING_ORDER: "The number is in another hosting order: wait for that order or ask Sinch to void it.",
    ORDER_REFUSED: "Sinch refused the hosting order: read the message, correct plan, campaign or LOA, then retry.",
    ORDER_REJECTED: "The hosting order was rejected or its LOA declined: correct the LOA, then retry.",
    LOA_DEADLINE_PASSED: "The LOA was not signed in time: ask Sinch to void the order, correct the signer, then retry.",
    CARRIER_DEADLINE_PASSED: "Carrier work did not end in time: ask Sinch how the hosting order stands.",
    OSR_UPDATE_FAILED: "The routing registry (OSR) update failed: ask Sinch who holds the number, then retry.",
    SMS_PROVISIONING_FAILED: "The number was not added to the service plan: check the plan, then retry.",
    CAMPAIGN_PROVISIONING_FAILED: "The campaign link failed: contact Sinch with the hosting order, then retry.",
    T_MOBILE_MIGRATION_REQUIRED: "T-Mobile answers 60135: have the former aggregator release the number.",
    LINK_AGAIN_REFUSED: "Sinch did not take the link again: read the message, correct plan or campaign, then retry.",
    HOSTING_FAILED: "Sinch reports that hosting failed without saying where: ask Sinch with the hosting order id.",
    ADOPTED: "The number was imported already with the same plan and campaign: nothing had to be changed.",
    ALREADY_IMPORTED: "The number is imported already with another plan or campaign: compare them, then relink it.",
    IMPORT_REFUSED: "Sinch refused the import: read the message, correct number, plan or campaign, then retry.",
    NUMBER_TAKEN: "Sinch says the number is taken and does not show it here: ask Sinch which project has it.",
    NO_LONGER_IMPORTED: "The number was removed from the project while it was imported: see why, then retry.",
    SKIPPED_BY_OPERATOR: "An operator took the number out of the batch: add it to another batch to go on.",
    CANCELLED_BY_OPERATOR: "The batch was cancelled before the number was ordered: add it to another batch.",
    ENDED_OUTSIDE: "The workflow was ended from outside: see what exists at Sinch, then start the number again.",
    NOT_IMPORTED: "The number is not imported in this Sinch project: check number, profile and hosting order.",
    NO_SERVICE_PLAN: "The number has no service plan, which a campaign needs: add one, then retry.",
    LINK_UNDER_WAY: "Sinch is just linking the number to something else: wait until that is through, then retry.",
    LINKED_ALREADY: "The number was linked as wanted before anything was changed: nothing has to be done.",
    UNLINK_REFUSED: "Sinch refused to unlink the number and nothing was changed: read the message, then retry.",
    UNLINK_FAILED: "Sinch did not get the number unlinked: ask Sinch about the number, then retry.",
    UNLINK_DEADLINE_PASSED: "The unlinking did not end in time: ask Sinch how the number stands, then retry.",
    LINK_REFUSED: "Sinch refused the link: read the message, then retry or link the number back.",
    LINK_DEADLINE_PASSED: "The linking did not end in time: ask Sinch about it, then retry or link the number back.",
    LINKED_BACK: "The number could not be relinked and was linked back: correct what had failed, then start it again.",
    RELINKING_SKIPPED: "An operator left the number as it was: see what it is linked to, then start it again.",
    REMOVAL_REFUSED: "Sinch refused to remove the number: read the message, wait for its hosting order, then retry.",
    REMOVAL_DEADLINE_PASSED: "Sinch still shows the number after its removal: ask Sinch about the number.",
    NOTHING_TO_REMOVE: "The number is not in this Sinch project: check the number and the profile.",
    "CAMPAIGN_NOT_AVAILABLE": "The campaign is unknown: check its id and that Sinch is its DCA and has accepted it.",
    "EXCEEDED_10DLC_LIMIT": "The campaign is full (50 numbers; Sole Proprietor 1): use another campaign.",
    "NUMBER_PROVISIONING_FAILED": "The number was not put on the campaign: ask Sinch to do it, or use another number.",
    "PARTNER_SERVICE_UNAVAILABLE": "A partner of Sinch was down and Sinch has stopped trying: retry later.",
    "CAMPAIGN_PENDING_ACCEPTANCE": "Sinch has not accepted the campaign yet: wait up to 24 hours, then retry.",
    "MNO_SHARING_ERROR": "The campaign is not shared with the carriers: check its T-Mobile and AT&T data at TCR.",
    "CAMPAIGN_EXPIRED": "The campaign has expired: renew it or use another one.",
    "CAMPAIGN_MNO_REJECTED": "A carrier refused the campaign: correct it at TCR or use another one.",
    "CAMPAIGN_MNO_SUSPENDED": "A carrier suspended the campaign: settle it through Sinch, then retry.",
    "CAMPAIGN_MNO_REVIEW": "A carrier is reviewing the campaign: wait for the review, then retry.",
    "INSUFFICIENT_BALANCE": "The account has no credit: top it up, then retry.",
    "MOCK_CAMPAIGN_NOT_ALLOWED": "Mock campaigns carry no real numbers: use a real campaign.",
    "TFN_NOT_ALLOWED": "A toll-free number cannot be on this campaign: text-enable it as toll-free.",
    "INVALID_NNID": "The NNID is wrong: have the account manager confirm it, then retry.",
    "INTERNAL_ERROR": "Sinch had an internal error: contact Sinch support with the hosting order id.",
}


def reason(code: str, said: str = "") -> Reason:
    """The reason for `code`; `said` (Sinch's own words, if any) is added behind our sentence."""
    sentence = _SENTENCES.get(code, f"Sinch reports {code}: ask Sinch support with the hosting order id.")
    return Reason(code=code, sentence=f"{sentence} Sinch said: {said}" if said else sentence)
