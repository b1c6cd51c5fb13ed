"""Who decides what: bank, CAF and tax requests are the accountants', the others the agents'."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from demandes.enums import EtatDemande
from demandes.models import Demande
from familles.models import Utilisateur
from portail.attente import ce_qui_attend
from tests.demandes.conftest import SAISIES
from tests.demandes.test_admin import LISTE, adresse, decider, texte


def membre_du_personnel(*groupes):
    compte = Utilisateur.objects.create_user("autre", is_staff=True)
    compte.groups.set(Group.objects.filter(name__in=groupes))
    return compte


DES_COMPTES = ("bancaire", "caf", "fiscal")


@pytest.mark.parametrize("nature", DES_COMPTES)
def test_l_argent_se_decide_par_la_comptabilite(dupont, deposer, agent, connecter, nature):
    demande = deposer(dupont.titulaire, nature, SAISIES[nature])
    # Reading is one right, deciding another.
    agent.user_permissions.add(Permission.objects.get(codename="voir_banque"))
    client = connecter(agent)
    assert "la comptabilité décide" in texte(client.get(reverse(LISTE)))
    page = texte(client.get(adresse(demande)))
    assert "Cette demande est décidée par la comptabilité." in page
    assert "Accepter" not in page
    for bouton in ("accepter", "refuser"):
        reponse = client.post(adresse(demande), {bouton: "1", "motif": "Non"})
        assert reponse.status_code == 403
        assert "décidée par la comptabilité" in texte(reponse)
        envoi = {"demandes": [demande.pk], bouton: "1", "motif": "Non"}
        bilan = client.post(reverse("admin:demandes_demande_en_nombre"), envoi, follow=True)
        assert "décidée par la comptabilité" in bilan.content.decode()
    assert Demande.objects.get().en_attente
    assert not LogEntry.objects.exists()
    assert decider(connecter(membre_du_personnel("Comptables")), demande).status_code == 302
    assert Demande.objects.get().etat == EtatDemande.ACCEPTEE


def test_la_comptabilite_ne_voit_que_les_demandes_qu_elle_decide(
    dupont, martin, changer_adresse, deposer, connecter
):
    a_elle = deposer(dupont.titulaire, "bancaire", SAISIES["bancaire"])
    aux_agents = changer_adresse(dupont.titulaire)
    client = connecter(membre_du_personnel("Comptables"))
    liste = client.get(reverse(LISTE), {"etat": "toutes"}).content.decode()
    assert adresse(a_elle) in liste
    assert adresse(aux_agents) not in liste
    assert str(aux_agents) not in texte(client.get(adresse(a_elle)))
    assert client.get(adresse(aux_agents)).status_code == 404
    assert client.post(adresse(aux_agents), {"accepter": "1"}).status_code == 404
    client.post(reverse("admin:demandes_demande_en_nombre"), {"demandes": [aux_agents.pk], "accepter": "1"})
    assert Demande.objects.get(pk=aux_agents.pk).en_attente
    assert decider(client, a_elle).url == reverse(LISTE)


def test_on_filtre_les_demandes_par_qui_les_decide(dupont, changer_adresse, deposer, agent, connecter):
    argent, fiche_ = deposer(dupont.titulaire, "caf", SAISIES["caf"]), changer_adresse(dupont.titulaire)

    def trouvees(decide):
        contenu = connecter(agent).get(reverse(LISTE), {"decide": decide}).content.decode()
        return [d for d in (argent, fiche_) if f'href="{adresse(d)}"' in contenu]

    assert trouvees("moi") == [fiche_]
    assert trouvees("autres") == [argent]
    assert trouvees("zzz") == [argent, fiche_]


def test_un_agent_du_groupe_des_comptables_decide_tout(dupont, changer_adresse, deposer, agent, connecter):
    agent.groups.add(Group.objects.get(name="Comptables"))
    client = connecter(agent)
    for demande in (
        deposer(dupont.titulaire, "bancaire", SAISIES["bancaire"]),
        changer_adresse(dupont.titulaire),
    ):
        assert decider(client, demande).status_code == 302
    assert set(Demande.objects.values_list("etat", flat=True)) == {EtatDemande.ACCEPTEE}


def test_chacun_compte_les_demandes_qu_il_decide(dupont, changer_adresse, deposer, agent):
    changer_adresse(dupont.conjoint)
    for nature in DES_COMPTES:
        deposer(dupont.titulaire, nature, SAISIES[nature])
    a_la_comptabilite = {
        "Demandes : Informations fiscales",
        "Demandes : Informations CAF",
        "Demandes : Informations bancaires",
    }

    def comptees(compte):
        libelles = {carte.libelle for carte in ce_qui_attend(compte)}
        return {libelle for libelle in libelles if libelle.startswith("Demandes")}

    assert comptees(agent) == {"Demandes : Informations conjoint"}
    compte = membre_du_personnel("Comptables")
    assert comptees(compte) == a_la_comptabilite
    compte.groups.set(Group.objects.filter(name="Administrateurs"))
    compte = Utilisateur.objects.get(pk=compte.pk)
    assert comptees(compte) == a_la_comptabilite | {"Demandes : Informations conjoint"}
