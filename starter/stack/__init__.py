"""The whole stack on one machine: Temporal dev server with Web UI, simulated Sinch, receiver, worker."""

from starter.stack.stack import Endpoints, Stack, StackSettings, running_stack

__all__ = ["Endpoints", "Stack", "StackSettings", "running_stack"]
