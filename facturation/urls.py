from django.urls import path

from facturation import views

app_name = "facturation"

urlpatterns = [
    path("releve/", views.releve, name="releve"),
    path("releve.pdf", views.releve_pdf, name="releve_pdf"),
    path("reglements/<str:numero>.pdf", views.quittance_pdf, name="quittance_pdf"),
    path("relances/<int:relance_id>.pdf", views.relance_pdf, name="relance_pdf"),
    path("attestations/<int:annee>.pdf", views.attestation_pdf, name="attestation_pdf"),
    path("factures/<str:numero>.pdf", views.facture_pdf, name="facture_pdf"),
]
