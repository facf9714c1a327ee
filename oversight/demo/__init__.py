"""What the demo city tells at the offices' desk: its mechanism, periods that passed, bulletins. All of it is invented."""
