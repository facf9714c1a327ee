"""What the demo city tells at the offices' desk: its mechanism, and a period that has just passed."""
