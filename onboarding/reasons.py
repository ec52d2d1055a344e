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
REMOVAL_UNANSWERED = "REMOVAL_UNANSWERED"
NOTHING_TO_REMOVE = "NOTHING_TO_REMOVE"
NOT_TO_BE_HAD = "NOT_TO_BE_HAD"
SEARCH_REFUSED = "SEARCH_REFUSED"
SEARCH_UNANSWERED = "SEARCH_UNANSWERED"
DOCUMENTS_NEEDED = "DOCUMENTS_NEEDED"
PRICE_NOT_COMPARABLE = "PRICE_NOT_COMPARABLE"
RENT_REFUSED = "RENT_REFUSED"
RENT_OUTCOME_UNKNOWN = "RENT_OUTCOME_UNKNOWN"
RENT_CANCELLED = "RENT_CANCELLED"
NO_LONGER_ACTIVE = "NO_LONGER_ACTIVE"
VOICE_PROVISIONING_FAILED = "VOICE_PROVISIONING_FAILED"
PROVISIONING_DEADLINE_PASSED = "PROVISIONING_DEADLINE_PASSED"
GIVEN_BACK = "GIVEN_BACK"
NOT_ACTIVE = "NOT_ACTIVE"
NOT_BEGUN = "NOT_BEGUN"
CHANGE_REFUSED = "CHANGE_REFUSED"
CHANGE_DEADLINE_PASSED = "CHANGE_DEADLINE_PASSED"
RELEASE_REFUSED = "RELEASE_REFUSED"
RELEASE_DEADLINE_PASSED = "RELEASE_DEADLINE_PASSED"
NOT_IN_THE_SHOP = "NOT_IN_THE_SHOP"
SPENDING_LIMIT_REACHED = "SPENDING_LIMIT_REACHED"
NOT_ENOUGH_CREDIT = "NOT_ENOUGH_CREDIT"
ACCOUNTING_NOT_SET_UP = "ACCOUNTING_NOT_SET_UP"
RENTING_REFUSED = "RENTING_REFUSED"
RENTED_BUT_NOT_SHOWN = "RENTED_BUT_NOT_SHOWN"
NOT_RENTED = "NOT_RENTED"
WITHOUT_CAPABILITY = "WITHOUT_CAPABILITY"
ASSIGNED_ELSEWHERE = "ASSIGNED_ELSEWHERE"
NOT_ASSIGNED = "NOT_ASSIGNED"
ASSIGNMENT_REFUSED = "ASSIGNMENT_REFUSED"
ASSIGNMENT_OVERWRITTEN = "ASSIGNMENT_OVERWRITTEN"

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
    REMOVAL_UNANSWERED: "The removal was cancelled before Sinch had answered: see whether the number is still there.",
    NOTHING_TO_REMOVE: "The number is not in this Sinch project: check the number and the profile.",
    NOT_IN_THE_SHOP: "The shop has no further number of this kind: see `onboard legacy shop`, then buy another kind.",
    SPENDING_LIMIT_REACHED: "The spending limit pays no further number: start a wish with a higher one.",
    NOT_ENOUGH_CREDIT: "The account's credit does not cover the numbers: top it up, then `onboard legacy retry`.",
    ACCOUNTING_NOT_SET_UP: "Accounting is not set up: have Sinch set it up, then `onboard legacy retry`.",
    RENTING_REFUSED: "Sinch refused to rent the number: read the message, correct the wish, then buy again.",
    RENTED_BUT_NOT_SHOWN: "Sinch took the checkout but does not show the number: ask Sinch, do not buy it again.",
    NOT_RENTED: "The account does not rent the number: check it against `onboard legacy rented`.",
    WITHOUT_CAPABILITY: "The number is not for this capability: use the one that it has.",
    ASSIGNED_ELSEWHERE: "Another application has the number: have it unassigned there, then assign it.",
    NOT_ASSIGNED: "The application does not have the number: nothing has to be done.",
    ASSIGNMENT_REFUSED: "Sinch did not change the application: check its key and the number, then assign it again.",
    ASSIGNMENT_OVERWRITTEN: "Somebody else keeps overwriting the application's list: have them stop, then retry.",
    NOT_TO_BE_HAD: "Sinch shows no further number of this kind: start another wish with a wider search.",
    SEARCH_REFUSED: "Sinch refused the search for numbers: read the message, then correct region, type or pattern.",
    SEARCH_UNANSWERED: "Sinch gave no answer to the search in time: see onboard doctor, then start another wish.",
    DOCUMENTS_NEEDED: "Sinch rents out such numbers against documents only: ask Sinch for them, or wish for others.",
    PRICE_NOT_COMPARABLE: "The price says nothing about the spending limit: compare both, then correct the limit.",
    RENT_REFUSED: "Sinch refused to rent the number out: read the message, correct the wish, then start it anew.",
    RENT_OUTCOME_UNKNOWN: "Whether a number was rented stayed unknown: see onboard active list, then ask Sinch.",
    RENT_CANCELLED: "The wish was cancelled before this number was rented: start another wish.",
    NO_LONGER_ACTIVE: "The number was released while it was provisioned: see who did that, then start another wish.",
    VOICE_PROVISIONING_FAILED: "The number was not linked for voice: check the app, the trunk or the fax service.",
    PROVISIONING_DEADLINE_PASSED: "The rented number was not provisioned in time: ask Sinch about the number.",
    GIVEN_BACK: "Not all numbers could be had, so this one was given back: start another wish for fewer.",
    NOT_ACTIVE: "The number is not active in this Sinch project: check the number and the profile.",
    NOT_BEGUN: "The work was cancelled before it had begun for this number: start it again for the number.",
    CHANGE_REFUSED: "Sinch refused to change the active number: read the message, then start it again.",
    CHANGE_DEADLINE_PASSED: "The change of the active number did not end in time: ask Sinch, then start it again.",
    RELEASE_REFUSED: "Sinch refused to release the number: read the message, then start it again.",
    RELEASE_DEADLINE_PASSED: "Whether a number was released stayed unknown: see onboard active show, then start again.",
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
