"""The clocks of the ladder: what is due is escalated, letters are issued and chased."""
