"""Documents joined about a child: of adults who live apart, each reads his or her own alone."""

import pytest

from demandes.actions import accepter
from demandes.models import Demande, PieceJointe
from familles.enums import Situation
from familles.models import LienParental, Rattachement
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


# --- What the structure keeps of a child's health ----------------------------------------------------------

PARTAGE = "est aussi lu par l’autre responsable qui accède aux données sanitaires de Léa"


@pytest.fixture
def pai(dupont, lea, voit_sante, connecter):
    """Deposited by Jean, still to be decided."""
    donnees = saisie(dupont.titulaire, "sanitaire", lea, pai="true") | {"fichiers": [pdf("PAI.pdf")]}
    page = adresse("modifier_enfant", "sanitaire", lea.pk)
    assert connecter(dupont.titulaire).post(page, donnees).status_code == 302
    return PieceJointe.objects.get()


@pytest.fixture
def ailleurs(martin, lea):
    """Léa is also the Martins': the first of them sees her health, the second is her step-parent."""
    Rattachement.objects.create(enfant=lea, famille=martin, du=MAINTENANT.date())
    LienParental.objects.create(responsable=martin.titulaire, enfant=lea, qualite="PERE")
    LienParental.objects.create(
        responsable=martin.conjoint, enfant=lea, qualite="BEAU_PARENT", voit_sante=False
    )
    return martin


def test_le_pai_accepte_se_lit_dans_les_deux_foyers_par_qui_voit_la_sante(
    dupont, lea, ailleurs, pai, agent, connecter
):
    adultes = (ailleurs.titulaire, ailleurs.conjoint)
    assert statuts(connecter, pai, adultes) == [404, 404]
    accepter(demande=pai.demande, par=agent)
    assert statuts(connecter, pai, adultes) == [200, 404]
    page = f"/enfants/{lea.pk}/sante/"
    lue = texte(connecter(ailleurs.titulaire).get(page))
    assert "PAI.pdf" in lue
    assert "donné par l’autre foyer, accepté" in lue
    assert "demande n°" not in lue
    assert connecter(ailleurs.titulaire).get(pai.demande.get_absolute_url()).status_code == 404
    assert "demande n°" in texte(connecter(dupont.conjoint).get(page))
    Rattachement.objects.filter(famille=ailleurs).delete()
    assert statuts(connecter, pai, adultes) == [404, 404]


def lu_aussi(connecter, adulte, enfant, nature="sanitaire") -> bool:
    return PARTAGE in texte(connecter(adulte).get(adresse("modifier_enfant", nature, enfant.pk)))


def test_qui_joint_un_document_de_sante_apprend_que_l_autre_parent_separe_le_lira(
    dupont, lea, voit_sante, connecter
):
    assert lu_aussi(connecter, dupont.titulaire, lea)
    assert not lu_aussi(connecter, dupont.titulaire, lea, "identite")
    LienParental.objects.filter(responsable=dupont.conjoint).update(voit_sante=False)
    assert not lu_aussi(connecter, dupont.titulaire, lea)


def test_un_couple_ne_l_apprend_que_si_un_autre_foyer_le_lira(dupont, lea, martin, voit_sante, connecter):
    dupont.situation = Situation.MARIE
    dupont.save()
    assert not lu_aussi(connecter, dupont.titulaire, lea)
    Rattachement.objects.create(enfant=lea, famille=martin, du=MAINTENANT.date())
    LienParental.objects.create(responsable=martin.titulaire, enfant=lea, qualite="PERE")
    assert lu_aussi(connecter, dupont.titulaire, lea)
