"""Where everything stands."""

from django.urls import include, path

from web.admin import site

handler400 = "web.bad_requests.bad_request"

urlpatterns = [
    path("admin/", site.urls),
    path("", include("web.urls")),
]
