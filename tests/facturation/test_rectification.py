"""A closed day corrected, with the credit note and the additional invoice it makes; a part given back."""

# budget: the corrections and, at the end, the pages that make them.

from datetime import date
from decimal import Decimal as D
from html import unescape

import pytest
from django.contrib.auth.models import Permission

from facturation import actions
from facturation.models import Facture, Tarif, UniteFacturee
from facturation.releve import solde
from familles.erreurs import Invalide, Refus
from familles.models import Trace
from planning.enums import Correction
from planning.models import Cloture, Mouvement, Pointage, Rectification, Reservation
from tests.facturation.conftest import NOVEMBRE, entrer
from tests.facturation.test_vues import texte

pytestmark = pytest.mark.django_db
DU, AU = NOVEMBRE


@pytest.fixture
def rectifier(rose, repas, comptable):
    def executer(jour: int, vers: str, motif="Erreur de pointage", **options):
        le = date(2026, 11, jour)
        return actions.rectifier(
            enfant=rose, prestation=repas, jour=le, vers=vers, motif=motif, par=comptable, **options
        )

    return executer


def test_une_absence_reconnue_apres_coup_fait_un_avoir(mois_facture, rectifier, martin, comptable, rose):
    resultat = rectifier(3, Correction.ABSENT_EXCUSE)
    (avoir,) = resultat.avoirs
    assert resultat.complements == []
    assert (avoir.avoir_de, avoir.total, avoir.motif) == (mois_facture, D("-3.50"), "Erreur de pointage")
    ligne = avoir.lignes.get()
    assert (ligne.quantite, ligne.jours.replace("\u00a0", " ")) == (-1, "mar. 3")
    assert "AL-1" in ligne.explication
    assert Reservation.objects.get(jour=date(2026, 11, 3)).etat == "ABSENT_EXCUSE"
    assert Pointage.objects.get(jour=date(2026, 11, 3)).etat == "ABSENT"
    assert Mouvement.objects.get().motif == "Erreur de pointage"
    assert Trace.objects.filter(verbe="CORRIGER", objet_id=rose.pk, par=comptable).exists()
    assert solde(martin) == D("7.00")


def test_une_presence_oubliee_fait_un_complement(mois_facture, rectifier, martin, repas):
    Tarif.objects.create(prestation=repas, du=date(2026, 9, 1), montant=D("3.50"), prix_hors_contrat=D(6))
    (complement,) = rectifier(6, Correction.PRESENT).complements
    assert (complement.total, complement.du) == (D("6.00"), date(2026, 11, 6))
    assert complement.motif == "Erreur de pointage"
    assert Pointage.objects.get(jour=date(2026, 11, 6)).famille == martin


def test_un_autre_prix_fait_un_avoir_et_un_complement(mois_facture, rectifier, repas, martin):
    Tarif.objects.create(prestation=repas, du=date(2026, 9, 1), montant=D("3.50"), prix_absence=D(2))
    resultat = rectifier(2, Correction.ABSENT_NON_SIGNALE)
    assert [f.total for f in resultat.ecrites] == [D("-3.50"), D("2.00")]
    assert solde(martin) == D("9.00")
    assert UniteFacturee.objects.en_vigueur().get(jour=date(2026, 11, 2)).cas == "ABSENCE"


def test_le_meme_prix_ne_fait_aucune_ecriture(mois_facture, rectifier):
    assert rectifier(2, Correction.ABSENT_FACTURE).ecrites == []
    assert Facture.objects.count() == 1


def test_les_autres_jours_de_la_facture_ne_bougent_pas(mois_facture, rectifier):
    """Taken over from another program: an invoice may bill days that the planning does not know."""
    Pointage.objects.filter(jour=date(2026, 11, 5)).delete()
    Reservation.objects.filter(jour=date(2026, 11, 5)).delete()
    assert [f.total for f in rectifier(3, Correction.RIEN).ecrites] == [D("-3.50")]


def test_un_mois_plafonne_se_recalcule_entier(mois_facture, rectifier, repas, martin):
    Tarif.objects.create(
        prestation=repas, du=date(2026, 9, 1), montant=D("3.50"), forfait_mensuel=D(8), forfait_au_dela=2
    )
    resultat = rectifier(3, Correction.RIEN)
    assert [f.total for f in resultat.ecrites] == [D("-10.50"), D("7.00")]
    assert solde(martin) == D("7.00")


