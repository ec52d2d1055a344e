"""The activities as workflows see them: wire name, request and answer models, time-outs, retries, task queue.

One module a dependency. `activities/` implements them, `workflows/` calls them; neither knows the other.
"""
