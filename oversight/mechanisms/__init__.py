"""What a county's own mechanism did, and who went into the field."""