def test_un_jour_pas_encore_facture_attend_sa_facture(mois_facture, rectifier, comptable, regie, martin):
    actions.avoir(facture=mois_facture, motif="Tout refaire", par=comptable)
    resultat = rectifier(6, Correction.PRESENT)
    assert (resultat.ecrites, resultat.a_facturer) == ([], True)
    refaite = actions.emettre(famille=martin, regie=regie, du=DU, au=AU, par=comptable)
    assert refaite.total == D("14.00")


def test_apres_un_avoir_partiel_une_presence_oubliee_fait_encore_un_complement(mois_facture, rectifier):
    rectifier(3, Correction.ABSENT_EXCUSE)
    (complement,) = rectifier(6, Correction.PRESENT).complements
    assert complement.total == D("3.50")


@pytest.mark.parametrize("etat", ["DEMANDEE", "ABSENCE_DEMANDEE"])
def test_ce_qui_attend_une_reponse_se_decide_avant_de_se_rectifier(mois_facture, rectifier, etat):
    Reservation.objects.filter(jour=date(2026, 11, 3)).update(etat=etat)
    with pytest.raises(Refus, match="décidez-la d’abord"):
        rectifier(3, Correction.RIEN)
    assert Facture.objects.count() == 1


def test_une_presence_sans_place_accordee_garde_le_prix_des_presences_sans_reservation(
    mois_facture, rectifier, repas
):
    Tarif.objects.create(prestation=repas, du=date(2026, 9, 1), montant=D("3.50"), prix_hors_contrat=D(6))
    attente = Reservation.objects.get(jour=date(2026, 11, 5))
    attente.pk, attente.jour, attente.etat = None, date(2026, 11, 6), "LISTE_ATTENTE"
    attente.rang_attente = 1
    attente.save()
    with pytest.raises(Refus, match="Rien n’était réservé"):
        rectifier(6, Correction.ABSENT_FACTURE)
    (complement,) = rectifier(6, Correction.PRESENT).complements
    assert complement.total == D("6.00")
    assert Reservation.objects.get(pk=attente.pk).etat == "LISTE_ATTENTE"


@pytest.mark.parametrize(
    "jour, vers, motif, erreur",
    [
        (3, Correction.ABSENT_EXCUSE, "  ", Invalide),
        (3, "AILLEURS", "Motif", Invalide),
        (3, Correction.PRESENT, "Motif", Refus),
        (6, Correction.ABSENT_EXCUSE, "Motif", Refus),
    ],
)
def test_une_rectification_impossible_n_ecrit_rien(mois_facture, rectifier, jour, vers, motif, erreur):
    with pytest.raises(erreur):
        rectifier(jour, vers, motif)
    assert Facture.objects.count() == 1
    assert not Mouvement.objects.exists()
    assert not Rectification.objects.exists()


def test_une_journee_ni_reservee_ni_facturee_garde_le_motif_de_sa_correction(
    rose, repas, rectifier, comptable
):
    Tarif.objects.create(prestation=repas, du=date(2026, 9, 1), montant=D("3.50"))
    assert rectifier(6, Correction.PRESENT, "Oubliée à l’appel", quand_meme=True).ecrites == []
    rectifier(6, Correction.RIEN, "C’était son frère")
    assert not Pointage.objects.exists()
    assert list(Rectification.objects.values_list("jour", "vers", "motif", "par")) == [
        (date(2026, 11, 6), "RIEN", "C’était son frère", comptable.pk),
        (date(2026, 11, 6), "PRESENT", "Oubliée à l’appel", comptable.pk),
    ]


def test_la_page_montre_les_derniers_motifs(client, mois_facture, rectifier, comptable):
    rectifier(2, Correction.ABSENT_NON_SIGNALE, "Mère venue au guichet")
    comptable.user_permissions.add(Permission.objects.get(codename="add_cloture"))
    client.force_login(comptable, backend="portail.authentification.IdentifiantOuCourriel")
    page = client.get("/admin/facturation/facture/rectifier/").content.decode()
    assert "Mère venue au guichet" in page
    assert "02/11/2026" in page


