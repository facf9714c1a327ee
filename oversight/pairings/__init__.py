"""Paired assistance (对口帮扶): what a helper unit does for the village or case at whose side it stands."""
