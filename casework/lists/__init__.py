"""Lists of cases: which are in it, in which order, page by page, and how they name who reported."""
