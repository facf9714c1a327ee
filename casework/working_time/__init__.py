"""Working days, the calendar they come from, the days that may be entered, and the due dates that follow."""
