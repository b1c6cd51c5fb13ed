"""Coming in and going out."""

import re
from email.header import decode_header, make_header

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse

from familles.models import Responsable
from portail.taches import adresse_de, envoyer_lien_mot_de_passe

MOT_DE_PASSE = "portail-demo-31"
TOUT_DE_SUITE = override_settings(
    TASKS={"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
)


def entrer(client, identifiant, mot_de_passe=MOT_DE_PASSE, suite=""):
    return client.post(
        reverse("portail:connexion") + suite, {"username": identifiant, "password": mot_de_passe}
    )


@pytest.fixture
def compte(jean, collectivite):
    cache.clear()
    jean.utilisateur.set_password(MOT_DE_PASSE)
    jean.utilisateur.save()
    return jean.utilisateur


@pytest.fixture
def compte_agent(agent):
    agent.set_password(MOT_DE_PASSE)
    agent.save()
    return agent


# --- Login ---------------------------------------------------------------------------------------------


def test_la_page_de_connexion_parle_comme_le_manuel(client, db):
    page = client.get(reverse("portail:connexion")).content.decode()
    for mots in (
        "Accès famille",
        "Identifiez-vous pour vous connecter à votre application enfance",
        "Identifiant",
    ):
        assert mots in page
    assert reverse("portail:mot_de_passe_oublie") in page


def test_un_parent_entre_sur_sa_page_d_accueil(client, compte):
    assert entrer(client, compte.username).url == reverse("portail:accueil")
    assert "Bienvenue sur votre page d’accueil" in client.get("/").content.decode()


def test_un_agent_sans_famille_entre_dans_l_administration(client, compte_agent):
    assert entrer(client, compte_agent.username).url == reverse("admin:index")
    assert client.get("/").url == reverse("admin:index")


def test_un_agent_qui_est_aussi_parent_entre_sur_sa_page_de_parent(client, compte):
    compte.is_staff = True
    compte.save()
    assert entrer(client, compte.username).url == reverse("portail:accueil")


def test_on_revient_a_la_page_demandee_mais_jamais_sur_un_autre_site(client, compte):
    assert entrer(client, compte.username, suite="?next=/documents/").url == "/documents/"
    client.logout()
    assert entrer(client, compte.username, suite="?next=https://ailleurs.example/").url == reverse(
        "portail:accueil"
    )


@pytest.mark.parametrize("identifiant, mot_de_passe", [("jean.dupont", "faux"), ("personne", MOT_DE_PASSE)])
def test_un_mot_de_passe_faux_et_un_compte_inconnu_recoivent_la_meme_reponse(
    client, compte, identifiant, mot_de_passe
):
    reponse = entrer(client, identifiant, mot_de_passe)
    assert reponse.status_code == 422
    assert "Identifiant ou mot de passe incorrect" in reponse.content.decode()
    assert "_auth_user_id" not in client.session


def test_le_cinquieme_mot_de_passe_faux_suspend_la_connexion(client, compte):
    for _ in range(4):
        assert entrer(client, compte.username, "faux").status_code == 422
    suspendue = entrer(client, compte.username, "faux")
    assert suspendue.status_code == 429
    assert "Connexion suspendue un quart d’heure" in suspendue.content.decode()
    assert entrer(client, compte.username).status_code == 429


def test_un_compte_sans_dossier_lit_pourquoi_il_ne_voit_rien(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("seul"))
    reponse = client.get("/")
    assert reponse.status_code == 403
    assert "aucun dossier de famille" in reponse.content.decode()


@pytest.mark.parametrize(
    "page", ["accueil", "documents", "fiche_inscription", "mot_de_passe", "choisir_famille"]
)
def test_une_page_privee_demande_de_se_connecter(client, db, page):
    adresse = reverse(f"portail:{page}")
    assert client.get(adresse).url == f"{reverse('portail:connexion')}?next={adresse}"


# --- Logout --------------------------------------------------------------------------------------------


def test_deconnexion_mene_a_la_page_de_la_ville(client, jean, collectivite):
    collectivite.url_apres_deconnexion = "https://mairie.example/ptiots/"
    collectivite.save()
    client.force_login(jean.utilisateur)
    assert client.post(reverse("portail:deconnexion")).url == "https://mairie.example/ptiots/"
    assert "_auth_user_id" not in client.session


def test_deconnexion_revient_a_la_connexion_quand_la_ville_n_a_pas_donne_de_page(client, jean):
    client.force_login(jean.utilisateur)
    assert client.post(reverse("portail:deconnexion")).url == reverse("portail:connexion")


def test_dans_la_demonstration_deconnexion_mene_a_une_page_qui_tient_lieu_de_celle_de_la_ville(
    client, jean, collectivite, settings
):
    page = reverse("portail:page_de_la_ville")
    assert client.get(page).status_code == 404
    settings.MODE = "demonstration"
    client.force_login(jean.utilisateur)
    reponse = client.post(reverse("portail:deconnexion"), follow=True)
    assert reponse.redirect_chain == [(page, 302)]
    assert "Vous êtes déconnecté" in reponse.content.decode()
    assert "_auth_user_id" not in client.session


def test_un_simple_lien_ne_deconnecte_pas(client, jean):
    client.force_login(jean.utilisateur)
    assert client.get(reverse("portail:deconnexion")).status_code == 405
    assert "_auth_user_id" in client.session


# --- Forgotten password --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "saisie", ["jean.dupont", "JEAN.DUPONT", "jean.dupont@wanadoo.fr", "personne", "personne@exemple.fr"]
)
@TOUT_DE_SUITE
def test_mot_de_passe_oublie_repond_pareil_que_le_compte_existe_ou_non(client, compte, saisie):
    reponse = client.post(reverse("portail:mot_de_passe_oublie"), {"identifiant": saisie}, follow=True)
    assert reponse.redirect_chain == [(reverse("portail:mot_de_passe_envoye"), 302)]
    assert "Si un compte correspond" in reponse.content.decode()
    assert len(mail.outbox) == (0 if "personne" in saisie else 1)


