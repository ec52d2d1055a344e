"""What workflows can be told and asked: inputs, results, signals, updates and queries, by wire name.

One module a workflow. Whoever starts, steers or watches a workflow imports this, never the workflow itself.
"""
