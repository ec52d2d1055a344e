"""Clients of the legacy Number Administration API for one profile, made when they are needed."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from temporalio.exceptions import ApplicationError

from activities.failures import CREDENTIALS_RETRY_DELAY
from onboarding.errors import FailureType
from processes.legacy_account import LegacyAccount
from processes.settings import InvalidSettings
from sinch_numbers.legacy import NumberAdministration


class LegacyClients:
    """One client for each organisation; most profiles have no account there and never need one."""

    def __init__(self, account: LegacyAccount, open_clients: AsyncExitStack) -> None:
        """`open_clients` closes them."""
        self._account = account
        self._open_clients = open_clients
        self._by_organisation: dict[int | None, NumberAdministration] = {}

    async def of(self, organisation_id: int | None) -> NumberAdministration:
        """The client of an organisation; None is the account's own. Raises ApplicationError without an account."""
        if organisation_id not in self._by_organisation:
            try:
                client = self._account.legacy_client(organisation_id)
            except InvalidSettings as error:
                raise ApplicationError(
                    str(error), type=FailureType.CREDENTIALS_REFUSED, next_retry_delay=CREDENTIALS_RETRY_DELAY
                ) from error
            self._by_organisation[organisation_id] = await self._open_clients.enter_async_context(client)
        return self._by_organisation[organisation_id]


@asynccontextmanager
async def legacy_clients(account: LegacyAccount) -> AsyncIterator[LegacyClients]:
    """The clients of an account, closed at the end."""
    async with AsyncExitStack() as open_clients:
        yield LegacyClients(account, open_clients)
