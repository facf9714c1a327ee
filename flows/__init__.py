"""In what order, and by whom: the Viewflow processes."""
