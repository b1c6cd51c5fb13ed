"""What parents read and post: a request, the change form, booking, absence."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from demandes import actions
from demandes.enums import EtatDemande
from demandes.models import Demande
from familles.enums import Acceptation
from planning.models import Reservation
from tests.demandes.conftest import (
    AUTRE_JOUR,
    JOUR,
    JOUR_PASSE,
    adresse,
    case,
    fiche,
    lues,
    texte,
)

# --- Detail and withdrawal ------------------------------------------------------------------------------


def test_le_detail_montre_avant_et_apres_et_permet_de_retirer(dupont, changer_adresse, connecter):
    demande = changer_adresse(dupont.titulaire)
    client = connecter(dupont.titulaire)
    page = texte(client.get(demande.get_absolute_url()))
    assert "Adresse 12 rue des Bonbons 3 place du Marché" in page
    assert client.get(adresse("retirer", demande.pk)).status_code == 405
    reponse = client.post(adresse("retirer", demande.pk), follow=True)
    assert "est retirée" in texte(reponse)
    assert "Retirer ma demande" not in texte(reponse)
    assert client.post(adresse("retirer", demande.pk)).status_code == 409
    assert Demande.objects.get().etat == EtatDemande.ANNULEE


def test_la_conjointe_separee_ne_lit_pas_la_fiche_du_titulaire(
    dupont, lea, changer_adresse, reserver, connecter
):
    sienne, fiche_de_jean, de_l_enfant = (
        changer_adresse(dupont.conjoint),
        changer_adresse(dupont.titulaire),
        reserver(dupont.titulaire, lea),
    )
    client = connecter(dupont.conjoint)
    assert client.get(sienne.get_absolute_url()).status_code == 200
    assert client.get(de_l_enfant.get_absolute_url()).status_code == 200
    assert client.get(fiche_de_jean.get_absolute_url()).status_code == 404
    assert client.post(adresse("retirer", fiche_de_jean.pk)).status_code == 404
    assert client.post(adresse("retirer", de_l_enfant.pk)).status_code == 403
    assert client.get(adresse("modifier", "responsable")).status_code == 404
    assert client.post(adresse("modifier", "responsable"), {"nom": "X"}).status_code == 404
    contenu = client.get(adresse("liste"), {"nature": "responsable"}).content.decode()
    assert "place du Marché" not in contenu
    assert Demande.objects.en_attente().count() == 3


def test_une_autre_famille_ne_trouve_rien(dupont, martin, lea, changer_adresse, repas, connecter):
    demande = changer_adresse(dupont.titulaire)
    client = connecter(martin.titulaire)
    assert client.get(demande.get_absolute_url()).status_code == 404
    assert client.post(adresse("retirer", demande.pk)).status_code == 404
    for nom in ("reserver", "absence"):
        assert client.post(adresse(nom, lea.pk), {"cases": [case(repas, JOUR)]}).status_code == 404
    assert not Reservation.objects.exists()


# --- Changing the file ----------------------------------------------------------------------------------


def test_le_formulaire_est_rempli_des_valeurs_du_jour(dupont, connecter):
    contenu = connecter(dupont.titulaire).get(adresse("modifier", "responsable")).content.decode()
    for valeur in ("12 rue des Bonbons", "31400", "01.02.03.04.05", "jean.dupont@exemple.fr"):
        assert f'value="{valeur}"' in contenu


def test_une_modification_est_transmise(dupont, connecter):
    client = connecter(dupont.titulaire)
    donnees = fiche(dupont.titulaire, mobile="06 12 34 56 78")
    reponse = client.post(adresse("modifier", "responsable"), donnees)
    demande = Demande.objects.get()
    assert reponse.url == reverse("familles:compte")
    assert demande.apres == {"mobile": "06.12.34.56.78"}
    page = texte(client.get(adresse("modifier", "responsable")))
    assert f"Voir la demande n° {demande.pk}" in page
    assert "Envoyer ma demande" not in page


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"mobile": "06 12"}, "Ce numéro de téléphone"),
        ({"code_postal": "314"}, "cinq chiffres"),
        ({}, "Vous n’avez rien changé"),
    ],
)
def test_une_modification_fausse_revient_avec_la_saisie(dupont, connecter, changes, phrase):
    client = connecter(dupont.titulaire)
    reponse = client.post(adresse("modifier", "responsable"), fiche(dupont.titulaire, **changes))
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    for valeur in changes.values():
        assert f'value="{valeur}"' in reponse.content.decode()
    assert not Demande.objects.exists()


def test_une_seconde_demande_pour_la_meme_rubrique_est_refusee(dupont, changer_adresse, connecter):
    changer_adresse(dupont.titulaire)
    client = connecter(dupont.titulaire)
    reponse = client.post(adresse("modifier", "responsable"), fiche(dupont.titulaire, ville="Toulouse"))
    assert reponse.status_code == 409
    assert "déjà en attente" in texte(reponse)
    assert Demande.objects.count() == 1


@pytest.mark.parametrize("nature", ["inconnue", "reservation", "absence", "identite", "sanitaire"])
def test_une_rubrique_inconnue_n_existe_pas(dupont, connecter, nature):
    assert connecter(dupont.titulaire).get(adresse("modifier", nature)).status_code == 404


def test_mon_compte_montre_ce_qui_attend(dupont, changer_adresse, connecter):
    demande = changer_adresse(dupont.conjoint)
    page = texte(connecter(dupont.titulaire).get(reverse("familles:compte")))
    assert "Demander une modification" in page
    assert f"Demande n° {demande.pk} en attente" in page


# --- Booking and absence --------------------------------------------------------------------------------


def reserver_par_la_page(client, enfant, prestation, *jours, **autres):
    donnees = {"mois": "2026-12", "cases": [case(prestation, jour) for jour in jours], **autres}
    return client.post(adresse("reserver", enfant.pk), donnees)


def test_reserver_transmet_et_revient_au_mois(dupont, lea, repas, connecter):
    reponse = reserver_par_la_page(connecter(dupont.titulaire), lea, repas, JOUR, AUTRE_JOUR)
    assert reponse.url == f"{reverse('planning:mois', args=[lea.pk])}?mois=2026-12&jour=2026-12-03"
    assert Demande.objects.get().lignes.count() == 2


def test_la_conjointe_separee_peut_reserver(dupont, lea, repas, connecter):
    assert reserver_par_la_page(connecter(dupont.conjoint), lea, repas, JOUR).status_code == 302
    assert Demande.objects.get().deposant == dupont.conjoint


def test_une_double_reservation_n_ecrit_rien_deux_fois(dupont, lea, repas, connecter):
    client = connecter(dupont.titulaire)
    reserver_par_la_page(client, lea, repas, JOUR)
    reponse = reserver_par_la_page(client, lea, repas, JOUR)
    assert reponse.status_code == 409
    assert "jeudi 3 décembre 2026" in texte(reponse)
    assert (Demande.objects.count(), Reservation.objects.count()) == (1, 1)


def test_un_jour_refuse_parmi_d_autres_se_dit_et_rien_n_est_perdu(dupont, lea, repas, connecter):
    client = connecter(dupont.titulaire)
    reponse = reserver_par_la_page(client, lea, repas, JOUR, JOUR_PASSE)
    assert reponse.status_code == 422
    contenu = reponse.content.decode()
    assert "lundi 23 novembre 2026" in contenu
    assert "Rien n’est encore envoyé" in contenu
    cachees = re.findall(r'name="cases" value="([^"]+)"', contenu)
    assert cachees == [case(repas, JOUR)]
    assert not Demande.objects.exists()
    suite = client.post(adresse("reserver", lea.pk), {"cases": cachees, "mois": "2026-12"})
    assert suite.status_code == 302
    assert Demande.objects.get().lignes.get().jour == JOUR


def test_apres_le_delai_la_page_le_dit_et_rien_n_est_ecrit(dupont, lea, repas, connecter):
    reponse = reserver_par_la_page(connecter(dupont.titulaire), lea, repas, JOUR_PASSE)
    assert reponse.status_code == 409
    assert "Rien n’a été envoyé" in texte(reponse)
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("cases", [[], ["n’importe quoi"], ["999999999:2026-12-03"], ["1:2026-99-99"]])
def test_une_saisie_illisible_ne_donne_jamais_d_erreur_interne(dupont, lea, connecter, cases):
    client = connecter(dupont.titulaire)
    for nom in ("reserver", "absence"):
        reponse = client.post(adresse(nom, lea.pk), {"mois": "zz", "cases": cases, "motif": "1"})
        assert reponse.status_code in (409, 422)
    assert client.get(adresse("reserver", lea.pk)).status_code == 405
    assert client.get(adresse("absence", lea.pk), {"cases": cases}).status_code in (200, 409)
    assert not Demande.objects.exists()


def test_une_absence_demande_sa_raison_puis_part(dupont, lea, repas, reserver, agent, raison, connecter):
    actions.accepter(demande=reserver(dupont.titulaire, lea), par=agent)
    client = connecter(dupont.titulaire)
    donnees = {"mois": "2026-12", "cases": [case(repas, JOUR)]}
    page = client.post(adresse("absence", lea.pk), donnees)
    assert page.status_code == 200
    assert "Entrer la raison de l’absence" in texte(page)
    assert str(raison) in texte(page)
    assert Demande.objects.count() == 1
    faux = client.post(adresse("absence", lea.pk), donnees | {"motif": "999"})
    assert faux.status_code == 422
    reponse = client.post(adresse("absence", lea.pk), donnees | {"motif": raison.pk})
    assert reponse.status_code == 302
    assert Demande.objects.filter(nature="absence").count() == 1


def test_une_absence_sur_un_jour_non_reserve_est_refusee(dupont, lea, repas, raison, connecter):
    donnees = {"cases": [case(repas, JOUR)], "motif": raison.pk}
    reponse = connecter(dupont.titulaire).post(adresse("absence", lea.pk), donnees)
    assert reponse.status_code == 409
    assert not Demande.objects.exists()


def test_le_depot_coute_moins_de_vingt_cinq_requetes(dupont, lea, repas, connecter):
    client = connecter(dupont.titulaire)
    with CaptureQueriesContext(connection) as capture:
        reserver_par_la_page(client, lea, repas, JOUR, AUTRE_JOUR)
    assert Demande.objects.count() == 1
    assert len(lues(capture)) <= 25, "\n".join(lues(capture))


def test_apres_l_envoi_le_telephone_rouvre_la_semaine_des_jours_choisis(dupont, lea, repas, connecter):
    client = connecter(dupont.titulaire)
    jour = date(2026, 12, 17)
    envoi = {"cases": [case(repas, jour)], "mois": "2026-12"}
    page = client.post(adresse("reserver", lea.pk), envoi, follow=True).content.decode()
    ouvertes = re.findall(r'<details class="semaine" open>\s*<summary>([^<]*)', page)
    assert ouvertes == ["Du lundi 14 au dimanche 20 décembre"]


@pytest.mark.parametrize("jour", ["", "x", "2026-13-45", "9999-12-31", "\x00", "2026-11-01"])
def test_un_jour_qui_n_est_pas_du_mois_n_ouvre_aucune_autre_semaine(dupont, lea, connecter, jour):
    client, planning = connecter(dupont.titulaire), reverse("planning:mois", args=[lea.pk])
    ouvertes = [
        re.findall(
            r'<details class="semaine" open>\s*<summary>([^<]*)',
            client.get(planning, donnees).content.decode(),
        )
        for donnees in ({"mois": "2026-12"}, {"mois": "2026-12", "jour": jour})
    ]
    assert ouvertes[0] == ouvertes[1] != []


def test_un_jour_complet_parmi_d_autres_se_dit_des_l_envoi(
    dupont, lea, martin, hugo, repas, reserver, agent, connecter
):
    repas.capacite, repas.acceptation = 1, Acceptation.AUTOMATIQUE_PLACES
    repas.save()
    reserver(martin.titulaire, hugo, JOUR)
    envoi = {"cases": [case(repas, JOUR), case(repas, AUTRE_JOUR)], "mois": "2026-12"}
    lue = connecter(dupont.titulaire).post(adresse("reserver", lea.pk), envoi, follow=True).content.decode()
    assert "acceptée, en partie sur liste d’attente. Le détail est dans" in lue
