"""Import orders: created once, with the limit of five, and which numbers have to go alone where one is refused."""

from pathlib import Path

import pytest

from activities.document_store import DocumentStore
from activities.hosting_orders import HostingOrders
from activities.import_rows import ImportRows
from activities.imports import Imports
from onboarding.calls.documents import GroupRows, ResultRow
from onboarding.calls.hosting_orders import ObserveOrder
from onboarding.calls.imports import KeepRows, RemoveImported
from onboarding.errors import FailureType
from onboarding.stages import Stage
from tests.activities.import_requests import IMPORT_NAME, import_of
from tests.activities.run_activity import failed, is_final, is_retried, run
from tests.activities.simulated_sinch import LIST_ORDERS, SimulatedSinch, connect, numbers
from tests.activities.test_activity_import_number import A_DAY, LOST_ANSWERS, REFUSED_BY_T_MOBILE

IMPORT_ORDER = "HostingOrderService_ImportNumbers"
FIVE = numbers(5)


async def _ordered(sinch: SimulatedSinch) -> list[str]:
    return [entry["subject"] for entry in await sinch.ledger("hosting_order")]


async def test_five_numbers_are_ordered_under_a_name_of_their_own(sinch: SimulatedSinch) -> None:
    created = (await run(Imports(sinch.client, None).order, import_of(FIVE))).created
    assert created is not None
    order = await sinch.client.hosting_orders.get(created.hosting_order_id)
    assert (order.type, order.display_name, order.state) == ("IMPORT", IMPORT_NAME, created.state)
    assert order.migrate_to_sinch_tmo is False


async def test_more_than_the_limit_is_not_sent(sinch: SimulatedSinch) -> None:
    failure = await failed(Imports(sinch.client, None).order, import_of(numbers(6)))
    assert is_final(failure, FailureType.INVALID_ARGUMENT)
    assert await sinch.requests(IMPORT_ORDER) == 0


@pytest.mark.parametrize(("fault", "kind"), LOST_ANSWERS, ids=str)
async def test_an_order_whose_answer_was_lost_is_found_and_not_created_again(
    sinch: SimulatedSinch, fault: dict[str, object], kind: FailureType
) -> None:
    await sinch.tell("faults", {"operation": IMPORT_ORDER, **fault})
    async with connect(sinch.endpoints, timeout=1.0) as client:
        assert is_retried(await failed(Imports(client, None).order, import_of(FIVE)), kind)
    created = (await run(Imports(sinch.client, None).order, import_of(FIVE), attempt=2)).created
    assert created is not None
    assert [created.hosting_order_id] == await _ordered(sinch)


async def test_a_conflict_with_its_own_order_finds_that_order(sinch: SimulatedSinch) -> None:
    imports = Imports(sinch.client, None)
    first = await run(imports.order, import_of(FIVE))
    assert await run(imports.order, import_of(FIVE)) == first


async def test_a_second_attempt_that_cannot_look_sends_nothing(sinch: SimulatedSinch) -> None:
    await sinch.fail(LIST_ORDERS, status=503)
    failure = await failed(Imports(sinch.client, None).order, import_of(FIVE), attempt=2)
    assert is_retried(failure, FailureType.UNAVAILABLE)
    assert await sinch.requests(IMPORT_ORDER) == 0


async def test_of_a_refused_order_the_imported_number_goes_alone(sinch: SimulatedSinch) -> None:
    imports = Imports(sinch.client, None)
    await run(imports.import_number, import_of(FIVE[2:3], display_name="depots import 0001"))
    answer = await run(imports.order, import_of(FIVE))
    assert (answer.created, answer.alone) == (None, (FIVE[2],))
    assert "already imported" in answer.message
    assert not answer.busy


async def test_a_number_in_another_order_that_goes_on_is_busy(sinch: SimulatedSinch) -> None:
    imports = Imports(sinch.client, None)
    await run(imports.order, import_of(FIVE[:2], display_name="depots import 0001"))
    answer = await run(imports.order, import_of(FIVE[:1]))
    assert (answer.created, answer.alone, answer.busy) == (None, tuple(FIVE[:1]), True)


async def test_of_a_refused_order_all_go_alone_where_sinch_shows_nothing(sinch: SimulatedSinch) -> None:
    imports = Imports(sinch.client, None)
    await run(imports.order, import_of(FIVE[:2], display_name="depots import 0001"))
    answer = await run(imports.order, import_of(FIVE))
    assert (answer.created, answer.alone) == (None, tuple(FIVE))


async def test_of_an_order_that_breaks_a_rule_of_sinch_all_go_alone(sinch: SimulatedSinch) -> None:
    given = ["+442079460000", *FIVE[:2]]
    answer = await run(Imports(sinch.client, None).order, import_of(given))
    assert (answer.created, answer.alone) == (None, tuple(given))
    assert await _ordered(sinch) == []


async def test_a_number_that_t_mobile_refuses_is_migrated_once_it_is_removed(sinch: SimulatedSinch) -> None:
    imports = Imports(sinch.client, None)
    await run(imports.import_number, import_of([REFUSED_BY_T_MOBILE]))
    await sinch.advance(hours=A_DAY)
    migration = import_of([REFUSED_BY_T_MOBILE], display_name="shops import 0002", migrate_to_sinch_tmo=True)
    assert (await run(imports.order, migration)).alone == (REFUSED_BY_T_MOBILE,)
    await run(imports.remove, RemoveImported(phone_numbers=(REFUSED_BY_T_MOBILE,)))
    created = (await run(imports.order, migration)).created
    assert created is not None
    await sinch.advance(hours=A_DAY)
    observing = ObserveOrder(hosting_order_id=created.hosting_order_id)
    observed = await run(HostingOrders(sinch.client, None).observe, observing)
    assert [(record.platform, record.campaign) for record in observed.records] == [("DONE", "DONE")]


async def test_rows_of_a_slice_come_together_and_a_later_row_goes_before_an_earlier_one(tmp_path: Path) -> None:
    store = DocumentStore(str(tmp_path))
    keep = ImportRows(store).keep
    first = tuple(ResultRow(phone_number=n, stage=Stage.FAILED) for n in FIVE[:2])
    later = tuple(ResultRow(phone_number=n, stage=Stage.DONE) for n in FIVE[1:3])
    kept = await run(keep, KeepRows(rows=GroupRows(batch="shops", sequence=1, rows=first)))
    kept = await run(keep, KeepRows(rows=GroupRows(batch="shops", sequence=1, rows=later), earlier=kept.file))
    rows = GroupRows.model_validate_json(await store.read(kept.file)).rows
    assert {row.phone_number: row.stage for row in rows} == dict(
        zip(FIVE[:3], [Stage.FAILED, Stage.DONE, Stage.DONE], strict=True)
    )
