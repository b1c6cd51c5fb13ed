"""Addresses of the requests."""
app_name = "demandes"
urlpatterns = []
