"""The form of an adult: what is checked as typed, what counts as a change, what moved in between."""

import pytest

from demandes import actions
from demandes.models import Demande
from demandes.natures import NATURES
from familles.erreurs import DejaTraite, Invalide, Refus
from familles.models import Responsable
from tests.demandes.conftest import acces_de, adresse, fiche


def formulaire(responsable, **changes):
    return NATURES["responsable"].formulaire(acces_de(responsable), fiche(responsable, **changes))


@pytest.mark.parametrize(
    ("champ", "saisie", "attendu"),
    [
        ("mobile", "0612345678", "06.12.34.56.78"),
        ("mobile", "06 12 34 56 78", "06.12.34.56.78"),
        ("mobile", "06-12-34-56-78", "06.12.34.56.78"),
        ("mobile", "+33 6 12 34 56 78", "06.12.34.56.78"),
        ("telephone_professionnel", "(0)5.61.00.00.00", "05.61.00.00.00"),
        ("telephone_domicile", "", ""),
        ("code_postal", "31000", "31000"),
        ("email", "jean@exemple.fr", "jean@exemple.fr"),
        ("qualite", "PERE", "PERE"),
        ("autorisation_sms", "on", True),
        ("organisme_rattachement", "0", "0"),
        ("adresse_employeur", "1 rue de l’Usine", "1 rue de l’Usine"),
    ],
)
def test_une_saisie_juste_est_gardee_normalisee(dupont, champ, saisie, attendu):
    form = formulaire(dupont.titulaire, **{champ: saisie})
    assert form.is_valid(), form.errors
    assert NATURES["responsable"].depot(form).apres == {champ: attendu}


@pytest.mark.parametrize(
    ("changes", "champ_fautif"),
    [
        ({"mobile": "06 12"}, "mobile"),
        ({"mobile": "bonjour"}, "mobile"),
        ({"telephone_domicile": "01 02 03 04 05 06 07"}, "telephone_domicile"),
        ({"code_postal": "3140"}, "code_postal"),
        ({"code_postal": "ABCDE"}, "code_postal"),
        ({"email": "jean@"}, "email"),
        ({"email": ""}, "email"),
        ({"nom": ""}, "nom"),
        ({"nom": "-1"}, "nom"),
        ({"prenom": "123"}, "prenom"),
        ({"qualite": "VOISIN"}, "qualite"),
        ({"ville": ""}, "ville"),
        ({"adresse": "x" * 201}, "adresse"),
    ],
)
def test_une_saisie_fausse_est_refusee_a_son_champ(dupont, changes, champ_fautif):
    form = formulaire(dupont.titulaire, **changes)
    assert not form.is_valid()
    assert champ_fautif in form.errors


@pytest.mark.parametrize("telephone", ["01.02.03.04.05", "0102030405", "+33 1 02 03 04 05"])
def test_le_meme_numero_ecrit_autrement_n_est_pas_un_changement(dupont, telephone):
    form = formulaire(dupont.titulaire, telephone_domicile=telephone)
    assert form.is_valid()
    with pytest.raises(Invalide):
        NATURES["responsable"].depot(form)


def test_seuls_les_champs_changes_sont_gardes(dupont, changer_adresse):
    demande = changer_adresse(dupont.titulaire, ville="Toulouse", code_postal="31000")
    assert demande.champs == ["adresse", "code_postal", "ville"]
    assert demande.avant == {"adresse": "12 rue des Bonbons", "code_postal": "31400", "ville": "Saint-Jean"}


def test_une_seule_demande_en_attente_par_rubrique(dupont, changer_adresse, agent):
    premiere = changer_adresse(dupont.titulaire)
    changer_adresse(dupont.conjoint)
    with pytest.raises(DejaTraite):
        changer_adresse(dupont.titulaire, "5 impasse des Lilas")
    actions.accepter(demande=premiere, par=agent)
    assert changer_adresse(dupont.titulaire, "5 impasse des Lilas").en_attente
    assert Demande.objects.en_attente().count() == 2


