"""The outside world, one class a dependency: Sinch, mail, the document store.

Each method implements one call of `onboarding.calls` and maps its errors; `registry` puts them together.
"""