def test_une_saisie_vide_est_refusee(client, db):
    assert client.post(reverse("portail:mot_de_passe_oublie"), {"identifiant": " "}).status_code == 422


@TOUT_DE_SUITE
def test_le_lien_recu_sert_une_fois_a_choisir_un_mot_de_passe(client, compte):
    client.post(reverse("portail:mot_de_passe_oublie"), {"identifiant": "jean.dupont"})
    (message,) = mail.outbox
    assert message.to == ["jean.dupont@wanadoo.fr"]
    assert "Votre identifiant : jean.dupont" in message.body
    lien = re.search(r"https?://[^/]+(/\S+)", message.body).group(1)
    formulaire = client.get(lien, follow=True)
    page = formulaire.redirect_chain[-1][0]
    nouveau = "une phrase qui se retient"
    saisie = {"new_password1": nouveau, "new_password2": nouveau}
    assert client.post(page, saisie).url == reverse("portail:connexion")
    assert entrer(client, "jean.dupont", nouveau).status_code == 302
    client.logout()
    assert "Cette adresse ne sert plus" in client.get(lien, follow=True).content.decode()


@TOUT_DE_SUITE
def test_un_mot_de_passe_choisi_par_le_lien_rouvre_le_compte_suspendu(client, compte):
    for _ in range(5):
        entrer(client, "jean.dupont", "faux")
    client.post(reverse("portail:mot_de_passe_oublie"), {"identifiant": "jean.dupont"})
    lien = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body).group(1)
    page = client.get(lien, follow=True).redirect_chain[-1][0]
    nouveau = "une phrase qui se retient"
    client.post(page, {"new_password1": nouveau, "new_password2": nouveau})
    assert entrer(client, "jean.dupont", nouveau).status_code == 302


