"""The whole stack on one machine: Temporal dev server with Web UI, simulated Sinch, receiver, worker."""

from starter.stack.stack import CALLBACK_PAUSES_HOURS, Endpoints, Stack, StackSettings, running_stack

__all__ = ["CALLBACK_PAUSES_HOURS", "Endpoints", "Stack", "StackSettings", "running_stack"]
