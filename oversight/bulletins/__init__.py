"""Bulletins (通报): drafted from frozen figures, edited by sections, approved by a second person, published, signed for."""
