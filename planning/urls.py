from django.urls import path

from planning import views

app_name = "planning"

urlpatterns = [
    path("agenda/", views.calendrier, name="calendrier"),
    path("agenda/<str:jeton>.ics", views.lire_flux, name="flux"),
    path("enfants/<int:enfant_id>/planning/", views.mois, name="mois"),
]
