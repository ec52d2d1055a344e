"""The commands that look at Sinch's API directly, without a batch: hosting orders, qualified and imported numbers,
the callback secret.

`commands` declares them; each other module carries out those of one resource.
"""
