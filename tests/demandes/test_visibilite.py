"""Who sees which request: the separated conjoint those of the children and her own; a couple all."""

import pytest
from django.db.models import Count, Subquery

from demandes import actions
from demandes.enums import EtatDemande
from demandes.models import Demande
from demandes.natures import NATURES
from familles.acces import Acces
from familles.enums import Situation
from familles.models import FicheSanitaire, Responsable, Utilisateur
from messagerie.models import Message
from tests.demandes.conftest import SAISIES, acces_de, adresse, fiche, saisie, texte


@pytest.fixture
def demandes(dupont, lea, martin, hugo, changer_adresse, reserver):
    """Three requests in each family, by what they bear on."""
    return {
        nom: {
            "titulaire": changer_adresse(famille.titulaire),
            "conjoint": changer_adresse(famille.conjoint),
            "enfant": reserver(famille.titulaire, enfant),
        }
        for nom, famille, enfant in (("dupont", dupont, lea), ("martin", martin, hugo))
    }


def vues(responsable, demandes):
    visibles = set(Demande.objects.pour(acces_de(responsable)).values_list("pk", flat=True))
    assert len(visibles) == compteur(responsable)
    return {f"{f} {n}" for f, par_nom in demandes.items() for n, d in par_nom.items() if d.pk in visibles}


def compteur(responsable) -> int:
    """The counter of the frame, a subquery on Responsable, obeys the same rule."""
    lignes = Demande.objects.en_attente().vues_par_le_responsable().order_by().values("famille")
    nombre = Subquery(lignes.annotate(n=Count("pk")).values("n"))
    return Responsable.objects.annotate(n=nombre).get(pk=responsable.pk).n or 0


def test_des_parents_separes_voient_chacun_leur_part(dupont, demandes):
    assert vues(dupont.titulaire, demandes) == {"dupont titulaire", "dupont conjoint", "dupont enfant"}
    assert vues(dupont.conjoint, demandes) == {"dupont conjoint", "dupont enfant"}


def test_un_couple_voit_tout_et_rien_des_autres(martin, demandes):
    attendu = {"martin titulaire", "martin conjoint", "martin enfant"}
    assert vues(martin.titulaire, demandes) == vues(martin.conjoint, demandes) == attendu


def test_des_coordonnees_masquees_cachent_aussi_la_demande(dupont, demandes):
    conjoint = dupont.responsables.get(rang=2)
    conjoint.coordonnees_masquees = True
    conjoint.save()
    assert vues(dupont.titulaire, demandes) == {"dupont titulaire", "dupont enfant"}
    assert "dupont conjoint" in vues(conjoint, demandes)


def test_un_compte_sans_famille_ne_voit_rien(demandes):
    assert not Demande.objects.pour(Acces.pour_utilisateur(Utilisateur.objects.create_user("seul"))).exists()


@pytest.mark.parametrize(
    ("qui", "nature", "permis"),
    [
        ("titulaire", "responsable", True),
        ("titulaire", "conjoint", False),
        ("conjoint", "responsable", False),
        ("conjoint", "conjoint", True),
    ],
)
def test_des_parents_separes_demandent_chacun_pour_leur_fiche(dupont, martin, qui, nature, permis):
    assert (NATURES[nature].formulaire(acces_de(getattr(dupont, qui))) is not None) is permis
    assert NATURES[nature].formulaire(acces_de(getattr(martin, qui))) is not None


def test_sans_conjoint_pas_de_fiche_de_conjoint(dupont):
    dupont.responsables.get(rang=2).delete()
    assert NATURES["conjoint"].formulaire(acces_de(dupont.titulaire)) is None


def test_seul_le_deposant_ou_son_couple_retire(dupont, martin, demandes):
    def retirable(famille, nom, demande):
        return demande.retirable_par(acces_de(getattr(famille, nom)))

    assert retirable(dupont, "titulaire", demandes["dupont"]["enfant"])
    assert not retirable(dupont, "conjoint", demandes["dupont"]["enfant"])
    assert retirable(martin, "conjoint", demandes["martin"]["enfant"])


# --- The reason of an absence ----------------------------------------------------------------------------


def raison_lue(client, demande, raison) -> bool:
    return raison.libelle in texte(client.get(demande.get_absolute_url()))


def test_la_raison_d_une_absence_n_est_pas_lue_par_l_autre_parent(
    dupont, lea, declarer_absence, raison, connecter, agent
):
    demande = declarer_absence(dupont.titulaire, lea)
    assert raison_lue(connecter(dupont.titulaire), demande, raison)
    client = connecter(dupont.conjoint)
    page = texte(client.get(demande.get_absolute_url()))
    assert raison.libelle not in page
    assert "n’est lue que par la personne qui l’a déclarée" in page
    assert "jeudi 3 décembre 2026" in page
    assert raison.libelle not in texte(client.get(adresse("liste"), {"volet": "enfants"}))
    actions.accepter(demande=demande, par=agent)
    page = texte(client.get(demande.get_absolute_url()))
    assert "n’est lue que par" not in page  # nothing is left to hide


def test_celle_de_la_conjointe_n_est_pas_lue_par_le_titulaire(
    dupont, lea, declarer_absence, raison, connecter
):
    demande = declarer_absence(dupont.conjoint, lea)
    assert not raison_lue(connecter(dupont.titulaire), demande, raison)


