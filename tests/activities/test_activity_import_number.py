"""Importing one number: once under every fault, and what is made of a number that is imported already."""

import pytest
from pydantic import SecretStr

from activities.callback_address import CallbackAddress
from activities.imports import Imports
from onboarding.callback_tokens import read_token
from onboarding.calls.imports import ImportOutcome, ObserveImported, RemoveImported
from onboarding.errors import FailureType
from onboarding.imports import Likeness, likeness
from sinch_numbers import CreateImportedNumberRequest, RegionCode, SmsConfigurationToSend
from tests.activities.import_requests import IMPORT_NAME, import_of
from tests.activities.order_requests import CAMPAIGN, SERVICE_PLAN
from tests.activities.run_activity import WORKFLOW_ID, failed, is_retried, run
from tests.activities.simulated_sinch import SimulatedSinch, connect

IMPORT = "ImportNumberService_ImportNumber"
GET = "ImportNumberService_GetImportedNumber"
DELETE = "ImportNumberService_DeleteImportedNumber"
NUMBER, REFUSED_BY_T_MOBILE, PASSES_LATER = "+12025550134", "+12025556135", "+12025557004"
TOKEN_KEY = "k" * 32
A_DAY = 24
LOST_ANSWERS = [
    ({"kind": "status_after_commit", "status": 500}, FailureType.UNAVAILABLE),
    ({"kind": "timeout", "after_commit": True}, FailureType.OUTCOME_UNKNOWN),
    ({"kind": "cut_after"}, FailureType.OUTCOME_UNKNOWN),
]


async def _imported_by_somebody(
    sinch: SimulatedSinch, number: str = NUMBER, plan: str = SERVICE_PLAN, campaign: str = CAMPAIGN
) -> None:
    """Import a number as another system would, and let it be linked."""
    links = SmsConfigurationToSend(service_plan_id=plan, campaign_id=campaign)
    await sinch.client.imported_numbers.import_number(
        CreateImportedNumberRequest(phone_number=number, region_code=RegionCode.US, sms_configuration=links)
    )
    await sinch.advance(hours=A_DAY)


async def _imports(sinch: SimulatedSinch) -> int:
    return len(await sinch.ledger("imported_number"))


async def test_a_number_is_imported_with_plan_campaign_name_and_callback_address(sinch: SimulatedSinch) -> None:
    callbacks = CallbackAddress("https://callbacks.example.com", SecretStr(TOKEN_KEY))
    answer = await run(Imports(sinch.client, callbacks).import_number, import_of([NUMBER]))
    assert answer.outcome is ImportOutcome.UNDER_WAY
    assert answer.seen is not None
    assert (answer.seen.service_plan_id, answer.seen.campaign_id) == (SERVICE_PLAN, CAMPAIGN)
    assert answer.seen.updated is not None
    number = await sinch.client.imported_numbers.get(NUMBER)
    assert (number.display_name, number.region_code) == (IMPORT_NAME, "US")
    assert read_token((number.callback_url or "").rpartition("/")[2], TOKEN_KEY.encode()) == WORKFLOW_ID


@pytest.mark.parametrize(("fault", "kind"), LOST_ANSWERS, ids=str)
async def test_a_number_whose_answer_was_lost_is_followed_and_not_imported_again(
    sinch: SimulatedSinch, fault: dict[str, object], kind: FailureType
) -> None:
    await sinch.tell("faults", {"operation": IMPORT, **fault})
    async with connect(sinch.endpoints, timeout=1.0) as client:
        assert is_retried(await failed(Imports(client, None).import_number, import_of([NUMBER])), kind)
    answer = await run(Imports(sinch.client, None).import_number, import_of([NUMBER]), attempt=2)
    assert (answer.outcome, await _imports(sinch)) == (ImportOutcome.UNDER_WAY, 1)
    assert await sinch.requests(IMPORT) == 1


async def test_a_later_request_of_the_same_name_looks_first_too(sinch: SimulatedSinch) -> None:
    imports = Imports(sinch.client, None)
    await run(imports.import_number, import_of([NUMBER]))
    await sinch.advance(hours=A_DAY)
    answer = await run(imports.import_number, import_of([NUMBER], sent_before=True))
    assert (answer.outcome, await sinch.requests(IMPORT)) == (ImportOutcome.UNDER_WAY, 1)


async def test_a_request_that_never_arrived_is_sent_by_the_next_attempt(sinch: SimulatedSinch) -> None:
    imports = Imports(sinch.client, None)
    await sinch.fail(IMPORT, "cut_before")
    await failed(imports.import_number, import_of([NUMBER]))
    assert (await run(imports.import_number, import_of([NUMBER]), attempt=2)).outcome is ImportOutcome.UNDER_WAY
    assert await _imports(sinch) == 1


async def test_a_number_that_is_imported_alike_is_adopted_and_left_as_it_is(sinch: SimulatedSinch) -> None:
    await _imported_by_somebody(sinch)
    answer = await run(Imports(sinch.client, None).import_number, import_of([NUMBER]))
    assert answer.outcome is ImportOutcome.ADOPTED
    assert await sinch.ledger("imported_number_updated") == []


@pytest.mark.parametrize(("plan", "campaign"), [("f" * 32, CAMPAIGN), (SERVICE_PLAN, "COTHER1")])
async def test_a_number_that_is_linked_to_something_else_is_left_as_it_is(
    sinch: SimulatedSinch, plan: str, campaign: str
) -> None:
    await _imported_by_somebody(sinch, plan=plan, campaign=campaign)
    answer = await run(Imports(sinch.client, None).import_number, import_of([NUMBER]))
    assert answer.outcome is ImportOutcome.LINKED_ELSEWHERE
    assert answer.seen is not None
    assert (answer.seen.service_plan_id, answer.seen.campaign_id) == (plan, campaign)
    assert await sinch.ledger("imported_number_updated") == []


