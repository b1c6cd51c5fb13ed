from django.urls import path

from facturation import views

app_name = "facturation"

urlpatterns = [
    path("releve/", views.releve, name="releve"),
    path("factures/<str:numero>.pdf", views.facture_pdf, name="facture_pdf"),
]
