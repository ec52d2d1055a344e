"""Adding numbers to an application through an interface that can only overwrite its whole list.

Sinch announced a way to add single numbers in 2015 and never documented one.
"""

from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict

from sinch_numbers.legacy._models import Capability, RentedNumber


class Assignment(BaseModel):
    """What became of the wish to add numbers to an application; all numbers are E.164.

    on_the_list: the numbers of the application for the capability, as read after the change.
    refused: numbers wanted, or there before, that Sinch left out of its answer to the change. Sending the same again
        leaves them out again.
    lost: numbers that Sinch confirmed and that are gone from the list when it is read afterwards: somebody else has
        overwritten it meanwhile. Assign again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    application_key: str
    capability: Capability
    on_the_list: tuple[str, ...]
    refused: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def lost_a_race(self) -> bool:
        """Whether somebody else overwrote the list."""
        return bool(self.lost)

    @property
    def complete(self) -> bool:
        """Whether every number that is wanted, or was there before, is on the list."""
        return not self.refused and not self.lost


def numbers_for(capability: Capability, numbers: Iterable[RentedNumber]) -> tuple[str, ...]:
    """The numbers (E.164) among these that have the capability, in their order."""
    return tuple(number.number for number in numbers if capability in number.capabilities)


def merged(there: Iterable[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """Both, each number once, those that are there first."""
    return tuple(dict.fromkeys((*there, *wanted)))


def compared(
    application_key: str,
    capability: Capability,
    sent: Sequence[str],
    answered: Iterable[RentedNumber],
    read_afterwards: Iterable[RentedNumber],
) -> Assignment:
    """What became of the list that was sent, by Sinch's answer to it and by the list that was read afterwards."""
    confirmed = {number.number for number in answered}
    on_the_list = numbers_for(capability, read_afterwards)
    missing = [number for number in sent if number not in on_the_list]
    return Assignment(
        application_key=application_key,
        capability=capability,
        on_the_list=on_the_list,
        refused=tuple(number for number in missing if number not in confirmed),
        lost=tuple(number for number in missing if number in confirmed),
    )