def test_la_facture_et_le_planning_changent_ensemble_ou_pas_du_tout(mois_facture, rectifier, repas):
    Tarif.objects.all().first().delete()
    with pytest.raises(Refus, match="aucun prix"):
        rectifier(6, Correction.PRESENT)
    assert not Pointage.objects.filter(jour=date(2026, 11, 6)).exists()
    assert Cloture.objects.exists()


# --- Their pages ---------------------------------------------------------------------------------------

RECTIFIER = "/admin/facturation/facture/rectifier/"


@pytest.fixture
def bureau(client, comptable):
    return entrer(client, "comptable")


def test_des_journees_se_rendent_d_une_page(bureau, mois_facture):
    adresse = f"/admin/facturation/facture/{mois_facture.pk}/avoir-partiel/"
    assert "Rose, Repas, mardi 3 novembre : 3,50" in texte(bureau.get(adresse))
    unite = UniteFacturee.objects.filter(facture=mois_facture).order_by("jour")[1]
    assert bureau.post(adresse, {"motif": "Geste"}).status_code == 422
    assert bureau.post(adresse, {"unites": [unite.pk], "motif": ""}).status_code == 422
    assert bureau.post(adresse, {"unites": [unite.pk], "motif": "Geste"}).status_code == 302
    avoir = Facture.objects.get(avoir_de=mois_facture)
    assert avoir.lignes.get().jours.endswith("3")
    assert bureau.post(adresse, {"unites": [unite.pk], "motif": "Geste"}).status_code == 422
    assert bureau.get(f"/admin/facturation/facture/{avoir.pk}/avoir-partiel/").status_code == 404


def test_une_journee_se_rectifie_d_une_page(bureau, mois_facture):
    page = bureau.get(RECTIFIER, {"facture": mois_facture.numero_imprime})
    assert 'value="02/11/2026"' in page.content.decode()
    assert bureau.get(RECTIFIER, {"facture": "AL-1\x00"}).status_code == 200
    unite = UniteFacturee.objects.filter(facture=mois_facture).earliest("jour")
    saisie = {
        "enfant": unite.enfant_id,
        "prestation": unite.prestation_id,
        "jour": "03/11/2026",
        "vers": "ABSENT_EXCUSE",
        "motif": "Mot du médecin",
    }
    reponse = bureau.post(RECTIFIER, saisie, follow=True)
    assert "La journée est rectifiée : avoir AL-2 de 3,50" in texte(reponse)
    encore = bureau.post(RECTIFIER, saisie)
    assert encore.status_code == 422
    assert "déjà ainsi" in texte(encore)
    assert "Mot du médecin" in encore.content.decode()
    sans_suite = {**saisie, "jour": "02/11/2026", "vers": "ABSENT_FACTURE"}
    assert "aucune facture n’est à corriger" in texte(bureau.post(RECTIFIER, sans_suite, follow=True))


def test_du_registre_clos_on_arrive_a_la_rectification(bureau, mois_facture, repas, agent):
    registre = f"/admin/planning/pointage/appel/?jour=2026-11-03&prestation={repas.pk}"
    lien = f"{RECTIFIER}?prestation={repas.pk}&jour=2026-11-03"
    assert lien in unescape(bureau.get(registre).content.decode())
    formulaire = bureau.get(lien).content.decode()
    assert 'value="03/11/2026"' in formulaire
    assert f'<option value="{repas.pk}" selected' in formulaire
    assert bureau.get(f"{RECTIFIER}?prestation=zz&jour=0001-01-01").status_code == 200
    bureau.force_login(agent)
    page = bureau.get(registre)
    assert "seul le comptable peut encore la rectifier (Factures, « Rectifier une journée »)" in texte(page)
    assert RECTIFIER not in page.content.decode()


def test_rectifier_demande_les_deux_permissions(bureau, mois_facture, comptable):
    comptable.groups.get().permissions.remove(Permission.objects.get(codename="add_cloture"))
    assert bureau.get(RECTIFIER).status_code == 403


def test_la_facture_mene_a_ses_corrections(bureau, mois_facture):
    contenu = bureau.get(f"/admin/facturation/facture/{mois_facture.pk}/change/").content.decode()
    assert f"{RECTIFIER}?facture={mois_facture.numero_imprime}" in contenu
    assert f"/admin/facturation/facture/{mois_facture.pk}/avoir-partiel/" in contenu
