"""Who may stand for a village's committee, how an election goes on, and who was elected."""
