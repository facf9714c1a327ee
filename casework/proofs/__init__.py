"""What was handed in as proof: what a file holds, its prints, duplicates, checks and verification."""
