"""Letters of first login: for whom, what they carry, and that they are kept nowhere."""

import io
import re

import pikepdf
import pypdfium2 as pdfium
import pytest
from django.test import Client
from django.urls import reverse

from familles.horloge import instant_reel
from familles.models import Responsable, Utilisateur
from portail import actions, lettres
from portail.models import Activation
from tests.fabriques import familles as f

AJOUTER = "admin:portail_activation_add"


@pytest.fixture
def agent(collectivite):
    return f.UtilisateurFactory(username="agent", groupe="Agents")


@pytest.fixture
def collectivite(db):
    return f.CollectiviteFactory()


@pytest.fixture
def sans_acces(famille_martin):
    """Claire has no login yet; Paul has already chosen his password."""
    claire = famille_martin.responsables.get(rang=1)
    Responsable.objects.filter(pk=claire.pk).update(utilisateur=None)
    return famille_martin


def poster(client, famille, **plus):
    return client.post(reverse(AJOUTER), {"groupe": "", "famille": famille.pk, **plus})


def test_on_compte_puis_on_imprime_une_lettre_par_adulte_sans_mot_de_passe(client_agent, sans_acces):
    assert "1 lettre à imprimer" in poster(client_agent, sans_acces, compter="1").content.decode()
    assert not Activation.objects.exists()
    reponse = poster(client_agent, sans_acces, imprimer="1")
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert "no-store" in reponse.headers["Cache-Control"]
    assert len(pikepdf.open(io.BytesIO(reponse.content)).pages) == 1
    compte = Responsable.objects.get(famille=sans_acces, rang=1).utilisateur
    assert (compte.username, compte.has_usable_password()) == ("claire.martin", False)
    assert Activation.objects.get().utilisateur == compte
    assert Utilisateur.objects.get(username="paul.martin").has_usable_password()


def test_une_lettre_ne_compte_pas_celles_des_autres(sans_acces, agent):
    """Printed in one file, each is alone in its envelope: no « Page 1 sur 19 »."""
    adultes = list(sans_acces.responsables.all())
    document = lettres.imprimer(actions.ouvrir_les_comptes(responsables=adultes, par=agent))
    with pdfium.PdfDocument(document) as lu:
        texte = "".join(page.get_textpage().get_text_range() for page in lu)
    assert "Claire MARTIN" in texte
    assert "Page 1" not in texte


def test_la_lettre_ouvre_le_compte(sans_acces, agent):
    adultes = list(sans_acces.responsables.all())
    ((responsable, invitation),) = actions.ouvrir_les_comptes(responsables=adultes, par=agent)
    client = Client()
    saisie = {"identifiant": "claire.martin", "code": invitation.code}
    assert client.post(reverse("portail:premiere_connexion"), saisie).status_code == 302
    nouveau = {"new_password1": "une phrase qui se retient", "new_password2": "une phrase qui se retient"}
    client.post(reverse("portail:premier_mot_de_passe"), nouveau)
    responsable.utilisateur.refresh_from_db()
    assert responsable.utilisateur.check_password("une phrase qui se retient")


def test_un_identifiant_deja_pris_prend_un_rang(sans_acces, agent):
    f.UtilisateurFactory(username="Claire.Martin")
    f.UtilisateurFactory(username="claire.martin2")
    actions.ouvrir_les_comptes(responsables=list(sans_acces.responsables.all()), par=agent)
    assert Responsable.objects.get(famille=sans_acces, rang=1).utilisateur.username == "claire.martin3"


def test_une_seconde_lettre_remplace_la_premiere(sans_acces, agent):
    adultes = list(sans_acces.responsables.all())
    ((_, premiere),) = actions.ouvrir_les_comptes(responsables=adultes, par=agent)
    ((_, seconde),) = actions.ouvrir_les_comptes(responsables=adultes, par=agent, remplacer=True)
    assert Activation.objects.du_lien(premiere.lien) is None
    assert Activation.objects.du_lien(seconde.lien) is not None
    assert Utilisateur.objects.filter(username__startswith="claire.martin").count() == 1


def test_une_lettre_postee_n_est_pas_remplacee_sans_le_demander(client_agent, sans_acces, agent):
    adultes = list(sans_acces.responsables.all())
    ((_, postee),) = actions.ouvrir_les_comptes(responsables=adultes, par=agent)
    assert actions.ouvrir_les_comptes(responsables=adultes, par=agent) == []
    page = poster(client_agent, sans_acces, imprimer="1").content.decode()
    assert "ont une lettre qui sert encore" in page
    assert Activation.objects.du_lien(postee.lien) is not None
    remplacer = {"remplacer": "on"}
    assert "1 lettre déjà imprimée ne servira plus" in " ".join(
        poster(client_agent, sans_acces, compter="1", **remplacer).content.decode().split()
    )
    reponse = poster(client_agent, sans_acces, imprimer="1", **remplacer)
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert Activation.objects.du_lien(postee.lien) is None


