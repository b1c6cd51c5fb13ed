"""Documents joined about a child: of adults who live apart, each reads his or her own alone."""

import pytest

from demandes.models import Demande, PieceJointe
from familles.enums import Situation
from familles.models import Rattachement
from tests.demandes.conftest import MAINTENANT, adresse, saisie, saisie_inscription, texte
from tests.demandes.test_pieces import pdf, statuts


@pytest.fixture(autouse=True)
def _coffre(settings, tmp_path):
    settings.DOSSIER_DONNEES = str(tmp_path)


JOINTS = "Des documents sont joints à cette demande"


@pytest.mark.parametrize("nature", ["identite", "inscription"])
def test_un_document_joint_pour_un_enfant_n_est_pas_lu_par_l_autre_parent_separe(
    dupont, lea, garderie, agent, connecter, nature
):
    """A proof of address joined to an inscription tells where the other one lives."""
    saisies = {
        "identite": lambda: saisie(dupont.titulaire, "identite", lea, prenom="Léana"),
        "inscription": lambda: saisie_inscription(garderie),
    }
    donnees = saisies[nature]() | {"fichiers": [pdf("domicile-de-jean.pdf")]}
    page = adresse("modifier_enfant", nature, lea.pk)
    assert connecter(dupont.titulaire).post(page, donnees).status_code == 302
    demande, document = Demande.objects.get(), PieceJointe.objects.get()
    assert statuts(connecter, document, (dupont.titulaire, dupont.conjoint, agent)) == [200, 404, 200]
    assert connecter(dupont.conjoint).get(adresse("planche", document.pk, 1)).status_code == 404
    lue = texte(connecter(dupont.conjoint).get(demande.get_absolute_url()))
    assert JOINTS in lue
    assert document.nom not in lue
    assert document.nom in texte(connecter(dupont.titulaire).get(demande.get_absolute_url()))


def test_un_couple_lit_ses_documents_sauf_ceux_de_qui_masque_ses_coordonnees(dupont, lea, connecter):
    dupont.situation = Situation.MARIE
    dupont.save()
    donnees = saisie(dupont.titulaire, "identite", lea, prenom="Léana") | {"fichiers": [pdf()]}
    connecter(dupont.titulaire).post(adresse("modifier_enfant", "identite", lea.pk), donnees)
    document = PieceJointe.objects.get()
    assert statuts(connecter, document, (dupont.conjoint,)) == [200]
    titulaire = dupont.titulaire
    titulaire.coordonnees_masquees = True
    titulaire.save()
    assert statuts(connecter, document, (dupont.titulaire, dupont.conjoint)) == [200, 404]
    assert JOINTS in texte(connecter(dupont.conjoint).get(document.demande.get_absolute_url()))


def test_un_document_ne_passe_pas_d_un_foyer_a_l_autre(dupont, martin, lea, connecter):
    Rattachement.objects.create(enfant=lea, famille=martin, du=MAINTENANT.date())
    donnees = saisie(dupont.titulaire, "identite", lea, prenom="Léana") | {"fichiers": [pdf()]}
    connecter(dupont.titulaire).post(adresse("modifier_enfant", "identite", lea.pk), donnees)
    autres = (martin.titulaire, martin.conjoint)
    assert statuts(connecter, PieceJointe.objects.get(), autres) == [404, 404]
