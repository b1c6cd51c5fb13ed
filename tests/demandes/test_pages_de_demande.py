"""What the pages of requests say and offer: who examines, what may still be accepted, what a form asks."""

import re
from datetime import date

import pytest
from django.urls import reverse

from demandes import actions
from demandes.models import Demande
from demandes.natures import NATURES
from demandes.natures.autorisations import ILLISIBLE
from familles.enums import Situation
from familles.models import AnneeScolaire, Inscription, PersonneAutorisee, Rattachement
from messagerie.models import Message
from tests.demandes.conftest import (
    JOUR,
    MAMIE,
    SAISIES,
    adresse,
    personnes,
    saisie,
    saisie_inscription,
    texte,
)
from tests.fabriques.demandes import DemandeFactory


def decision(demande):
    return reverse("admin:demandes_demande_decider", args=[demande.pk])


# --- Who examines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nature", "qui"), [("fiscal", "La comptabilité"), ("famille", "Le service enfance")]
)
def test_l_accuse_et_le_detail_nomment_qui_decide(dupont, deposer, connecter, nature, qui):
    demande = deposer(dupont.titulaire, nature, saisie(dupont.titulaire, nature, **SAISIES[nature]))
    assert f"{qui} l’examine" in Message.objects.get().corps
    page = texte(connecter(dupont.titulaire).get(demande.get_absolute_url()))
    assert f"{qui} examine votre demande" in page


def test_l_accuse_nomme_l_enfant_par_le_prenom_qu_il_a(dupont, lea, deposer):
    deposer(
        dupont.titulaire, "identite", saisie(dupont.titulaire, "identite", lea, prenom="Léana"), enfant=lea
    )
    corps = Message.objects.get().corps
    assert "Léa : prénom" in corps
    assert "Léana" not in corps


def test_la_caf_garde_ses_majuscules(dupont, deposer):
    deposer(dupont.titulaire, "caf", SAISIES["caf"])
    assert "(informations CAF)" in Message.objects.get().corps


# --- What the staff read beside --------------------------------------------------------------------------


@pytest.fixture
def deux_foyers(dupont, martin, lea):
    Rattachement.objects.create(enfant=lea, famille=martin, du=lea.rattachements.get().du)
    return dupont.titulaire, martin.titulaire


def test_la_demande_de_l_autre_foyer_se_lit_a_cote_sans_rien_de_lui(
    deux_foyers, lea, deposer, agent, connecter
):
    jean, paul = deux_foyers
    une = deposer(jean, "identite", saisie(jean, "identite", lea, prenom="Léana"), enfant=lea)
    autre = deposer(paul, "identite", saisie(paul, "identite", lea, prenom="Léa-Lou"), enfant=lea)
    page = texte(connecter(agent).get(decision(une)))
    assert f"Demande n° {autre.pk}, identité" in page
    assert "d’un autre foyer de l’enfant" in page
    assert "Prénom : Léa-Lou" in page
    assert "Martin" not in page.split("Aussi en attente")[1]


def test_la_demande_contraire_du_meme_dossier_dit_ce_qu_elle_change(dupont, lea, deposer, agent, connecter):
    une = deposer(
        dupont.titulaire, "identite", saisie(dupont.titulaire, "identite", lea, prenom="Léana"), enfant=lea
    )
    deposer(
        dupont.conjoint, "identite", saisie(dupont.conjoint, "identite", lea, prenom="Léonie"), enfant=lea
    )
    suite = texte(connecter(agent).get(decision(une))).split("Aussi en attente")[1]
    assert "Prénom : Léonie" in suite
    assert "autre foyer" not in suite


def test_une_demande_qui_ne_peut_qu_etre_refusee_n_offre_pas_d_accepter(
    dupont, lea, deposer, agent, connecter
):
    papi = PersonneAutorisee.objects.create(enfant=lea, nom="Durand", prenom="Marcel")
    ligne = {
        "id": papi.pk,
        "nom": "Durand",
        "prenom": "Marcel",
        "telephone": "0561000000",
        "peut_recuperer": "on",
    }
    demande = deposer(dupont.titulaire, "autorisations", personnes(ligne, connues=1), enfant=lea)
    client = connecter(agent)
    assert 'name="accepter"' in client.get(decision(demande)).content.decode()
    papi.delete()
    page = client.get(decision(demande)).content.decode()
    assert 'name="accepter"' not in page
    assert 'name="refuser"' in page
    assert "Cette demande ne peut plus être acceptée" in page


