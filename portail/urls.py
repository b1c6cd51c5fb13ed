"""The portal's own addresses (the manual and bookmarks use them), then those of each app."""

from django.contrib import admin
from django.urls import include, path

from portail.views import accueil, compte, connexion, documents, identite, pages

portail = [
    path("", accueil.accueil, name="accueil"),
    path("connexion/", connexion.Connexion.as_view(), name="connexion"),
    path("deconnexion/", connexion.deconnexion, name="deconnexion"),
    path("mot-de-passe/", connexion.MotDePasse.as_view(), name="mot_de_passe"),
    path("mot-de-passe/oublie/", connexion.mot_de_passe_oublie, name="mot_de_passe_oublie"),
    path("mot-de-passe/oublie/envoye/", connexion.mot_de_passe_envoye, name="mot_de_passe_envoye"),
    path(
        "mot-de-passe/oublie/<uidb64>/<token>/",
        connexion.NouveauMotDePasse.as_view(),
        name="mot_de_passe_nouveau",
    ),
    path("premiere-connexion/", compte.premiere_connexion, name="premiere_connexion"),
    path("premiere-connexion/mot-de-passe/", compte.premier_mot_de_passe, name="premier_mot_de_passe"),
    path("premiere-connexion/<str:lien>/", compte.premier_lien, name="premier_lien"),
    path("appareils/", compte.appareils, name="appareils"),
    path("reprise/", compte.reprise, name="reprise"),
    path("famille/", connexion.choisir_famille, name="choisir_famille"),
    path("documents/", documents.documents, name="documents"),
    path("documents/menus/", documents.menus, name="menus"),
    path("documents/<int:document_id>/", documents.document, name="document"),
    path("fiche-inscription/", documents.fiche_inscription, name="fiche_inscription"),
    path("fiche-inscription.pdf", documents.fiche_inscription_pdf, name="fiche_inscription_pdf"),
    path("aide/", pages.sommaire, name="aide"),
    path("aide/<slug:cle>/", pages.page_d_aide, name="aide_page"),
    path("legal/<slug:page>/", pages.legale, name="legale"),
    path("demonstration/ville/", pages.page_de_la_ville, name="page_de_la_ville"),
    path("identite/<str:version>.css", identite.feuille, name="identite"),
    path("identite/<str:version>.png", identite.logo, name="logo"),
    path("etat/", pages.etat, name="etat"),
]

handler400 = pages.requete_refusee

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include((portail, "portail"))),
    path("", include("familles.urls")),
    path("", include("planning.urls")),
    path("", include("facturation.urls")),
    path("", include("demandes.urls")),
    path("", include("messagerie.urls")),
]

handler403 = "portail.views.erreurs.page_fermee"
handler404 = "portail.views.erreurs.page_introuvable"
handler500 = "portail.views.erreurs.panne"
