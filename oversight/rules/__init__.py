"""The clauses of basis documents by version, and the words of a clause on the day of a finding."""
