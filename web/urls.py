"""URLs are nouns."""

urlpatterns: list = []
