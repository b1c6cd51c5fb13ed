from django.urls import path

from familles import views

app_name = "familles"

urlpatterns = [
    path("compte/", views.compte, name="compte"),
    path("enfants/", views.enfants, name="enfants"),
    path("enfants/<int:enfant_id>/", views.enfant, name="enfant"),
    path("enfants/<int:enfant_id>/sante/", views.sante, name="sante"),
    path("enfants/<int:enfant_id>/photo/", views.photo, name="photo"),
]
