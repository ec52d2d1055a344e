"""The domain of number onboarding: models, stages, the progress state machine, policies and names.

Pure Python: no I/O, no clock, no Temporal client. Of `temporalio` only the value types of
`temporalio.common` are used (retry policies, search attribute keys).
"""
