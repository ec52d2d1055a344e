"""One project of the simulated Sinch: its numbers, its orders and its callback secrets, apart from all others."""

from simulator.active_numbers import ActiveNumbers
from simulator.availability import Availability
from simulator.callbacks import CallbackConfiguration, Callbacks
from simulator.clock import VirtualClock
from simulator.draws import Draws
from simulator.hosting_desk import HostingDesk
from simulator.hosting_orders import HostingOrders
from simulator.imported_number_linking import ImportedNumberLinking
from simulator.imported_numbers import ImportedNumbers
from simulator.ledger import Ledger, ProjectLedger
from simulator.mailbox import Mailbox
from simulator.number_inventory import NumberInventory
from simulator.number_provisioning import NumberProvisioning
from simulator.number_rental import NumberRental
from simulator.provisioning import Provisioning
from simulator.qualified_numbers import QualifiedNumbers
from simulator.settings import SimulatorSettings
from simulator.voice_challenges import VoiceChallenges


class Project:
    """The parts of one project, each made once and wired to the others and to the world they share."""

    def __init__(
        self,
        project_id: str,
        settings: SimulatorSettings,
        clock: VirtualClock,
        draws: Draws,
        ledger: Ledger,
        mailbox: Mailbox,
        callbacks: Callbacks,
        inventory: NumberInventory,
    ) -> None:
        self.project_id = project_id
        self.settings = settings
        self.ledger = ProjectLedger(ledger, project_id)
        self.callback_configuration = CallbackConfiguration(project_id)
        self.numbers_callback_configuration = CallbackConfiguration(project_id)
        self.inventory = inventory
        self.active_numbers = ActiveNumbers()
        self.number_rental = NumberRental(
            clock,
            self.ledger,
            inventory,
            self.active_numbers,
            NumberProvisioning(
                settings,
                clock,
                draws,
                self.ledger,
                callbacks,
                self.numbers_callback_configuration,
                self.active_numbers,
            ),
        )
        self.qualified_numbers = QualifiedNumbers(settings, clock, draws, self.ledger)
        self.voice_challenges = VoiceChallenges(settings, clock, draws, self.ledger, self.qualified_numbers)
        self.orders = HostingOrders(project_id)
        self.imported_numbers = ImportedNumbers(clock, self.ledger)
        availability = Availability(self.orders, self.imported_numbers)
        failed_before: set[str] = set()
        self.imported_number_linking = ImportedNumberLinking(
            settings,
            clock,
            draws,
            failed_before,
            self.ledger,
            callbacks,
            self.callback_configuration,
            self.imported_numbers,
            availability,
        )
        self.hosting_desk = HostingDesk(
            settings,
            clock,
            draws,
            self.ledger,
            mailbox,
            self.orders,
            availability,
            self.qualified_numbers,
            Provisioning(
                settings,
                clock,
                draws,
                failed_before,
                self.ledger,
                callbacks,
                self.callback_configuration,
                self.qualified_numbers,
                self.imported_numbers,
            ),
        )