def test_une_inscription_deja_faite_ne_peut_qu_etre_refusee(dupont, lea, garderie, deposer, agent, connecter):
    demande = deposer(dupont.titulaire, "inscription", saisie_inscription(garderie), enfant=lea)
    annee = Inscription.objects.get(enfant=lea).annee
    Inscription.objects.create(
        enfant=lea, prestation=garderie, annee=annee, famille=dupont, du=annee.debut, au=annee.fin
    )
    page = texte(connecter(agent).get(decision(demande)))
    assert "l’enfant a déjà cette inscription" in page


def test_accepter_la_vie_commune_avertit_de_ce_qu_elle_ouvre(dupont, deposer, agent, connecter):
    demande = deposer(dupont.titulaire, "famille", {"situation": Situation.MARIE})
    assert "ouvre tout le dossier à l’autre responsable" in texte(connecter(agent).get(decision(demande)))


def test_un_lot_dit_ce_que_ce_compte_ne_decide_pas_et_ce_qui_a_sa_reponse(
    dupont, martin, lea, deposer, changer_adresse, agent, connecter
):
    impots = deposer(dupont.titulaire, "fiscal", SAISIES["fiscal"])
    faite = changer_adresse(martin.titulaire)
    actions.accepter(demande=faite, par=agent)
    prenom = deposer(
        dupont.titulaire, "identite", saisie(dupont.titulaire, "identite", lea, prenom="Léana"), enfant=lea
    )
    page = connecter(agent).get(
        reverse("admin:demandes_demande_en_nombre"), {"demandes": [impots.pk, faite.pk, prenom.pk]}
    )
    contenu, dite = page.content.decode(), texte(page)
    assert "Cette demande est décidée par la comptabilité." in dite
    assert f'name="demandes" value="{impots.pk}"' not in contenu
    assert f'name="demandes" value="{prenom.pk}"' in contenu
    assert "Enfant : Léa · Prénoms : Léana" in dite
    assert f"Cette demande choisie n’attend plus de réponse : n° {faite.pk}" in dite


def test_le_bilan_d_un_lot_ne_dit_le_numero_qu_une_fois(
    dupont, changer_adresse, agent, autre_agent, connecter
):
    demande = changer_adresse(dupont.titulaire)
    actions.accepter(demande=demande, par=autre_agent)
    envoi = {"demandes": [demande.pk], "accepter": "1"}
    bilan = connecter(agent).post(reverse("admin:demandes_demande_en_nombre"), envoi, follow=True)
    assert f"Demande n° {demande.pk} : cette demande a déjà reçu une réponse" in bilan.content.decode()
    faux = connecter(agent).post(
        reverse("admin:demandes_demande_en_nombre"), {"demandes": ["x"], "accepter": "1"}
    )
    assert "Les demandes cochées n’ont pas pu être lues" in faux.content.decode()


# --- What a form asks ------------------------------------------------------------------------------------


def test_un_jour_de_toutes_les_semaines_est_des_deux(dupont, lea, garderie, connecter):
    page = adresse("modifier_enfant", "inscription", lea.pk)
    cle = f"p{garderie.pk}"
    vide = connecter(dupont.titulaire).get(page).content.decode()
    assert "D’autres jours une semaine sur deux" in vide
    assert "<details>" in vide
    donnees = saisie_inscription(garderie, paire="2", impaire="") | {f"{cle}-toutes": ["1", "4"]}
    assert connecter(dupont.titulaire).post(page, donnees).status_code == 302
    choix = Demande.objects.get().apres["prestations"][str(garderie.pk)]
    assert (choix["paire"], choix["impaire"]) == ("124", "14")


def test_des_inscriptions_fermees_ne_montrent_pas_de_formulaire(dupont, lea, connecter):
    annee = Inscription.objects.get(enfant=lea).annee
    annee.inscriptions_du, annee.inscriptions_au = JOUR.replace(month=1), JOUR.replace(month=2)
    annee.save()
    page = connecter(dupont.titulaire).get(adresse("modifier_enfant", "inscription", lea.pk))
    assert "Les inscriptions ne sont pas ouvertes" in texte(page)
    assert "Envoyer ma demande" not in texte(page)


