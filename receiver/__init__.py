"""The callback receiver: takes Sinch's events over HTTP and hands them to workflows as signals.

It keeps no state: an event is answered with 200 only after Temporal has it, and with anything else Sinch sends
it again. Run it with `python -m receiver`; several may run side by side behind one address.
"""
