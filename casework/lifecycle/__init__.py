"""The verbs: what may happen to a case, a file a stage.

Each takes keywords only, with the actor (`by`) and the moment (`at`) passed in. It refuses first, then writes, then
records the event, in one transaction. Callers hold the lock on the case; `flows/steps.py` is the door that takes it.
"""
