"""Inscription for a school year: prestations, weeks, signature; what the acceptance creates."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError

from demandes import actions
from demandes.models import Demande, SignatureReglement, VersionReglement
from demandes.natures import NATURES
from familles import horloge
from familles.erreurs import Invalide, Refus
from familles.models import AnneeScolaire, Inscription, Rattachement
from messagerie.models import Message
from planning.models import Creneau, Reservation
from tests.demandes.conftest import acces_de, adresse, saisie_inscription, texte


@pytest.fixture
def page(lea):
    return adresse("modifier_enfant", "inscription", lea.pk)


@pytest.fixture
def reglement(collectivite):
    VersionReglement.objects.create(du=date(2025, 9, 1), texte="Ancien texte.")
    VersionReglement.objects.create(du=date(2027, 9, 1), texte="Texte à venir.")
    return VersionReglement.objects.create(du=date(2026, 9, 1), texte="Article 1. À l’heure.")


def test_l_acceptation_inscrit_et_reserve_le_rythme(dupont, lea, garderie, deposer, agent):
    donnees = saisie_inscription(garderie, paire="1", impaire="4")
    demande = deposer(dupont.titulaire, "inscription", donnees, enfant=lea)
    assert not Inscription.objects.filter(prestation=garderie).exists()
    actions.accepter(demande=demande, par=agent)
    inscription = Inscription.objects.get(prestation=garderie)
    assert (inscription.famille, inscription.semaine_paire, inscription.semaine_impaire) == (dupont, "1", "4")
    assert (inscription.du, inscription.au) == (date(2026, 11, 24), date(2027, 8, 31))
    jours = list(Reservation.objects.filter(prestation=garderie).values_list("jour", flat=True))
    # ISO weeks: 49 is odd (a Thursday), 50 is even (a Monday).
    assert date(2026, 12, 3) in jours
    assert date(2026, 12, 7) in jours
    assert date(2026, 11, 30) not in jours
    assert all(j.isoweekday() == (4 if j.isocalendar().week % 2 else 1) for j in jours)


def test_l_annee_qui_vient_est_ouverte_l_annee_passee_non(dupont, lea, garderie, deposer, agent):
    prochaine = AnneeScolaire.objects.create(debut=date(2027, 9, 1))
    passee = AnneeScolaire.objects.create(debut=date(2025, 9, 1))
    lointaine = AnneeScolaire.objects.create(debut=date(2028, 9, 1))
    demande = deposer(dupont.titulaire, "inscription", saisie_inscription(garderie, prochaine), enfant=lea)
    actions.accepter(demande=demande, par=agent)
    assert Inscription.objects.get(prestation=garderie).du == date(2027, 9, 1)
    for annee in (passee, lointaine):
        donnees = saisie_inscription(garderie, annee)
        form = NATURES["inscription"].formulaire(acces_de(dupont.titulaire), donnees, enfant=lea)
        assert "annee" in form.errors


def test_la_page_montre_prestations_et_reglement(dupont, lea, garderie, reglement, page, connecter):
    client = connecter(dupont.titulaire)
    assert lea.prenom in texte(client.get(adresse("inscription")))
    contenu = texte(client.get(page))
    for attendu in ("2026-2027", "Repas", "Garderie soir", "Semaines paires", "Article 1. À l’heure."):
        assert attendu in contenu
    assert "Ancien texte" not in contenu
    assert "Texte à venir" not in contenu


def test_la_signature_garde_sa_version(dupont, lea, garderie, reglement, page, connecter):
    client = connecter(dupont.titulaire)
    refusee = client.post(page, saisie_inscription(garderie))
    assert refusee.status_code == 422
    assert "Acceptez le règlement intérieur" in texte(refusee)
    donnees = saisie_inscription(garderie, accepte="on", signature="Jean Dupont", lues=[reglement.pk])
    assert client.post(page, donnees).status_code == 302
    signature = SignatureReglement.objects.get()
    assert (signature.version, signature.responsable, signature.nom) == (
        reglement,
        dupont.titulaire,
        "Jean Dupont",
    )
    reglement.texte = "Autre chose"
    with pytest.raises(ValidationError):
        reglement.save()
    assert "version du 01/09/2026, par Jean Dupont" in texte(
        client.get(Demande.objects.get().get_absolute_url())
    )


def test_on_ne_signe_que_le_texte_que_l_on_a_lu(dupont, lea, garderie, reglement, page, connecter):
    """The town publishes a new version while a parent reads the former one."""
    client = connecter(dupont.titulaire)
    nouvelle = VersionReglement.objects.create(du=date(2026, 11, 1), texte="Article 1 bis.")
    donnees = saisie_inscription(garderie, accepte="on", signature="Jean Dupont", lues=[reglement.pk])
    refusee = client.post(page, donnees)
    assert refusee.status_code == 422
    assert "vient de changer" in texte(refusee)
    assert "Article 1 bis." in texte(refusee)
    assert 'value="Jean Dupont"' in refusee.content.decode()
    assert client.post(page, donnees | {"lues": [nouvelle.pk]}).status_code == 302
    assert SignatureReglement.objects.get().version == nouvelle


def test_pour_l_annee_qui_vient_on_signe_le_reglement_qui_vient(
    dupont, lea, garderie, reglement, page, connecter
):
    prochaine = AnneeScolaire.objects.create(debut=date(2027, 9, 1))
    client = connecter(dupont.titulaire)
    assert "Texte à venir." in texte(client.get(page))
    donnees = saisie_inscription(garderie, prochaine, accepte="on", signature="Jean Dupont")
    assert client.post(page, donnees | {"lues": [reglement.pk]}).status_code == 422
    lues = list(VersionReglement.objects.filter(du__gte=date(2026, 9, 1)).values_list("pk", flat=True))
    assert client.post(page, donnees | {"lues": lues}).status_code == 302
    assert SignatureReglement.objects.get().version.du == date(2027, 9, 1)


@pytest.mark.parametrize(
    ("du", "au", "ouvertes", "phrase"),
    [
        (None, None, True, ""),
        (date(2026, 11, 24), date(2026, 11, 24), True, "jusqu’au mardi 24 novembre 2026 inclus"),
        (date(2026, 11, 25), None, False, "à partir du mercredi 25 novembre 2026"),
        (None, date(2026, 11, 23), False, "closes depuis le lundi 23 novembre 2026"),
    ],
)
def test_la_ville_ouvre_et_ferme_les_inscriptions(
    dupont, lea, garderie, page, connecter, du, au, ouvertes, phrase
):
    AnneeScolaire.objects.update(inscriptions_du=du, inscriptions_au=au)
    client = connecter(dupont.titulaire)
    porte = texte(client.get(adresse("inscription")))
    assert phrase in porte
    assert ("Inscrire Léa" in porte) == ouvertes
    reponse = client.post(page, saisie_inscription(garderie))
    assert reponse.status_code == (302 if ouvertes else 422)
    assert ouvertes or "ne sont pas ouvertes" in texte(reponse)


def test_une_demande_envoyee_a_temps_se_decide_apres_la_fermeture(dupont, lea, garderie, deposer, agent):
    demande = deposer(dupont.titulaire, "inscription", saisie_inscription(garderie), enfant=lea)
    AnneeScolaire.objects.update(inscriptions_au=date(2026, 11, 1))
    actions.accepter(demande=demande, par=agent)
    assert Inscription.objects.filter(prestation=garderie).exists()


def test_l_accuse_dit_ce_qui_est_demande(dupont, lea, garderie, deposer):
    deposer(dupont.titulaire, "inscription", saisie_inscription(garderie), enfant=lea)
    assert "Inscriptions demandées :\nLéa, 2026-2027 : Garderie soir\n" in Message.objects.get().corps


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"paire": "3"}, "3"),
        ({"annee": None}, None),
        ({"sans": True}, "Cochez au moins une prestation"),
        ({"sans": True, "jours": True}, "Cochez aussi l’inscription"),
    ],
)
def test_une_saisie_fausse_ne_part_pas(dupont, lea, garderie, page, connecter, changes, phrase):
    donnees = saisie_inscription(garderie, paire=changes.get("paire", "14"))
    cle = f"p{garderie.pk}"
    if "annee" in changes:
        donnees["annee"] = "zz"
    if "sans" in changes:
        del donnees[cle]
        if "jours" not in changes:
            del donnees[f"{cle}-paire"], donnees[f"{cle}-impaire"]
    reponse = connecter(dupont.titulaire).post(page, donnees)
    assert reponse.status_code == 422
    assert phrase is None or phrase in texte(reponse)
    assert not Demande.objects.exists()


def test_on_ne_s_inscrit_pas_deux_fois(dupont, lea, repas, garderie, page, deposer, agent, connecter):
    reponse = connecter(dupont.titulaire).post(page, saisie_inscription(repas))
    assert reponse.status_code == 422
    assert "a déjà cette inscription" in texte(reponse)
    demande = deposer(dupont.titulaire, "inscription", saisie_inscription(garderie), enfant=lea)
    annee = AnneeScolaire.objects.get()
    Inscription.objects.create(
        enfant=lea, prestation=garderie, annee=annee, famille=dupont, du=annee.debut, au=annee.fin
    )
    with pytest.raises(Refus):
        actions.accepter(demande=demande, par=agent)


def test_une_prestation_retiree_entre_temps_bloque_l_acceptation(
    dupont, lea, repas, garderie, deposer, agent
):
    demande = deposer(dupont.titulaire, "inscription", saisie_inscription(garderie), enfant=lea)
    garderie.active = False
    garderie.save()
    with pytest.raises(Invalide):
        actions.accepter(demande=demande, par=agent)
    assert not Reservation.objects.exists()


def test_la_porte_ne_montre_que_les_enfants_d_aujourd_hui(dupont, martin, lea, page, connecter):
    Rattachement.objects.filter(enfant=lea).get()
    assert connecter(martin.titulaire).get(page).status_code == 404
    lien = Rattachement.objects.get(enfant=lea)
    lien.au = date(2026, 11, 1)
    lien.save()
    client = connecter(dupont.titulaire)
    assert "Aucun enfant" in texte(client.get(adresse("inscription")))
    assert client.get(page).status_code == 404


def test_la_reponse_dit_les_jours_qu_un_creneau_n_ouvre_pas_encore(dupont, lea, garderie, deposer, agent):
    Creneau.objects.create(
        nom="Printemps",
        du=date(2027, 3, 1),
        au=date(2027, 8, 31),
        ouverture=datetime(2027, 1, 11, 9, 0, tzinfo=horloge.fuseau()),
    )
    demande = deposer(dupont.titulaire, "inscription", saisie_inscription(garderie), enfant=lea)
    actions.accepter(demande=demande, par=agent)
    reservees = Reservation.objects.filter(prestation=garderie)
    assert reservees.exists()
    assert not reservees.filter(jour__gte=date(2027, 3, 1)).exists()
    corps = Message.objects.order_by("pk").last().corps
    assert (
        "Ces jours ne sont pas réservés ; demandez-les sur le planning quand ils pourront l’être :" in corps
    )
    assert "Garderie soir, 5" in corps
    assert "du 01/03/2027 au 30/08/2027 : Les réservations de ce jour (Printemps) ouvrent le lundi" in corps


def test_la_page_dit_ce_que_l_enfant_a_deja_et_les_documents_de_la_ville(
    dupont, lea, garderie, page, collectivite, connecter
):
    client = connecter(dupont.titulaire)
    assert "Ceux que la structure demande." in texte(client.get(page))
    collectivite.documents_inscription = "Attestation d’assurance\nPage des vaccins"
    collectivite.save()
    lue = texte(client.get(page))
    assert "Léa a déjà cette inscription pour 2026-2027" in lue
    assert lue.count("déjà cette inscription") == 1
    assert "À joindre : Attestation d’assurance Page des vaccins" in lue


def test_l_annee_proposee_est_la_premiere_ou_il_reste_a_demander(dupont, lea, repas, page, connecter):
    prochaine = AnneeScolaire.objects.create(debut=date(2027, 9, 1))
    client = connecter(dupont.titulaire)
    # Meals are held this year already, and are the only service.
    assert f'value="{prochaine.pk}" selected' in client.get(page).content.decode()
