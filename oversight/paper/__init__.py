"""Paper that comes back from a village: sheets that were photographed or scanned, sorted to their cases."""
