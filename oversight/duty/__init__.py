"""What a village's committee does between two bulletins: duty days, meetings, and what a county's rule asks of it."""
