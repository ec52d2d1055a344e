"""How a hosting order gets from its submission into progress: the LOA, its signer, and the desk that can void it.

Sinch API: state machine of a hosting order. The local part of the signer's e-mail address decides what the signer
does, like a test card: ``declines``, ``never`` and ``slow`` in it mean what they say; everybody else signs.
"""

from simulator.availability import Availability
from simulator.clock import VirtualClock
from simulator.draws import Draws
from simulator.errors import failed_precondition
from simulator.hosting_orders import HostingOrder, HostingOrderNumber, HostingOrders, OrderState
from simulator.ledger import ProjectLedger
from simulator.links import ServiceRecord, State, carriers_before, wanted_campaign
from simulator.mailbox import Mail, Mailbox
from simulator.order_bodies import DirectLoaInfo, OrderRequest
from simulator.outcomes import card_of
from simulator.provisioning import Provisioning
from simulator.qualified_numbers import ProcessState, QualifiedNumbers
from simulator.settings import Range, SimulatorSettings

LOA_SENDER = "loa@sinch.com"

_INFO_NAMES = ("textEnableInfo", "hostingOrderInfo")


class HostingDesk:
    """Takes orders, has their LOA signed and hands them on to the provisioning."""

    def __init__(
        self,
        settings: SimulatorSettings,
        clock: VirtualClock,
        draws: Draws,
        ledger: ProjectLedger,
        mailbox: Mailbox,
        orders: HostingOrders,
        availability: Availability,
        qualified_numbers: QualifiedNumbers,
        provisioning: Provisioning,
    ) -> None:
        self._settings = settings
        self._durations = settings.durations
        self._clock = clock
        self._draws = draws
        self._ledger = ledger
        self._mailbox = mailbox
        self._orders = orders
        self._availability = availability
        self._qualified_numbers = qualified_numbers
        self._provisioning = provisioning

    def submit(self, request: OrderRequest, *, verified_only: bool) -> HostingOrder:
        """Open an order; raises ApiError 409 when a number is imported or sits in an order without an end yet.

        With ``verified_only`` every number must be qualified (404) and VERIFIED (400).
        """
        if verified_only:
            self._demand_verified(request.numbers)
        self._availability.demand(request.numbers)
        order = self._open(request)
        self._ledger.write(
            "hosting_order",
            order.hosting_order_id,
            hosting_order_id=order.hosting_order_id,
            type=order.type.value,
            display_name=request.display_name,
            numbers=request.numbers,
        )
        span = self._durations.import_start if request.is_import else self._durations.loa_generation
        self._clock.after(self._drawn(order, span, "LOA generation"), self._loa_ready, order)
        return order

    def sign(self, order: HostingOrder) -> None:
        """Have the LOA signed now; raises ApiError 400 when the order does not wait for a signature."""
        if order.state is not OrderState.WAITING_FOR_LOA_SIGNATURE:
            raise failed_precondition(
                f"The hosting order {order.hosting_order_id} is {order.state}, "
                "only one in WAITING_FOR_LOA_SIGNATURE can be signed."
            )
        self._ledger.write("loa_signed", order.hosting_order_id)
        self._provisioning.start(order)

    def reject(self, order: HostingOrder) -> None:
        """Void the order now; raises ApiError 400 when it is final already."""
        if order.is_final:
            raise failed_precondition(f"The hosting order {order.hosting_order_id} is {order.state} already.")
        order.state, order.updated = OrderState.REJECTED, self._clock.now()
        self._ledger.write("hosting_order_rejected", order.hosting_order_id)
        for number in order.in_order:
            number.manual_action = False
            if number.ended is None:
                self._qualified_numbers.hosting_abandoned(number.phone_number)

    def _demand_verified(self, phone_numbers: list[str]) -> None:
        numbers = [self._qualified_numbers.get(phone_number) for phone_number in phone_numbers]
        others = [number for number in numbers if number.state is not ProcessState.VERIFIED]
        if others:
            states = ", ".join(f"{number.phone_number} is {number.state}" for number in others[:5])
            raise failed_precondition(
                f"Only VERIFIED numbers can be text-enabled; of {len(numbers)}, {len(others)} are not: {states}."
            )

    def _open(self, request: OrderRequest) -> HostingOrder:
        now = self._clock.now()
        order = HostingOrder(
            hosting_order_id=self._draws.ulid(now, self._orders.next_name()),
            request=request,
            nnid=request.nnid_or(self._settings.nnid),
            info_names=_INFO_NAMES if self._settings.order_info_under_both_names else _INFO_NAMES[:1],
            sequence=len(self._orders.of_service(request.service_plan_id, request.campaign)),
            created=now,
            updated=now,
            unfinished=len(request.numbers),
        )
        campaign = wanted_campaign(request.campaign, now)
        carrier = carriers_before(campaign)
        for phone_number in request.numbers:
            number = HostingOrderNumber(
                order=order,
                phone_number=phone_number,
                card=card_of(phone_number),
                sequence=len(order.in_order),
                updated=now,
                osr_update=State.UNSPECIFIED if request.is_import else State.WAITING,
                platform=ServiceRecord(request.service_plan_id, State.WAITING, now),
                campaign=campaign,
                sms_att=carrier,
                sms_tmo=carrier,
                mms_att=carrier,
                mms_tmo=carrier,
                migrates_to_sinch_tmo=request.migrates_to_sinch_tmo,
            )
            order.in_order.append(number)
            order.numbers[phone_number] = number
            self._qualified_numbers.hosting_started(phone_number)
        self._orders.add(order)
        return order

    def _loa_ready(self, order: HostingOrder) -> None:
        if order.state is not OrderState.SUBMITTED:
            return
        loa = order.request.loa
        if loa is None:
            self._provisioning.start(order)
            return
        order.state, order.updated = OrderState.WAITING_FOR_LOA_SIGNATURE, self._clock.now()
        self._mail_loa(order, loa)
        self._let_signer_act(order, loa)

    def _mail_loa(self, order: HostingOrder, loa: DirectLoaInfo) -> None:
        address = loa.authorised_person.email
        mail = Mail(
            message_id=f"<loa-{order.hosting_order_id}@sinch.com>",
            sender=LOA_SENDER,
            recipients=(address,),
            subject=f"Letter of Authorization to sign: hosting order {order.hosting_order_id}",
            text="\n".join(
                [
                    f"{loa.authorised_person.first_name} {loa.authorised_person.last_name},",
                    "please sign the Letter of Authorization for these numbers:",
                    *order.numbers,
                ]
            ),
        )
        self._mailbox.keep(mail)
        self._ledger.write("loa_mail", order.hosting_order_id, to=address)

    def _let_signer_act(self, order: HostingOrder, loa: DirectLoaInfo) -> None:
        local_part = loa.authorised_person.email.partition("@")[0].lower()
        if "never" in local_part:
            return
        slow = "slow" in local_part
        span = self._durations.slow_loa_signature if slow else self._durations.loa_signature
        decision = self._signer_declines if "declines" in local_part else self._signer_signs
        self._clock.after(self._drawn(order, span, "LOA signature"), decision, order)

    def _signer_signs(self, order: HostingOrder) -> None:
        if order.state is OrderState.WAITING_FOR_LOA_SIGNATURE:
            self.sign(order)

    def _signer_declines(self, order: HostingOrder) -> None:
        if order.state is OrderState.WAITING_FOR_LOA_SIGNATURE:
            self._ledger.write("loa_declined", order.hosting_order_id)
            self.reject(order)

    def _drawn(self, order: HostingOrder, span: Range, step: str) -> float:
        subject = f"{order.request.display_name}/{order.request.numbers[0]}"
        return self._draws.seconds(span, subject, step)