def test_une_lettre_perimee_se_remplace_d_elle_meme(client_agent, sans_acces, agent):
    actions.ouvrir_les_comptes(responsables=list(sans_acces.responsables.all()), par=agent)
    Activation.objects.update(expire_le=instant_reel())
    assert poster(client_agent, sans_acces, imprimer="1").headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("saisie", [{}, {"groupe": "zzz|1"}, {"groupe": "toutes|oui", "famille": "1"}])
def test_un_choix_absent_double_ou_invente_est_refuse(client_agent, sans_acces, saisie):
    saisie = saisie | ({"famille": sans_acces.pk} if "famille" in saisie else {})
    assert client_agent.post(reverse(AJOUTER), {**saisie, "imprimer": "1"}).status_code == 422
    assert not Activation.objects.exists()


def test_beaucoup_de_lettres_s_impriment_par_paquets_chacune_une_fois(client_agent, monkeypatch):
    """Three by three, for seven families of the school."""
    monkeypatch.setattr(lettres, "MAXIMUM", 3)
    ecole, adultes = f.EcoleFactory(), []
    for rang in range(7):
        famille = f.FamilleFactory()
        adultes.append(f.ResponsableFactory(famille=famille, utilisateur=None, code_postal=f"3140{rang}"))
        f.EnfantFactory(famille=famille, ecole=ecole)
    saisie = {"groupe": "toutes|oui", "famille": ""}
    page = client_agent.post(reverse(AJOUTER), {**saisie, "compter": "1"}).content.decode()
    lots = re.findall(
        r'name="imprimer" type="submit" value="(\d+-\d+)">Imprimer les lettres (\d) à (\d)', page
    )
    assert [(debut, fin) for _, debut, fin in lots] == [("1", "3"), ("4", "6"), ("7", "7")]
    for rang, (cle, *_) in enumerate(lots):
        reponse = client_agent.post(reverse(AJOUTER), {**saisie, "imprimer": cle})
        assert len(pikepdf.open(io.BytesIO(reponse.content)).pages) == (3, 3, 1)[rang]
        # Who is already in leaves the list, and moves nobody of the other parts.
        compte = Responsable.objects.get(pk=adultes[1].pk).utilisateur
        compte.set_password("une phrase qui se retient")
        compte.save()
    assert Activation.objects.count() == Activation.objects.values("utilisateur").distinct().count() == 7
    saisie["remplacer"] = "on"
    perimee = client_agent.post(reverse(AJOUTER), {**saisie, "imprimer": f"{adultes[1].pk}-{adultes[2].pk}"})
    assert perimee.status_code == 422
    assert "La liste a changé depuis son affichage" in perimee.content.decode()
    assert client_agent.post(reverse(AJOUTER), {**saisie, "imprimer": "zz"}).status_code == 422


def test_un_mot_de_passe_perdu_sans_adresse_se_remplace_par_une_lettre(client_agent, famille_dupont, agent):
    jeanne = famille_dupont.conjoint
    assert "aucune lettre" in poster(client_agent, famille_dupont, imprimer="1").content.decode()
    reponse = poster(client_agent, famille_dupont, imprimer="1", perdu="on")
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert Activation.objects.filter(utilisateur=jeanne.utilisateur).exists()
    # The former password opens until another is chosen.
    assert jeanne.utilisateur.has_usable_password()


def test_un_mot_de_passe_perdu_ne_se_remplace_pas_pour_tout_un_groupe(client_agent, famille_dupont):
    saisie = {"groupe": "toutes|oui", "perdu": "on", "imprimer": "1"}
    reponse = client_agent.post(reverse("admin:portail_activation_add"), saisie)
    assert reponse.status_code == 422
    assert not Activation.objects.exists()


def test_aucune_lettre_n_ouvre_le_compte_d_un_membre_du_personnel(client_agent, famille_dupont):
    Utilisateur.objects.update(is_staff=True)
    page = poster(client_agent, famille_dupont, imprimer="1", perdu="on")
    assert "aucune lettre" in page.content.decode()
    adultes = list(famille_dupont.responsables.all())
    assert actions.ouvrir_les_comptes(responsables=adultes, par=None, perdu=True) == []


def test_quand_tous_ont_leur_mot_de_passe_aucune_lettre_ne_part(client_agent, famille_dupont):
    page = poster(client_agent, famille_dupont, imprimer="1").content.decode()
    assert "aucune lettre à imprimer" in page
    assert not re.search(r'name="imprimer"', page)
