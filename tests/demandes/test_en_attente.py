"""What waits is shown next to the value, to who may read the request, and to nobody else."""

from datetime import date

import pytest

from familles.models import PersonneAutorisee, Rattachement
from tests.demandes.conftest import IBAN, MAMIE, SAISIES, personnes, saisie, texte
from tests.planning.pages import compter_requetes


@pytest.mark.parametrize(
    ("nature", "attendu"),
    [
        ("fiscal", "Revenu fiscal de référence – en attente : 32 450"),
        ("caf", "Numéro d’allocataire en attente : 7654321"),
        ("bancaire", "IBAN – en attente : FR76 •••• 0189"),
        ("famille", "Situation Séparé en attente : Divorcé"),
    ],
)
def test_mon_compte_dit_ce_qui_attend_a_cote_de_la_valeur(dupont, deposer, connecter, nature, attendu):
    deposer(dupont.titulaire, nature, SAISIES[nature])
    page = texte(connecter(dupont.titulaire).get("/compte/")).replace("&nbsp;", " ")
    assert attendu in page
    assert IBAN not in page
    sienne = texte(connecter(dupont.conjoint).get("/compte/"))
    assert "en attente" not in sienne


def test_toutes_les_rubriques_en_attente_tiennent_en_huit_requetes(
    dupont, deposer, changer_adresse, connecter
):
    for nature in ("fiscal", "caf", "bancaire", "famille"):
        deposer(dupont.titulaire, nature, SAISIES[nature])
    changer_adresse(dupont.titulaire, "3 place du Marché")
    client, nombres = connecter(dupont.titulaire), []
    client.get("/compte/")
    with compter_requetes(nombres):
        page = texte(client.get("/compte/"))
    assert page.count("en attente") >= 5
    assert nombres[0] <= 8


def test_l_adresse_qui_attend_ne_se_lit_pas_chez_le_conjoint_separe(dupont, changer_adresse, connecter):
    changer_adresse(dupont.titulaire, "3 place du Marché")
    page = texte(connecter(dupont.titulaire).get("/compte/")).replace("&nbsp;", " ")
    assert "12 rue des Bonbons en attente : 3 place du Marché" in page
    assert "place du Marché" not in texte(connecter(dupont.conjoint).get("/compte/"))


def test_la_fiche_de_l_enfant_dit_ce_qui_attend(dupont, lea, voit_sante, deposer, connecter):
    deposer(
        dupont.titulaire, "identite", saisie(dupont.titulaire, "identite", lea, prenom="Léana"), enfant=lea
    )
    deposer(dupont.titulaire, "autorisations", personnes(MAMIE), enfant=lea)
    donnees = saisie(dupont.titulaire, "sanitaire", lea, allergies="arachides")
    deposer(dupont.titulaire, "sanitaire", donnees, enfant=lea)
    client = connecter(dupont.titulaire)
    page = texte(client.get(lea.get_absolute_url())).replace("&nbsp;", " ")
    assert "Léa en attente : Léana" in page
    assert "Personne à ajouter : Durand Odette, grand-mère, 06.11.22.33.44" in page
    assert "arachides" not in page
    sante = texte(client.get(f"{lea.get_absolute_url()}sante/")).replace("&nbsp;", " ")
    assert "Allergies – en attente : arachides" in sante


def test_un_foyer_qui_ne_tient_plus_l_enfant_ne_lit_plus_ses_personnes_ni_sa_sante(
    dupont, lea, voit_sante, connecter
):
    PersonneAutorisee.objects.create(enfant=lea, nom="Durand", prenom="Odette", telephone="06.11.22.33.44")
    client = connecter(dupont.titulaire)
    adresses = [lea.get_absolute_url(), "/fiche-inscription/"]
    assert all("06.11.22.33.44" in texte(client.get(adresse)) for adresse in adresses)
    Rattachement.objects.filter(enfant=lea).update(au=date(2026, 11, 1))
    assert not any("06.11.22.33.44" in texte(client.get(adresse)) for adresse in adresses)
    assert client.get(lea.get_absolute_url()).status_code == 200
    assert client.get(f"{lea.get_absolute_url()}sante/").status_code == 403
