"""The legacy Number Administration API put together: who may call, what can be rented, who has rented it."""

from decimal import Decimal

from simulator.clock import VirtualClock
from simulator.draws import Draws
from simulator.errors import not_found
from simulator.ledger import Ledger
from simulator.legacy_access import LegacyAccess
from simulator.legacy_organisations import Organisation, RentedNumber
from simulator.legacy_settings import LegacySettings
from simulator.legacy_shop import Shop


class LegacyAdministration:
    """All organisations of the legacy hosts, and the one shop that they rent from."""

    def __init__(self, settings: LegacySettings, clock: VirtualClock, draws: Draws, ledger: Ledger) -> None:
        self.access = LegacyAccess(settings)
        self.shop = Shop(clock, draws, ledger, settings.reservation_seconds)
        self.organisations = {
            account.organisation_id: Organisation(account, clock, ledger) for account in settings.accounts
        }
        self._rivals: dict[tuple[str, str], list[int]] = {}

    def check_out(self, organisation: Organisation, reference_ids: list[str]) -> None:
        """Rent what is reserved, all or nothing. Raises ApiError 40400, 42200 or 40200."""
        reservations = self.shop.reservations(organisation.organisation_id, reference_ids)
        organisation.pay(sum((reservation.cost for reservation in reservations), Decimal(0)))
        self.shop.take(reference_ids)
        for reservation in reservations:
            organisation.rent(reservation)

    def overwrite(
        self, organisation: Organisation, application_key: str, capability: str, numbers: list[int]
    ) -> list[RentedNumber]:
        """Make these the numbers of an application; somebody else who was waiting for that overwrites them at once."""
        chosen = organisation.overwrite(application_key, capability, numbers)
        rival = self._rivals.pop((application_key, capability), None)
        if rival is not None:
            organisation.overwrite(application_key, capability, rival)
        return chosen

    def somebody_else(self, application_key: str, capability: str, numbers: list[int], *, at_once: bool) -> None:
        """Have somebody else overwrite an application's list, at once or right after its next change by a request.

        Raises ApiError 404 for an application that nobody has.
        """
        organisation = self._organisation_of(application_key)
        if at_once:
            organisation.overwrite(application_key, capability, numbers)
        else:
            self._rivals[application_key, capability] = numbers

    def _organisation_of(self, application_key: str) -> Organisation:
        for organisation in self.organisations.values():
            if application_key in organisation.application_keys:
                return organisation
        raise not_found("application", application_key)