@TOUT_DE_SUITE
def test_qui_change_son_mot_de_passe_en_est_prevenu(client, compte):
    client.force_login(compte)
    nouveau = "une phrase qui se retient"
    saisie = {"old_password": MOT_DE_PASSE, "new_password1": nouveau, "new_password2": nouveau}
    client.post(reverse("portail:mot_de_passe"), saisie)
    (message,) = mail.outbox
    assert message.to == ["jean.dupont@wanadoo.fr"] and "vient de changer" in message.body
    assert str(make_header(decode_header(message.message()["From"]))).startswith("Les P’tiots Lanniaux <")
    assert nouveau not in str(message.message())


@TOUT_DE_SUITE
def test_redemander_un_lien_ne_remplit_pas_la_boite_d_un_autre(client, compte):
    for _ in range(4):
        client.post(reverse("portail:mot_de_passe_oublie"), {"identifiant": "jean.dupont"})
    assert len(mail.outbox) == 1
    cache.clear()
    client.post(reverse("portail:mot_de_passe_oublie"), {"identifiant": "jean.dupont"})
    assert len(mail.outbox) == 2


def test_un_lien_invente_ne_sert_a_rien(client, db):
    page = client.get(reverse("portail:mot_de_passe_nouveau", args=["MQ", "abc-def"]))
    assert "Cette adresse ne sert plus" in page.content.decode()


def test_le_message_part_a_l_adresse_du_compte_sinon_a_celle_du_dossier(compte):
    Responsable.objects.filter(utilisateur=compte).update(email="dossier@exemple.fr")
    compte.email = ""
    assert adresse_de(compte) == "dossier@exemple.fr"
    compte.email = "compte@exemple.fr"
    assert adresse_de(compte) == "compte@exemple.fr"


def test_sans_adresse_aucun_message_ne_part(compte):
    Responsable.objects.filter(utilisateur=compte).update(email="")
    compte.email = ""
    compte.save()
    envoyer_lien_mot_de_passe.call(compte.pk)
    assert not mail.outbox


@pytest.mark.parametrize("champ", ["is_active", "password"])
@TOUT_DE_SUITE
def test_un_compte_ferme_ou_sans_mot_de_passe_ne_recoit_rien(client, compte, champ):
    if champ == "is_active":
        compte.is_active = False
    else:
        compte.set_unusable_password()
    compte.save()
    client.post(reverse("portail:mot_de_passe_oublie"), {"identifiant": compte.username})
    assert not mail.outbox


# --- Change of password --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "nouveau, accepte",
    [
        ("une phrase qui se retient", True),
        ("court", False),
        ("123456789012345", False),
        ("jean.dupont1", False),
        ("jean dupont", False),
        ("Dupont-Jean-31400", False),
        ("ptiots-lanniaux 2026", False),
        ("jean aime les pommes", True),
        (MOT_DE_PASSE, False),
    ],
)
def test_un_nouveau_mot_de_passe_doit_etre_solide(client, compte, nouveau, accepte):
    client.force_login(compte)
    saisie = {"old_password": MOT_DE_PASSE, "new_password1": nouveau, "new_password2": nouveau}
    reponse = client.post(reverse("portail:mot_de_passe"), saisie)
    compte.refresh_from_db()
    assert compte.check_password(nouveau) is (accepte or nouveau == MOT_DE_PASSE)
    assert reponse.status_code == (302 if accepte else 422)


def test_l_ancien_mot_de_passe_est_exige(client, compte):
    client.force_login(compte)
    nouveau = "une phrase qui se retient"
    saisie = {"old_password": "faux", "new_password1": nouveau, "new_password2": nouveau}
    client.post(reverse("portail:mot_de_passe"), saisie)
    compte.refresh_from_db()
    assert compte.check_password(MOT_DE_PASSE)
