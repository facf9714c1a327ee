"""Where everything stands."""

from django.urls import include, path

from web.admin import site

urlpatterns = [
    path("admin/", site.urls),
    path("", include("web.urls")),
]
