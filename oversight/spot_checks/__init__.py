"""Spot checks (抽查): plans, and draws of villages and inspectors that nobody can steer."""
