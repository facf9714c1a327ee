"""Working days, the calendar they come from, and the due dates and lights that follow."""