def test_un_couple_lit_la_raison_de_l_un_et_de_l_autre(martin, hugo, declarer_absence, raison, connecter):
    demande = declarer_absence(martin.titulaire, hugo)
    assert raison_lue(connecter(martin.conjoint), demande, raison)


@pytest.mark.parametrize(
    ("famille", "enfant", "lecteurs"), [("dupont", "lea", "par vous"), ("martin", "hugo", "par votre foyer")]
)
def test_la_page_de_l_absence_dit_vrai_sur_qui_la_lira(
    request, reserver, repas, agent, raison, connecter, famille, enfant, lecteurs
):
    famille, enfant = request.getfixturevalue(famille), request.getfixturevalue(enfant)
    ligne = reserver(famille.titulaire, enfant).lignes.get()
    actions.accepter(demande=ligne.demande, par=agent)
    reponse = connecter(famille.titulaire).get(
        adresse("absence", enfant.pk), {"cases": f"{repas.pk}:{ligne.jour}", "mois": "2026-12"}
    )
    assert f"ne sont lus que {lecteurs} et par les agents chargés des demandes" in texte(reponse)


# --- Whose section it is ---------------------------------------------------------------------------------


def test_le_titulaire_separe_ne_gele_pas_la_fiche_de_la_conjointe(dupont, connecter):
    client, page = connecter(dupont.titulaire), adresse("modifier", "conjoint")
    assert client.get(page).status_code == 404
    saisie_de_jean = fiche(dupont.conjoint, adresse="Nulle part")
    assert client.post(page, saisie_de_jean).status_code == 404
    assert not Demande.objects.exists()
    compte = texte(client.get("/compte/"))
    assert "Vous vivez séparément : seule la personne concernée, Jeanne DUPONT, peut demander" in compte
    client = connecter(dupont.conjoint)
    assert client.post(page, fiche(dupont.conjoint, adresse="3 place du Marché")).status_code == 302


def test_pour_un_adulte_sans_compte_le_titulaire_demande_encore(dupont, connecter):
    Responsable.objects.filter(famille=dupont, rang=2).update(utilisateur=None)
    client = connecter(dupont.titulaire)
    assert client.get(adresse("modifier", "conjoint")).status_code == 200
    assert adresse("modifier", "conjoint") in client.get("/compte/").content.decode()


def test_l_adulte_concerne_retire_ce_qui_attend_sur_sa_fiche_et_le_deposant_l_apprend(
    dupont, deposer, connecter
):
    """Asked as a couple; they live apart since."""
    dupont.situation = Situation.MARIE
    dupont.save()
    demande = deposer(dupont.titulaire, "conjoint", fiche(dupont.conjoint, adresse="Nulle part"))
    dupont.situation = Situation.SEPARE
    dupont.save()
    client = connecter(dupont.conjoint)
    assert "Retirer ma demande" in texte(client.get(demande.get_absolute_url()))
    client.post(adresse("retirer", demande.pk))
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.ANNULEE
    appris = Message.objects.filter(conversation__responsable=dupont.titulaire, lu_le=None)
    assert [m.conversation.sujet for m in appris] == [f"Demande n° {demande.pk} : retirée"]


def test_ni_l_un_ni_l_autre_parent_ne_gele_la_fiche_de_l_enfant(
    dupont, lea, voit_sante, deposer, connecter, agent
):
    deposer(
        dupont.titulaire, "sanitaire", saisie(dupont.titulaire, "sanitaire", lea, lunettes="oui"), enfant=lea
    )
    client, page = connecter(dupont.conjoint), adresse("modifier_enfant", "sanitaire", lea.pk)
    assert "Une demande de Jean DUPONT attend déjà une réponse" in texte(client.get(page))
    donnees = saisie(dupont.conjoint, "sanitaire", lea, **SAISIES["sanitaire"])
    assert client.post(page, donnees).status_code == 302
    assert client.post(page, donnees).status_code == 409
    assert Demande.objects.en_attente().filter(nature="sanitaire").count() == 2
    for demande in Demande.objects.order_by("pk"):
        actions.accepter(demande=demande, par=agent)
    sante = FicheSanitaire.objects.get(enfant=lea)
    assert (sante.lunettes, sante.allergies) == ("oui", "arachides")


# --- What is heard of the reason -------------------------------------------------------------------------


def test_la_raison_n_est_une_erreur_que_si_on_l_a_oubliee(dupont, lea, reserver, repas, agent, connecter):
    ligne = reserver(dupont.titulaire, lea).lignes.get()
    actions.accepter(demande=ligne.demande, par=agent)
    client, page = connecter(dupont.titulaire), adresse("absence", lea.pk)
    choix = {"cases": f"{repas.pk}:{ligne.jour}", "mois": "2026-12"}
    premiere = client.post(page, choix)
    assert premiere.status_code == 200
    assert "aria-invalid" not in premiere.content.decode()
    assert 'role="alert"' not in premiere.content.decode()
    assert 'name="confirme"' in premiere.content.decode()
    oubliee = client.post(page, choix | {"confirme": "oui"})
    assert oubliee.status_code == 422
    assert "Choisissez la raison de l’absence." in texte(oubliee)
    assert "aria-invalid" in oubliee.content.decode()
