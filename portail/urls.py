from django.contrib import admin
from django.urls import include, path

from portail import views

portail = [
    path("etat/", views.etat, name="etat"),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include((portail, "portail"))),
    path("", include("familles.urls")),
    path("", include("planning.urls")),
    path("", include("facturation.urls")),
    path("", include("demandes.urls")),
    path("", include("messagerie.urls")),
]
