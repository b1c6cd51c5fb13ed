from django.urls import path

from planning import views

app_name = "planning"

urlpatterns = [
    path("enfants/<int:enfant_id>/planning/", views.mois, name="mois"),
]
