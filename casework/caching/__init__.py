"""What is read once: rules by the process, what is known of a case by its version."""