async def test_a_number_that_is_linked_to_nothing_is_linked_as_asked(sinch: SimulatedSinch) -> None:
    await _imported_by_somebody(sinch, plan="f" * 32, campaign="COTHER1")
    await sinch.client.imported_numbers.unlink(NUMBER)
    await sinch.advance(hours=A_DAY)
    answer = await run(Imports(sinch.client, None).import_number, import_of([NUMBER]))
    await sinch.advance(hours=A_DAY)
    number = await sinch.client.imported_numbers.get(NUMBER)
    links = (number.sms_configuration.service_plan_id, number.sms_configuration.campaign_id)
    assert (answer.outcome, links) == (ImportOutcome.UNDER_WAY, (SERVICE_PLAN, CAMPAIGN))
    assert await _imports(sinch) == 1


async def test_a_number_that_is_being_unlinked_is_refused_in_sinchs_words(sinch: SimulatedSinch) -> None:
    await _imported_by_somebody(sinch)
    await sinch.client.imported_numbers.unlink(NUMBER)
    answer = await run(Imports(sinch.client, None).import_number, import_of([NUMBER]))
    assert answer.outcome is ImportOutcome.REFUSED
    assert "still being unlinked" in answer.message


async def test_a_campaign_link_that_failed_is_tried_again(sinch: SimulatedSinch) -> None:
    imports = Imports(sinch.client, None)
    await run(imports.import_number, import_of([PASSES_LATER]))
    await sinch.advance(hours=A_DAY)
    (broken,) = (await run(imports.observe, ObserveImported(phone_numbers=(PASSES_LATER,)))).numbers
    assert (broken.campaign, broken.campaign_error) == ("FAILED", "PARTNER_SERVICE_UNAVAILABLE")
    again = import_of([PASSES_LATER], display_name="shops import 0002")
    assert (await run(imports.import_number, again)).outcome is ImportOutcome.UNDER_WAY
    await sinch.advance(hours=A_DAY)
    (linked,) = (await run(imports.observe, ObserveImported(phone_numbers=(PASSES_LATER,)))).numbers
    assert (linked.platform, linked.campaign) == ("DONE", "DONE")


async def test_a_number_in_an_order_of_somebody_else_is_taken(sinch: SimulatedSinch) -> None:
    order = (await run(Imports(sinch.client, None).order, import_of([NUMBER, "+12025550135"]))).created
    assert order is not None
    alone = import_of([NUMBER], display_name="depots import 0001")
    answer = await run(Imports(sinch.client, None).import_number, alone)
    assert answer.outcome is ImportOutcome.TAKEN
    assert order.hosting_order_id in answer.message


async def test_a_number_that_sinch_does_not_take_is_refused_in_its_words(sinch: SimulatedSinch) -> None:
    answer = await run(Imports(sinch.client, None).import_number, import_of(["+442079460000"]))
    assert answer.outcome is ImportOutcome.REFUSED
    assert "442079460000" in answer.message


async def test_what_t_mobile_says_is_seen(sinch: SimulatedSinch) -> None:
    imports = Imports(sinch.client, None)
    await run(imports.import_number, import_of([REFUSED_BY_T_MOBILE]))
    await sinch.advance(hours=A_DAY)
    observed = await run(imports.observe, ObserveImported(phone_numbers=(REFUSED_BY_T_MOBILE, NUMBER)))
    (seen,) = observed.numbers
    assert [(error.record, error.code) for error in seen.carrier_errors] == [("smsTmo", "60135")]
    assert likeness(seen, SERVICE_PLAN, CAMPAIGN) is Likeness.INCOMPLETE


async def test_numbers_are_removed_and_those_already_gone_count_as_gone(sinch: SimulatedSinch) -> None:
    await _imported_by_somebody(sinch)
    imports, both = Imports(sinch.client, None), RemoveImported(phone_numbers=(NUMBER, "+12025550199"))
    assert (await run(imports.remove, both)).gone == both.phone_numbers
    assert len(await sinch.ledger("imported_number_deleted")) == 1


async def test_a_removal_whose_answer_was_lost_is_made_sure_of(sinch: SimulatedSinch) -> None:
    await _imported_by_somebody(sinch)
    imports, request = Imports(sinch.client, None), RemoveImported(phone_numbers=(NUMBER,))
    await sinch.fail(DELETE, "cut_after")
    assert is_retried(await failed(imports.remove, request), FailureType.OUTCOME_UNKNOWN)
    assert (await run(imports.remove, request, attempt=2)).gone == (NUMBER,)


async def test_a_number_that_cannot_be_read_or_removed_holds_up_no_other(sinch: SimulatedSinch) -> None:
    await _imported_by_somebody(sinch)
    both = (NUMBER, "+12025550199")
    await sinch.fail(GET, status=503)
    observed = await run(Imports(sinch.client, None).observe, ObserveImported(phone_numbers=both))
    assert len(observed.unread) == 1
    await sinch.fail(DELETE, status=503)
    removed = await run(Imports(sinch.client, None).remove, RemoveImported(phone_numbers=both))
    assert len(removed.gone) == 1


async def test_numbers_that_sinch_answers_for_none_of_fail_the_read(sinch: SimulatedSinch) -> None:
    await sinch.fail(GET, status=503)
    failure = await failed(Imports(sinch.client, None).observe, ObserveImported(phone_numbers=(NUMBER,)))
    assert is_retried(failure, FailureType.UNAVAILABLE)
