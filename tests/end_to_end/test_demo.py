"""`onboard demo`: what `make demo` runs and what it leaves behind."""

import json
import signal
from pathlib import Path

import pytest

from tests.end_to_end.batches import ends, expected_ends
from tests.end_to_end.listening import listening_parts, ports_of
from tests.end_to_end.site import until
from tests.starter.onboard_command import Onboard

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300), pytest.mark.usefixtures("temporal_cli")]

_NUMBERS = Path(__file__).parents[2] / "examples" / "numbers.csv"


async def test_the_demo_brings_every_number_to_the_end_its_card_promises_and_leaves_no_process(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    ended = await Onboard(tmp_path)("demo", "--folder", folder)
    assert ended.code == 0, ended.stderr
    report = json.loads((folder / "report.json").read_text())
    numbers = _NUMBERS.read_text().split()[1:]

    assert len(numbers) == 25
    assert ends(report["numbers"]) == expected_ends(numbers)
    assert [row["phone_number"] for row in report["numbers"]] == numbers
    assert set(report["numbers"][0]) == {"phone_number", "stage", "reason", "hosting_order_id"}
    assert {row["hosting_order_id"] for row in report["numbers"] if row["stage"] == "DONE"} <= {
        order["hosting_order_id"] for order in report["hosting_orders"]
    }
    assert sum(order["done"] for order in report["hosting_orders"]) == 16
    assert (report["batch"], report["invoice_mails"]) == ("demo", 1)
    assert report["callbacks_received"] > 0
    assert report["history_events"] > 0

    assert f"Web UI: {report['web_ui']}" in ended.stderr
    assert report["web_ui"].startswith("http://127.0.0.1:")
    assert all(f"{number}  {stage}" in ended.stdout for number, (stage, _) in ends(report["numbers"]).items())
    assert await listening_parts(folder) == []


async def test_a_demo_that_is_told_twice_to_end_while_it_works_takes_all_its_processes_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    onboard = Onboard(tmp_path)
    async with onboard.started("demo", "--folder", folder) as process:

        async def is_up() -> bool:
            return (folder / "environment").exists()

        await until(is_up, "the stack is up")
        assert len(await listening_parts(folder)) == len(ports_of(folder))
        process.send_signal(signal.SIGTERM)

        async def is_stopping() -> bool:
            return len(await listening_parts(folder)) < len(ports_of(folder))

        await until(is_stopping, "the first part is gone")
        process.send_signal(signal.SIGTERM)
        ended = await onboard.ended(process)
    assert ended.code == 130
    assert await listening_parts(folder) == []
