"""A seed decides about the kills of a chaos run, and its batches cover every test card."""

from collections import Counter

from simulator.outcomes import card_of
from tests.chaos.numbers import ALL_CARDS, numbers_of_batch
from tests.chaos.schedule import Victim, kills_by_victim, schedule


def test_the_same_seed_kills_in_the_same_way_and_another_one_does_not() -> None:
    assert schedule(7, 100) == schedule(7, 100)
    assert schedule(7, 100) != schedule(8, 100)


def test_as_many_are_killed_as_was_asked_for_each_victim_early_and_two_at_once_now_and_then() -> None:
    for seed in range(20):
        strikes = schedule(seed, 100)
        assert sum(kills_by_victim(strikes).values()) == 100
        assert {victim for strike in strikes[:4] for victim in strike.victims} == set(Victim)
        assert {len(strike.victims) for strike in strikes} == {1, 2}


def test_a_batch_has_every_test_card_equally_often_and_no_number_twice() -> None:
    numbers = numbers_of_batch(0, 200)
    cards = Counter(card_of(number).digits for number in numbers)
    assert len(set(numbers)) == 200
    assert cards.keys() == {*ALL_CARDS, None}
    assert len({count for digits, count in cards.items() if digits}) == 1


def test_no_two_batches_share_a_number() -> None:
    assert not set(numbers_of_batch(0, 200)) & set(numbers_of_batch(1, 200))
