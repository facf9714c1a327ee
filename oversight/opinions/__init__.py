"""Rectification opinions (整改意见): their cases, and the requirements that go down level by level."""
