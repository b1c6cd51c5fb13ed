"""Telephones and postcodes, whoever types them: the same refusals, kept in the same form."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse

from familles import validation
from familles.champs import Normalise
from familles.models import Collectivite, Ecole, FicheSanitaire, PersonneAutorisee, Responsable, Structure
from tests.fabriques import familles as f
from tests.familles.test_admin_fiches import saisie_de

PAGES = [
    ("responsable", "jean", "telephone_domicile", "+33 (0)5 61 22 33 44", "05.61.22.33.44"),
    ("responsable", "jean", "mobile", "0033612345678", "06.12.34.56.78"),
    ("responsable", "jean", "code_postal", "31 400", "31400"),
    ("fichesanitaire", "fiche", "telephone_medecin", "0561223344", "05.61.22.33.44"),
    ("ecole", "ecole", "code_postal", "31 400", "31400"),
    ("structure", "structure", "telephone", "05 61 22 33 44", "05.61.22.33.44"),
    ("structure", "structure", "telephone", "39 75", "3975"),
    ("collectivite", "collectivite", "telephone", "0561223344", "05.61.22.33.44"),
]


@pytest.fixture
def fiche(lea):
    return FicheSanitaire.objects.get(enfant=lea)


@pytest.fixture
def structure(collectivite):
    return f.StructureFactory()


def saisir(client, page, ligne, **valeurs):
    adresse = reverse(f"admin:familles_{page}_change", args=[ligne.pk])
    return client.post(adresse, saisie_de(client.get(adresse)) | valeurs)


@pytest.mark.parametrize(("page", "ligne", "champ", "saisie", "garde"), PAGES)
def test_ce_que_le_personnel_saisit_se_range_comme_ce_qu_un_parent_demande(
    request, client_agent, client_admin, page, ligne, champ, saisie, garde
):
    ligne = request.getfixturevalue(ligne)
    client = client_admin if page in ("ecole", "structure", "collectivite") else client_agent
    assert saisir(client, page, ligne, **{champ: saisie}).status_code == 302
    assert getattr(type(ligne).objects.get(pk=ligne.pk), champ) == garde


@pytest.mark.parametrize(
    ("champ", "saisie", "phrase"),
    [
        ("mobile", "06 12", "Ce numéro de téléphone n’a pas le bon nombre de chiffres."),
        ("mobile", "3975", "téléphone"),
        ("code_postal", "3140O", "cinq chiffres"),
        ("email", "jean.dupont", "adresse"),
    ],
)
def test_ce_que_le_portail_refuse_d_un_parent_est_refuse_du_personnel(
    client_agent, jean, champ, saisie, phrase
):
    reponse = saisir(client_agent, "responsable", jean, **{champ: saisie})
    assert reponse.status_code == 422
    (erreurs,) = reponse.context["adminform"].form.errors.values()
    assert phrase in erreurs[0]
    assert getattr(Responsable.objects.get(pk=jean.pk), champ) == getattr(jean, champ)


def test_les_lignes_d_une_page_se_rangent_aussi(client_agent, lea, jean):
    personne = f.PersonneAutoriseeFactory(enfant=lea)
    assert saisir(client_agent, "enfant", lea, **{"personnes-0-telephone": "0612345678"}).status_code == 302
    assert PersonneAutorisee.objects.get(pk=personne.pk).telephone == "06.12.34.56.78"
    saisie = {"responsables-0-mobile": "+33612345679"}
    assert saisir(client_agent, "famille", jean.famille, **saisie).status_code == 302
    assert Responsable.objects.get(pk=jean.pk).mobile == "06.12.34.56.79"


def test_chaque_telephone_et_chaque_code_postal_passe_par_la():
    libres = [
        f"{modele.__name__}.{champ.name}"
        for modele in apps.get_models()
        for champ in modele._meta.local_fields
        if ("telephone" in champ.name or champ.name in ("mobile", "code_postal"))
        and not isinstance(champ, Normalise)
    ]
    assert libres == []


@pytest.mark.parametrize(
    ("saisie", "garde"),
    [
        ("15", "15"),
        ("1 19", "119"),
        ("3975", "3975"),
        ("118 218", "118218"),
        ("0561000000", "05.61.00.00.00"),
    ],
)
def test_une_mairie_peut_avoir_un_numero_court(saisie, garde):
    assert validation.normaliser_telephone_public(saisie) == garde
    for modele in (Collectivite, Structure):
        assert modele._meta.get_field("telephone").clean(saisie, None) == garde


def test_un_numero_court_n_est_celui_d_aucune_famille():
    with pytest.raises(ValidationError):
        Responsable._meta.get_field("mobile").clean("3975", None)
    assert Ecole._meta.get_field("code_postal").clean("31.400", None) == "31400"
