"""Orchestration: one workflow a module. `registry` lists them for workers and replayers."""
