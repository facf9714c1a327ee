"""What the words of a finding are about: pure, without the database."""
