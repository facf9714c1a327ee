"""Who may do what: two tables, and the one module that decides by them, `roles`; beside it what it asks: which posts
somebody holds, where, who had a hand in a case, and at whose desk it lies. `flows/steps.py` is the door that enforces it.
"""
