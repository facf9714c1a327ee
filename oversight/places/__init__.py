"""Where units lie: coordinates that an office enters or imports, and the outline of the city."""
