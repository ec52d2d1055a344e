"""Courses of one number through a hosting order as Sinch would run them, and all that can be seen of them.

Sinch API: states of a hosting order, per number in an order, callback event types, failure codes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from onboarding import reasons
from onboarding.model import Model
from onboarding.observations import (
    CAMPAIGN_LINK,
    HOSTING_PROCESS,
    OSR_UPDATE,
    PLATFORM_PROVISIONING,
    CallbackEvent,
    CarrierError,
    OrderRecords,
    OrderSeen,
)
from onboarding.stages import Stage

PHONE_NUMBER = "+12025550134"
CREATED = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""When Sinch created the order."""

FAILURE_CODES = (
    "CAMPAIGN_NOT_AVAILABLE",
    "EXCEEDED_10DLC_LIMIT",
    "NUMBER_PROVISIONING_FAILED",
    "PARTNER_SERVICE_UNAVAILABLE",
    "CAMPAIGN_PENDING_ACCEPTANCE",
    "MNO_SHARING_ERROR",
    "CAMPAIGN_PROVISIONING_FAILED",
    "CAMPAIGN_EXPIRED",
    "CAMPAIGN_MNO_REJECTED",
    "CAMPAIGN_MNO_SUSPENDED",
    "CAMPAIGN_MNO_REVIEW",
    "INSUFFICIENT_BALANCE",
    "MOCK_CAMPAIGN_NOT_ALLOWED",
    "TFN_NOT_ALLOWED",
    "INVALID_NNID",
)
FINAL_CODES = {"CAMPAIGN_EXPIRED", "CAMPAIGN_MNO_REJECTED", "MOCK_CAMPAIGN_NOT_ALLOWED", "TFN_NOT_ALLOWED"}
EVENT_TYPES = {
    "osr": OSR_UPDATE,
    "platform": PLATFORM_PROVISIONING,
    "campaign": CAMPAIGN_LINK,
    "hosting": HOSTING_PROCESS,
}
RECORD_FAILURES = {
    "osr": reasons.OSR_UPDATE_FAILED,
    "platform": reasons.SMS_PROVISIONING_FAILED,
    "campaign": reasons.CAMPAIGN_PROVISIONING_FAILED,
}
_OFTEN = st.sampled_from([True, True, True, False])
_SELDOM = st.sampled_from([False, False, False, True])

MIGRATION = CarrierError(record="smsTmo", code="60135", message="The number belongs to another aggregator.")
MMS_TROUBLE = CarrierError(record="mmsAtt", code="7001", message="MMS is not available.")


@dataclass(frozen=True)
class Course:
    """What happened to one number, from the creation of its order to the order's end."""

    campaign_expected: bool
    ends: dict[str, str]
    """Record (`osr`, `platform`, `campaign`, `hosting`) -> `DONE` or `FAILED`; without those that never ended."""
    codes: dict[str, str]
    """Record -> failure code that its event carried."""
    order_end: str
    order_states: tuple[OrderSeen, ...]
    events: tuple[CallbackEvent, ...]
    snapshots: tuple[OrderRecords, ...]
    """The records after every step, the last time read after the order's end."""

    @property
    def observations(self) -> tuple[Model, ...]:
        """Everything that can be seen, as it happens."""
        return (*self.order_states, *self.events, *self.snapshots)

    @property
    def settled(self) -> OrderRecords:
        """The last word."""
        return self.snapshots[-1]

    @property
    def is_told_by_events(self) -> bool:
        """False where the order was rejected and Sinch said nothing about the number."""
        return "hosting" in self.ends

    @property
    def is_done(self) -> bool:
        """True where everything that SMS needs went well."""
        needed = ["platform", "campaign"] if self.campaign_expected else ["platform"]
        return all(self.ends.get(record) == "DONE" for record in needed) and self.ends.get("osr") != "FAILED"

    def stage(self, *, from_events: bool = True, from_records: bool = True) -> Stage:
        """Where all events, or the records read last, bring the number; PROVISIONING: its campaign link recovers."""
        if self.is_done:
            return Stage.DONE
        link_failed = self.campaign_expected and self.ends.get("campaign") == "FAILED"
        not_hosted = "FAILED" in (self.ends.get("osr"), self.ends.get("platform"))
        ended_without = from_records and (self.order_end == "REJECTED" or not link_failed)
        link_codes = {code for record, code in self.codes.items() if record in ("campaign", "hosting")}
        told_final = from_events and link_codes & FINAL_CODES
        return Stage.FAILED if not_hosted or ended_without or told_final else Stage.PROVISIONING

    def reason_code(self, *, from_events: bool, from_records: bool) -> str | None:
        """Why the number failed, as far as all events, or the records read last, can tell."""
        if self.is_done:
            return None
        if from_records and MIGRATION in self.settled.carrier_errors:
            return reasons.T_MOBILE_MIGRATION_REQUIRED
        if from_events and self.codes:
            return next(self.codes[record] for record in EVENT_TYPES if record in self.codes)
        failed = [record for record in RECORD_FAILURES if self.ends.get(record) == "FAILED"]
        if failed:
            return RECORD_FAILURES[failed[0]]
        return reasons.ORDER_REJECTED if from_records and self.order_end == "REJECTED" else reasons.HOSTING_FAILED


