"""Files that come in: read as tables, normalised cell by cell, refused row by row."""
