"""Amounts of money, as Sinch names them."""

from decimal import Decimal

from onboarding.model import Model


class Money(Model):
    """An amount of a currency (ISO 4217), e.g. 2.00 and `USD`."""

    amount: Decimal
    currency_id: str

    def __str__(self) -> str:
        """`2.00 USD`."""
        return f"{self.amount} {self.currency_id}"
