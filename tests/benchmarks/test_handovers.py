"""An election in every village of a city: the import, the packs, the table; beside bare SQL."""
