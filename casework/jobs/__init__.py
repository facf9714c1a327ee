"""One machine for long jobs: claim, heartbeat, takeover, park."""
