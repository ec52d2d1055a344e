"""The simulated world: everything that happens behind the ports of one simulator, put together."""

from simulator.access import Access
from simulator.callbacks import Callbacks
from simulator.clock import VirtualClock
from simulator.draws import Draws
from simulator.faults import Faults
from simulator.hosting_desk import HostingDesk
from simulator.hosting_orders import HostingOrders
from simulator.ledger import Ledger
from simulator.mailbox import Mailbox
from simulator.operations import Gateway
from simulator.orders_desk import OrdersDesk
from simulator.provisioning import Provisioning
from simulator.qualified_numbers import QualifiedNumbers
from simulator.settings import SimulatorSettings
from simulator.smtp_server import SmtpServer
from simulator.voice_challenges import VoiceChallenges


class World:
    """The parts of one simulated Sinch, each made once and wired to the others."""

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
        self.qualified_numbers = QualifiedNumbers(settings, self.clock, draws, self.ledger)
        self.voice_challenges = VoiceChallenges(settings, self.clock, draws, self.ledger, self.qualified_numbers)
        self.smtp = SmtpServer(self.mailbox, OrdersDesk(settings, self.ledger, self.qualified_numbers))
        self.orders = HostingOrders()
        self.hosting_desk = HostingDesk(
            settings,
            self.clock,
            draws,
            self.ledger,
            self.mailbox,
            self.orders,
            self.qualified_numbers,
            Provisioning(settings, self.clock, draws, self.ledger, self.callbacks, self.qualified_numbers),
        )
