"""URLs are nouns; each module of `web/pages` brings its own."""

from web.pages import (
    assignments,
    beside_the_path,
    case,
    cases,
    closures,
    evidence,
    health,
    home,
    people,
    plans,
    rectification,
    reports,
    reviews,
    screening,
    units,
    villages,
)

urlpatterns = [
    *home.urlpatterns,
    *cases.urlpatterns,
    *reports.urlpatterns,
    *case.urlpatterns,
    *screening.urlpatterns,
    *assignments.urlpatterns,
    *plans.urlpatterns,
    *rectification.urlpatterns,
    *reviews.urlpatterns,
    *closures.urlpatterns,
    *evidence.urlpatterns,
    *beside_the_path.urlpatterns,
    *villages.urlpatterns,
    *units.urlpatterns,
    *people.urlpatterns,
    *health.urlpatterns,
]
