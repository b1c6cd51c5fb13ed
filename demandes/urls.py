"""Addresses of the requests."""

from django.urls import path

from demandes import views

app_name = "demandes"

urlpatterns = [
    path("demandes/", views.liste, name="liste"),
    path("demandes/<int:demande_id>/", views.detail, name="detail"),
    path("demandes/<int:demande_id>/retirer/", views.retirer, name="retirer"),
    path("demandes/<int:demande_id>/documents/", views.joindre, name="joindre"),
    path("demandes/modifier/<str:nature>/", views.modifier, name="modifier"),
    path("enfants/<int:enfant_id>/planning/annee/", views.annee, name="annee"),
    path("demandes/modifier/<str:nature>/<int:enfant_id>/", views.modifier, name="modifier_enfant"),
    path("demandes/inscription/", views.inscription, name="inscription"),
    path("demandes/pieces/<int:piece_id>/", views.piece, name="piece"),
    path("demandes/pieces/<int:piece_id>/pages/<int:page>/", views.planche, name="planche"),
    path("demandes/reserver/<int:enfant_id>/", views.reserver, name="reserver"),
    path("demandes/annuler/<int:enfant_id>/", views.annuler, name="annuler"),
    path("demandes/absence/<int:enfant_id>/", views.absence, name="absence"),
]
