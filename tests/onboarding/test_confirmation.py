"""What differs at Sinch from what was asked is a finding, and nothing else is."""

from pathlib import Path
from typing import Any

import pytest

from onboarding.batch import NumberType
from onboarding.confirmation import (
    CarrierRecord,
    FindingCode,
    ImportedNumberRecords,
    LinkRecord,
    OrderNumberRecords,
    Wanted,
    findings,
)
from onboarding.findings import Finding

PLAN, CAMPAIGN, ORDER = "07d6c2621f364b68856fe4938b7bb78f", "C3O8OGA", "01arz3ndektsv4rrffq69g5fav"
WANTED = Wanted(service_plan_id=PLAN, campaign_id=CAMPAIGN)
RECORDS = ("smsAtt", "smsTmo", "mmsAtt", "mmsTmo")


def _carriers(**changes: Any) -> tuple[CarrierRecord, ...]:
    """All four carriers are done, but for the changes to T-Mobile's SMS."""
    done = {"state": "DONE", "operation": "PROVISIONING"}
    return tuple(CarrierRecord(record=name, **(done | changes if name == "smsTmo" else done)) for name in RECORDS)


ORDER_NUMBER = OrderNumberRecords(osr_state="DONE", nnid="104029", carriers=_carriers())


def _linked(service_id: str, **changes: Any) -> LinkRecord:
    return LinkRecord(**{"id": service_id, "operation": "PROVISIONING", "state": "DONE"} | changes)


def _imported(**changes: Any) -> ImportedNumberRecords:
    as_asked = {"service_plan": _linked(PLAN), "campaign": _linked(CAMPAIGN), "carriers": _carriers()}
    return ImportedNumberRecords(**as_asked | changes)


def _found(
    imported: ImportedNumberRecords | None,
    order: OrderNumberRecords | None = ORDER_NUMBER,
    wanted: Wanted = WANTED,
    order_id: str | None = ORDER,
) -> list[str]:
    return [finding.code for finding in findings(wanted, order, imported, hosting_order_id=order_id)]


def test_a_number_that_is_as_asked_has_no_findings() -> None:
    assert _found(_imported()) == []


def test_a_number_that_sinch_does_not_have_is_found_missing() -> None:
    assert _found(None) == [FindingCode.NOT_IMPORTED]


def test_a_number_that_its_order_does_not_list_is_a_finding_only_where_there_is_an_order() -> None:
    assert _found(_imported(), order=None) == [FindingCode.NOT_IN_THE_ORDER]
    assert _found(_imported(), order=None, order_id=None) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"service_plan": _linked("another")}, FindingCode.SERVICE_PLAN_DIFFERS),
        ({"service_plan": _linked("")}, FindingCode.SERVICE_PLAN_NOT_LINKED),
        ({"service_plan": _linked("", operation="DEPROVISIONING")}, FindingCode.SERVICE_PLAN_NOT_LINKED),
        ({"service_plan": _linked(PLAN, state="FAILED")}, FindingCode.SERVICE_PLAN_NOT_LINKED),
        (
            {"service_plan": _linked(PLAN, operation="DEPROVISIONING", state="IN_PROGRESS")},
            FindingCode.SERVICE_PLAN_BEING_UNLINKED,
        ),
        ({"campaign": _linked("another")}, FindingCode.CAMPAIGN_DIFFERS),
        ({"campaign": _linked("")}, FindingCode.CAMPAIGN_NOT_LINKED),
        ({"campaign": _linked("", state="IN_PROGRESS")}, FindingCode.CAMPAIGN_NOT_LINKED),
        (
            {"campaign": _linked(CAMPAIGN, operation="DEPROVISIONING", state="WAITING")},
            FindingCode.CAMPAIGN_BEING_UNLINKED,
        ),
        ({"carriers": _carriers(state="FAILED")}, FindingCode.CARRIER_FAILED),
        ({"carriers": _carriers(error_code="60135")}, FindingCode.CARRIER_FAILED),
        ({"carriers": _carriers(state="WAITING")}, FindingCode.CARRIER_NOT_DONE),
        ({"carriers": _carriers(operation="DEPROVISIONING")}, FindingCode.CARRIER_NOT_DONE),
    ],
)
def test_one_thing_that_differs_is_one_finding(changed: dict[str, Any], code: FindingCode) -> None:
    assert _found(_imported(**changed)) == [code]


