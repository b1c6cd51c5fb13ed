"""Who may collect a child and who is to warn; what the other household learns of it."""

import pytest

from demandes import actions
from demandes.models import Demande
from demandes.natures import NATURES
from familles.erreurs import Invalide
from familles.models import PersonneAutorisee, Rattachement
from messagerie.models import Message
from tests.demandes.conftest import MAMIE, acces_de, adresse, personnes, saisie


@pytest.fixture
def papi(lea):
    return PersonneAutorisee.objects.create(
        enfant=lea, nom="Durand", prenom="Marcel", telephone="05.61.00.00.00", peut_recuperer=True
    )


def connue(personne, **changes):
    champs = ("nom", "prenom", "lien", "telephone", "peut_recuperer", "a_prevenir")
    valeurs = {nom: getattr(personne, nom) for nom in champs} | {"id": personne.pk} | changes
    return {nom: valeur for nom, valeur in valeurs.items() if valeur not in ("", False)}


def test_ajouter_changer_et_retirer_d_une_seule_demande(dupont, lea, papi, deposer, agent):
    autre = PersonneAutorisee.objects.create(enfant=lea, nom="Roux", prenom="Anne")
    donnees = personnes(connue(papi, telephone="0562000000"), connue(autre, DELETE="on"), MAMIE, connues=2)
    demande = deposer(dupont.titulaire, "autorisations", donnees, enfant=lea)
    assert PersonneAutorisee.objects.count() == 2
    assert len(NATURES["autorisations"].resume(Demande.objects.get(pk=demande.pk))) == 3
    actions.accepter(demande=demande, par=agent)
    restantes = PersonneAutorisee.objects.values_list("prenom", "telephone")
    assert set(restantes) == {("Marcel", "05.62.00.00.00"), ("Odette", "06.11.22.33.44")}


def test_la_personne_d_un_autre_enfant_n_est_ni_lue_ni_changee(dupont, martin, lea, hugo, papi, deposer):
    etrangere = PersonneAutorisee.objects.create(enfant=hugo, nom="Secret", prenom="Zoé")
    donnees = personnes(connue(etrangere, nom="Volée"), connues=1)
    form = NATURES["autorisations"].formulaire(acces_de(dupont.titulaire), donnees, enfant=lea)
    assert not form.is_valid()


@pytest.mark.parametrize(
    "change",
    [
        {"telephone": "06"},
        {"a_prevenir": "on", "telephone": ""},
        {"peut_recuperer": ""},
        {"nom": ""},
        {"nom": "123"},
    ],
)
def test_une_personne_mal_decrite_revient_a_sa_place(dupont, lea, connecter, change):
    reponse = connecter(dupont.titulaire).post(
        adresse("modifier_enfant", "autorisations", lea.pk), personnes(MAMIE | change)
    )
    assert reponse.status_code == 422
    assert 'value="Odette"' in reponse.content.decode()
    assert not Demande.objects.exists()


@pytest.mark.parametrize(
    "donnees", [{"x": "1"}, {"p-TOTAL_FORMS": "z", "p-INITIAL_FORMS": "-1"}, personnes()]
)
def test_un_formulaire_de_personnes_illisible_ne_donne_pas_d_erreur(dupont, lea, connecter, donnees):
    page = adresse("modifier_enfant", "autorisations", lea.pk)
    assert connecter(dupont.titulaire).post(page, donnees).status_code == 422


def test_une_personne_retiree_entre_temps_ne_se_change_plus(dupont, lea, papi, deposer, agent):
    donnees = personnes(connue(papi, telephone="0562000000"), connues=1)
    demande = deposer(dupont.titulaire, "autorisations", donnees, enfant=lea)
    papi.delete()
    with pytest.raises(Invalide):
        actions.accepter(demande=demande, par=agent)


# --- Two households --------------------------------------------------------------------------------------


def test_l_autre_foyer_apprend_que_la_fiche_a_change(dupont, martin, lea, deposer, agent):
    Rattachement.objects.create(enfant=lea, famille=martin, du="2026-01-01")
    demande = deposer(dupont.titulaire, "autorisations", personnes(MAMIE), enfant=lea)
    actions.accepter(demande=demande, par=agent)
    recus = Message.objects.exclude(conversation__responsable=dupont.titulaire)
    assert {m.conversation.responsable for m in recus} == {dupont.conjoint, martin.titulaire}
    assert all("Odette" not in m.corps for m in recus)


def test_de_la_sante_seuls_ceux_qui_la_voient_sont_prevenus(dupont, martin, lea, voit_sante, deposer, agent):
    Rattachement.objects.create(enfant=lea, famille=martin, du="2026-01-01")
    donnees = saisie(dupont.titulaire, "sanitaire", lea, allergies="arachides")
    actions.accepter(demande=deposer(dupont.titulaire, "sanitaire", donnees, enfant=lea), par=agent)
    recus = Message.objects.exclude(conversation__responsable=dupont.titulaire)
    assert [m.conversation.responsable for m in recus] == [dupont.conjoint]