@st.composite
def courses(draw: st.DrawFn, created: datetime = CREATED) -> Course:
    """With and without campaign, LOA and OSR update; failures at every step; rejected at every step."""
    campaign_expected = draw(_OFTEN, "campaign expected")
    records = ["platform", "campaign"] if campaign_expected else ["platform"]
    if draw(_OFTEN, "OSR update applies"):
        records.insert(0, "osr")
    steps = draw(_steps(records))
    order_end = "COMPLETED"
    if draw(_SELDOM, "rejected"):
        order_end = "REJECTED"
        steps = steps[: draw(st.integers(0, len(steps)), "steps before the rejection")]
    ends = {record: state for record, state in steps if state in ("DONE", "FAILED")}
    hosting = draw(_hosting(records, ends, order_end), "hosting")
    if hosting:
        ends["hosting"] = hosting
    codes = {
        record: draw(st.sampled_from(FAILURE_CODES))
        for record, state in ends.items()
        if state == "FAILED" and record != "platform" and draw(_OFTEN, f"{record} says why")
    }
    return Course(
        campaign_expected=campaign_expected,
        ends=ends,
        codes=codes,
        order_end=order_end,
        order_states=tuple(draw(_order_states(steps, order_end))),
        events=tuple(_events(ends, codes, created)),
        snapshots=tuple(_snapshots(records, steps, draw(_carrier_errors(ends)), order_end)),
    )


@st.composite
def _steps(draw: st.DrawFn, records: list[str]) -> list[tuple[str, str]]:
    """(record, state it moves to), one after the other; a failed record stops the later ones, or does not."""
    steps: list[tuple[str, str]] = []
    go_on = draw(st.booleans(), "later records run after a failure")
    ends = st.sampled_from(["DONE", "FAILED"] if go_on else ["DONE", "DONE", "DONE", "FAILED"])
    for record in records:
        end = draw(ends, record)
        steps += [(record, "IN_PROGRESS"), (record, end)]
        if end == "FAILED" and not go_on:
            return steps
    if draw(_SELDOM, "the last record gets stuck"):
        steps.pop()
    return steps


def _hosting(records: list[str], ends: dict[str, str], order_end: str) -> st.SearchStrategy[str]:
    """End of the hosting process: all of the records together; the campaign may be told apart from the rest."""
    if all(ends.get(record) == "DONE" for record in records):
        return st.just("DONE")
    if order_end == "REJECTED":
        return st.sampled_from(["", "FAILED"])
    hosted = all(ends.get(record) == "DONE" for record in records if record != "campaign")
    if hosted and ends.get("campaign") == "FAILED":
        return st.sampled_from(["DONE", "FAILED"])
    return st.just("FAILED")