def test_une_inscription_deja_tenue_ne_se_coche_pas_une_seconde_fois(dupont, lea, garderie, repas, connecter):
    client, page = connecter(dupont.titulaire), adresse("modifier_enfant", "inscription", lea.pk)
    lue = texte(client.get(page))
    assert "Inscrire à Garderie soir" in lue
    assert "Inscrire à Repas" not in lue


def test_qui_a_toutes_les_inscriptions_lit_ou_reserver_ses_jours(dupont, lea, repas, connecter):
    lue = texte(connecter(dupont.titulaire).get(adresse("modifier_enfant", "inscription", lea.pk)))
    assert "Léa a déjà toutes ces inscriptions" in lue
    assert "Envoyer ma demande" not in lue


def test_une_annee_de_plus_s_ouvre_a_qui_a_deja_celle_ci(dupont, lea, repas, connecter):
    AnneeScolaire.objects.create(debut=date(2027, 9, 1))
    lue = texte(connecter(dupont.titulaire).get(adresse("modifier_enfant", "inscription", lea.pk)))
    assert "Léa a déjà cette inscription pour 2026-2027" in lue
    assert "Inscrire à Repas" in lue


def test_un_bloc_vide_n_est_ni_coche_ni_obligatoire(dupont, lea, connecter):
    client, page = connecter(dupont.titulaire), adresse("modifier_enfant", "autorisations", lea.pk)
    contenu = client.get(page).content.decode()
    bloc = contenu.split("Ajouter une personne")[1]
    assert "checked" not in bloc.split("</fieldset>")[0]
    assert "required" not in bloc.split("</fieldset>")[0]
    sans_nom = client.post(page, personnes(MAMIE | {"nom": ""}))
    assert sans_nom.status_code == 422
    assert "Ce champ est obligatoire" in texte(sans_nom)


def test_un_formulaire_de_personnes_force_le_dit_en_francais(dupont, lea, connecter):
    donnees = personnes(MAMIE) | {"p-TOTAL_FORMS": "abc"}
    page = connecter(dupont.titulaire).post(adresse("modifier_enfant", "autorisations", lea.pk), donnees)
    assert page.status_code == 422
    assert ILLISIBLE in texte(page)
    assert "ManagementForm" not in texte(page)


def test_la_page_de_la_photo_ne_demande_qu_une_photo(dupont, lea, connecter):
    page = texte(connecter(dupont.titulaire).get(adresse("modifier_enfant", "photo", lea.pk)))
    assert "Une seule photo, en JPEG ou en PNG" in page
    assert "PDF" not in page
    assert "Cinq fichiers" not in page


def test_retirer_se_confirme(dupont, changer_adresse, connecter):
    demande = changer_adresse(dupont.titulaire)
    contenu = connecter(dupont.titulaire).get(demande.get_absolute_url()).content.decode()
    repli = re.search(r"<details.*?</details>", contenu, re.DOTALL).group()
    assert "Retirer ma demande" in repli.split("</summary>")[0]
    assert f"Oui, retirer ma demande n° {demande.pk}" in repli.split("</summary>")[1]


@pytest.mark.parametrize("methode", ["put", "delete", "patch", "options"])
def test_les_pages_de_demande_ne_prennent_que_lecture_et_envoi(dupont, lea, agent, connecter, methode):
    client = connecter(dupont.titulaire)
    pages = [
        adresse("modifier", "responsable"),
        adresse("modifier_enfant", "identite", lea.pk),
        adresse("absence", lea.pk),
        adresse("annee", lea.pk),
        adresse("inscription"),
    ]
    assert {getattr(client, methode)(page).status_code for page in pages} == {405}
    demande = DemandeFactory()
    client = connecter(agent)
    for page in (decision(demande), reverse("admin:demandes_demande_en_nombre")):
        assert getattr(client, methode)(page).status_code == 405


def test_dire_qui_examine_vaut_pour_chaque_nature(collectivite):
    assert NATURES["bancaire"].qui_examine(collectivite) == "la comptabilité"
    collectivite.service = "Les P’tiots"
    assert NATURES["identite"].qui_examine(collectivite) == "Les P’tiots"
