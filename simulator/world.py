"""The simulated world: everything that happens behind the ports of one simulator, put together."""

from simulator.access import Access
from simulator.callbacks import Callbacks
from simulator.clock import VirtualClock
from simulator.draws import Draws
from simulator.errors import not_found
from simulator.faults import Faults
from simulator.ledger import Ledger
from simulator.legacy_administration import LegacyAdministration
from simulator.mailbox import Mailbox
from simulator.number_inventory import NumberInventory
from simulator.operations import Gateway
from simulator.orders_desk import OrdersDesk
from simulator.project import Project
from simulator.settings import SimulatorSettings
from simulator.smtp_server import SmtpServer
from simulator.voice_challenges import Call


class World:
    """What all projects of one simulated Sinch share, and the projects themselves by id."""

    def __init__(self, settings: SimulatorSettings) -> None:
        self.settings = settings
        self.clock = VirtualClock(settings.seconds_per_day)
        self.ledger = Ledger(self.clock)
        self.mailbox = Mailbox()
        self.access = Access(settings)
        self.faults = Faults(settings.seed)
        self.gateway = Gateway(self.faults)
        draws = Draws(settings.seed)
        self.callbacks = Callbacks(settings, self.clock, draws, self.ledger)
        self.clock.when_advancing_wait_for(self.callbacks.settled)
        self.inventory = NumberInventory(settings.seed)
        self.projects = {
            known.project_id: Project(
                known.project_id, settings, self.clock, draws, self.ledger, self.mailbox, self.callbacks, self.inventory
            )
            for known in settings.projects
        }
        self.legacy = LegacyAdministration(settings.legacy, self.clock, draws, self.ledger)
        self.smtp = SmtpServer(self.mailbox, OrdersDesk(settings, self.ledger, self.projects))

    def project_of_order(self, hosting_order_id: str) -> Project:
        """The project that a hosting order belongs to; raises ApiError 404 when there is no such order."""
        for project in self.projects.values():
            if hosting_order_id in project.orders:
                return project
        raise not_found("hosting order", hosting_order_id)

    def calls(self) -> dict[str, list[Call]]:
        """The calls of every phone that got one, whichever project placed them."""
        phone_numbers = {number for project in self.projects.values() for number in project.voice_challenges.called()}
        return {phone_number: self.calls_to(phone_number) for phone_number in sorted(phone_numbers)}

    def calls_to(self, phone_number: str) -> list[Call]:
        """The calls that a phone got, the first one first."""
        calls = [call for project in self.projects.values() for call in project.voice_challenges.calls(phone_number)]
        return sorted(calls, key=lambda call: call.at)