@st.composite
def _order_states(draw: st.DrawFn, steps: list[tuple[str, str]], order_end: str) -> list[OrderSeen]:
    loa = ["WAITING_FOR_LOA_SIGNATURE"] if draw(st.booleans(), "LOA to be signed") else []
    started = ["IN_PROGRESS"] if steps or order_end == "COMPLETED" else []
    return [OrderSeen(state=state) for state in ["SUBMITTED", *loa, *started, order_end]]


@st.composite
def _carrier_errors(draw: st.DrawFn, ends: dict[str, str]) -> tuple[CarrierError, ...]:
    errors = [MIGRATION] if ends.get("campaign") == "FAILED" and draw(_SELDOM, "60135") else []
    if "campaign" in ends and draw(st.booleans(), "MMS trouble"):
        errors.append(MMS_TROUBLE)
    return tuple(errors)


def _events(ends: dict[str, str], codes: dict[str, str], created: datetime) -> Iterator[CallbackEvent]:
    for minutes, (record, end) in enumerate(ends.items()):
        yield CallbackEvent(
            event_id=f"{created:%d}-{record}",
            phone_number=PHONE_NUMBER,
            event_type=EVENT_TYPES[record],
            status="SUCCEEDED" if end == "DONE" else "FAILED",
            failure_code=codes.get(record),
            timestamp=created + timedelta(minutes=minutes),
        )


def _snapshots(
    records: list[str], steps: list[tuple[str, str]], carrier_errors: tuple[CarrierError, ...], order_end: str
) -> Iterator[OrderRecords]:
    states = {record: "WAITING" if record in records else "STATE_UNSPECIFIED" for record in RECORD_FAILURES}
    yield OrderRecords(phone_number=PHONE_NUMBER, order_state="SUBMITTED", **states)
    errors: tuple[CarrierError, ...] = ()
    for record, state in steps:
        states[record] = state
        if record == "campaign" and state != "IN_PROGRESS":
            errors = carrier_errors
        yield OrderRecords(phone_number=PHONE_NUMBER, order_state="IN_PROGRESS", carrier_errors=errors, **states)
    yield OrderRecords(phone_number=PHONE_NUMBER, order_state=order_end, carrier_errors=errors, **states)


_UNKNOWN = st.sampled_from(["", "STATE_UNSPECIFIED", "HOSTING_ORDER_STATE_UNSPECIFIED", "UNKNOWN", "NEW_LITERAL"])
_NEWS_OF_NO_KNOWN_KIND = st.one_of(
    st.builds(
        CallbackEvent,
        event_type=st.sampled_from(["DELETE", "DEPROVISIONING_TO_SMS_PLATFORM", "UNLINK_TO_10DLC_CAMPAIGN", "NEW"]),
        status=st.sampled_from(["SUCCEEDED", "FAILED"]),
        failure_code=st.sampled_from([None, *FAILURE_CODES]),
    ),
    st.builds(
        CallbackEvent,
        event_type=st.sampled_from(sorted(EVENT_TYPES.values())),
        status=st.sampled_from(["", "IN_REVIEW", "BLOCKED", "EXPIRED", "NEW"]),
        failure_code=st.sampled_from([None, *FAILURE_CODES]),
    ),
    st.builds(OrderSeen, state=st.one_of(_UNKNOWN, st.just("DRAFT"))),
    st.builds(
        OrderRecords,
        phone_number=st.just(PHONE_NUMBER),
        osr=_UNKNOWN,
        platform=_UNKNOWN,
        campaign=_UNKNOWN,
        order_state=_UNKNOWN,
    ),
)


def _old_news(created: datetime) -> st.SearchStrategy[Model]:
    return st.builds(
        CallbackEvent,
        event_type=st.sampled_from(sorted(EVENT_TYPES.values())),
        status=st.sampled_from(["SUCCEEDED", "FAILED"]),
        failure_code=st.sampled_from([None, *FAILURE_CODES]),
        timestamp=st.timedeltas(timedelta(microseconds=1), timedelta(days=30)).map(lambda age: created - age),
    )


def noise(created: datetime = CREATED) -> st.SearchStrategy[Model]:
    """What must not change anything: unknown event types and literals, and events of before the order."""
    return st.one_of(_NEWS_OF_NO_KNOWN_KIND, _old_news(created))
