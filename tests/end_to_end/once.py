"""What the simulated Sinch has seen of a batch happened once."""

from collections import Counter

from tests.end_to_end.site import Site
from tests.end_to_end.voice_operator import VoiceOperator


async def assert_that_nothing_was_done_twice(site: Site, operator: VoiceOperator) -> None:
    """One order a number, no call but those asked for, one invoice mail, however often it was delivered."""
    ordered = Counter(
        number for order in await site.world.ledger("hosting_order") for number in order["details"]["numbers"]
    )
    assert set(ordered.values()) == {1}
    called = Counter(call["subject"] for call in await site.world.ledger("voice_call"))
    assert called
    assert {number: calls for number, calls in called.items() if calls > 1 + operator.calls_requested[number]} == {}
    assert len({mail["subject"] for mail in await site.world.ledger("invoice_mail")}) == 1