@pytest.mark.parametrize("state", ["WAITING", "IN_PROGRESS", "FAILED"])
def test_an_osr_update_that_is_not_done_is_a_finding(state: str) -> None:
    assert _found(_imported(), OrderNumberRecords(osr_state=state)) == [FindingCode.OSR_NOT_UPDATED]


def test_an_order_without_osr_update_such_as_an_import_misses_none() -> None:
    assert _found(_imported(), OrderNumberRecords(osr_state="STATE_UNSPECIFIED")) == []


def test_nnid_and_display_name_are_compared_where_they_were_asked_for() -> None:
    wanted = WANTED.model_copy(update={"nnid": "110001", "display_name": "Front desk"})
    assert _found(_imported(display_name="Reception"), wanted=wanted) == [
        FindingCode.NNID_DIFFERS,
        FindingCode.DISPLAY_NAME_DIFFERS,
    ]
    assert _found(_imported(display_name="Reception")) == []


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(service_plan_id=PLAN),
        WANTED.model_copy(update={"number_type": NumberType.TOLL_FREE}),
        WANTED.model_copy(update={"region": "CA"}),
    ],
    ids=["no campaign", "toll-free", "Canada"],
)
def test_a_number_without_campaign_records_misses_neither_campaign_nor_carriers(wanted: Wanted) -> None:
    bare = _imported(campaign=LinkRecord(), carriers=_carriers(state="WAITING"))
    assert _found(bare, wanted=wanted) == []


def test_a_campaign_that_nobody_asked_for_is_a_finding() -> None:
    (finding,) = findings(Wanted(service_plan_id=PLAN), ORDER_NUMBER, _imported())
    assert finding.code == FindingCode.CAMPAIGN_DIFFERS
    assert finding.sentence.startswith(f"Asked for no campaign; the number is on {CAMPAIGN}: ")


def test_carriers_that_follow_the_campaign_out_are_not_five_findings() -> None:
    unlinked = LinkRecord(id="", operation="DEPROVISIONING", state="DONE")
    leaving = tuple(record._replace(operation="DEPROVISIONING") for record in _carriers())
    assert _found(_imported(campaign=unlinked, carriers=leaving)) == [FindingCode.CAMPAIGN_NOT_LINKED]


def test_a_carrier_that_says_nothing_is_no_finding() -> None:
    assert _found(_imported(carriers=_carriers(state="STATE_UNSPECIFIED", operation=None))) == []


def test_the_carriers_of_the_order_count_where_the_imported_number_is_missing() -> None:
    order = OrderNumberRecords(osr_state="DONE", carriers=_carriers(state="FAILED", error_code="60135"))
    assert _found(None, order) == [FindingCode.NOT_IMPORTED, FindingCode.CARRIER_FAILED]
    assert _found(_imported(), order) == []


def test_every_finding_says_what_was_asked_what_is_and_what_to_do_next() -> None:
    wanted = WANTED.model_copy(update={"nnid": "110001", "display_name": "Front desk"})
    broken = _imported(
        service_plan=_linked("another"),
        campaign=_linked("", state="FAILED", error_code="CAMPAIGN_EXPIRED", error_message="The campaign is over."),
        carriers=_carriers(state="FAILED", error_code="60135", error_message="Migrate it."),
    )
    order = OrderNumberRecords(osr_state="FAILED", nnid="104029")
    found = findings(wanted, order, broken, hosting_order_id=ORDER)
    assert len(found) == 6
    for finding in found:
        _is_complete(finding)
    said = " ".join(finding.sentence for finding in found)
    for detail in (PLAN, "another", CAMPAIGN, "CAMPAIGN_EXPIRED", "The campaign is over.", "smsTmo", "60135", ORDER):
        assert detail in said


def test_the_operators_guide_explains_every_code() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    assert not [code for code in FindingCode if f"`{code}`" not in guide]


def _is_complete(finding: Finding) -> None:
    asked, _, rest = finding.sentence.partition("; ")
    is_now, _, next_step = rest.partition(": ")
    assert asked.startswith("Asked for ")
    assert is_now
    assert next_step.endswith(".")
