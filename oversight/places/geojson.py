"""Reads the outline of a city from a GeoJSON file that the office uploads. It asks no database: a child process runs it."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid

LARGEST = 10 * 1024 * 1024
MOST_POINTS = 6_000
PLACES = 5  # a metre
# Points nearer than this to the one before are left out, coarser and coarser until the outline is light enough.
STEPS = (0.0, 0.0005, 0.002, 0.008)
CHINA_NORTH, CHINA_EAST = (3.0, 54.0), (73.0, 136.0)

Ring = list[list[float]]


def rings_of(path: Path) -> list[Ring]:
    """The rings of all areas in a file. Refuses what is no GeoJSON, holds no area, or does not lie in China by degrees."""
    try:
        said = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error
    try:
        whole = [_ring(points) for points in _rings(said)]
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError) as error:
        raise _unreadable() from error
    whole = [ring for ring in whole if len(ring) >= 4]
    if not whole:
        raise Invalid(
            "no_area",
            _("This file holds no area. Save the city's outline as polygons and upload that file."),
            field="file",
        )
    if not all(is_in_china(latitude, longitude) for ring in whole for longitude, latitude in ring):
        raise Invalid(
            "not_in_degrees",
            _(
                "The numbers in this file are no degrees in China. Save it again in WGS 84 (EPSG:4326), longitude before latitude."
            ),
            field="file",
        )
    return _light(whole)


def is_in_china(latitude: float, longitude: float) -> bool:
    return CHINA_NORTH[0] <= latitude <= CHINA_NORTH[1] and CHINA_EAST[0] <= longitude <= CHINA_EAST[1]


def _unreadable() -> Invalid:
    return Invalid(
        "no_geojson", _("This is no GeoJSON file. Ask whoever made the map to save it as GeoJSON."), field="file"
    )


def _rings(said: Any) -> Iterator[Any]:
    """The rings of whatever polygons stand in a GeoJSON object."""
    kind = said.get("type")
    if kind == "FeatureCollection":
        for one in said["features"]:
            yield from _rings(one)
    elif kind == "Feature":
        if said.get("geometry"):
            yield from _rings(said["geometry"])
    elif kind == "GeometryCollection":
        for one in said["geometries"]:
            yield from _rings(one)
    elif kind == "Polygon":
        yield from said.get("coordinates", ())
    elif kind == "MultiPolygon":
        for polygon in said.get("coordinates", ()):
            yield from polygon


def _ring(points: Any) -> Ring:
    found = []
    for point in points:
        longitude, latitude = float(point[0]), float(point[1])
        if not (math.isfinite(longitude) and math.isfinite(latitude)):
            raise ValueError("not a number")
        found.append([round(longitude, PLACES), round(latitude, PLACES)])
    return found


def _light(rings: list[Ring]) -> list[Ring]:
    """As few points as a drawing needs."""
    for step in STEPS:
        thinned = [_thin(ring, step) for ring in rings]
        if sum(len(ring) for ring in thinned) <= MOST_POINTS:
            return thinned
    raise Invalid(
        "outline_too_fine",
        _("This outline has too many points. Simplify it in the map program and upload it again."),
        field="file",
    )


def _thin(ring: Ring, step: float) -> Ring:
    kept = [ring[0]]
    for point in ring[1:-1]:
        if math.dist(point, kept[-1]) >= step:
            kept.append(point)
    return [*kept, ring[-1]] if len(kept) >= 3 else ring
