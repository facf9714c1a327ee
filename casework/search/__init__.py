"""Finding cases, places, papers and people by a number or by words, Chinese included."""