def test_une_valeur_qui_a_bouge_depuis_est_montree_comme_un_conflit(dupont, changer_adresse, agent):
    demande = changer_adresse(dupont.titulaire, mobile="0612345678")
    titulaire = Responsable.objects.get(pk=dupont.titulaire.pk)
    titulaire.adresse = "8 rue Neuve"
    titulaire.save()
    demande = Demande.objects.get(pk=demande.pk)
    adresse, mobile = NATURES["responsable"].resume(demande)
    assert (adresse.avant, adresse.actuel, adresse.apres) == (
        "12 rue des Bonbons",
        "8 rue Neuve",
        "3 place du Marché",
    )
    assert adresse.conflit
    assert not mobile.conflit


def test_on_ne_decide_pas_sur_une_fiche_qu_on_n_a_pas_vue(dupont, changer_adresse, agent):
    demande = Demande.objects.get(pk=changer_adresse(dupont.titulaire).pk)
    vu = NATURES["responsable"].empreinte(demande)
    titulaire = Responsable.objects.get(pk=dupont.titulaire.pk)
    titulaire.adresse = "8 rue Neuve"
    titulaire.save()
    with pytest.raises(Refus) as refus:
        actions.accepter(demande=demande, par=agent, vu=vu)
    assert refus.value.statut == 409
    demande = Demande.objects.get(pk=demande.pk)
    assert demande.en_attente
    actions.accepter(demande=demande, par=agent, vu=NATURES["responsable"].empreinte(demande))
    titulaire.refresh_from_db()
    assert titulaire.adresse == "3 place du Marché"


def test_l_acceptation_ne_touche_pas_aux_champs_non_demandes(dupont, changer_adresse, agent):
    demande = changer_adresse(dupont.titulaire)
    titulaire = Responsable.objects.get(pk=dupont.titulaire.pk)
    titulaire.mobile = "06.00.00.00.00"
    titulaire.coordonnees_masquees = True
    titulaire.save()
    actions.accepter(demande=demande, par=agent)
    titulaire.refresh_from_db()
    assert (titulaire.mobile, titulaire.coordonnees_masquees) == ("06.00.00.00.00", True)
    assert titulaire.adresse == "3 place du Marché"
    assert titulaire.history.first().adresse == "3 place du Marché"


def test_la_saisie_est_validee_de_nouveau_sur_la_fiche_d_aujourd_hui(dupont, deposer, agent):
    """Asked while an e-mail was on file; an agent has removed it since."""
    responsable = dupont.titulaire
    Responsable.objects.get(pk=responsable.pk)
    demande = deposer(responsable, "responsable", fiche(responsable, adresse="3 place du Marché"))
    titulaire = Responsable.objects.get(pk=responsable.pk)
    titulaire.email = ""
    titulaire.save()
    with pytest.raises(Invalide) as refus:
        actions.accepter(demande=demande, par=agent)
    assert "adresse électronique" in refus.value.message
    titulaire.refresh_from_db()
    assert titulaire.adresse == "12 rue des Bonbons"
    assert Demande.objects.get().en_attente


def test_une_case_decochee_est_un_changement(dupont, deposer, agent):
    responsable = dupont.titulaire
    donnees = fiche(responsable)
    del donnees["autorisation_courriel"]
    demande = deposer(responsable, "responsable", donnees)
    assert demande.apres == {"autorisation_courriel": False}
    (changement,) = NATURES["responsable"].resume(Demande.objects.get(pk=demande.pk))
    assert (changement.avant, changement.apres) == ("Oui", "Non")
    actions.accepter(demande=demande, par=agent)
    assert not Responsable.objects.get(pk=responsable.pk).autorisation_courriel


@pytest.mark.parametrize("masquees", [True, False])
def test_la_conjointe_separee_sait_qui_lira_son_adresse(dupont, connecter, masquees):
    dupont.responsables.filter(rang=2).update(coordonnees_masquees=masquees)
    siennes = connecter(dupont.conjoint).get(adresse("modifier", "conjoint")).content.decode()
    assert ("Le titulaire du dossier" in siennes) is not masquees
    celles_de_jean = connecter(dupont.titulaire).get(adresse("modifier", "responsable")).content.decode()
    assert "Le titulaire du dossier" not in celles_de_jean
