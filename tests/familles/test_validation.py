from datetime import date

import pytest
from django.core.exceptions import ValidationError

from familles import textes, validation
from familles.models import Enfant, PersonneAutorisee, Responsable


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [
        ("0102030405", "01.02.03.04.05"),
        ("01 02 03 04 05", "01.02.03.04.05"),
        ("01.02.03.04.05", "01.02.03.04.05"),
        ("+33 6 12 34 56 78", "06.12.34.56.78"),
        ("0033612345678", "06.12.34.56.78"),
        ("+262 692 12 34 56", "06.92.12.34.56"),
        ("+44 20 7946 0018", "+44 20 7946 0018"),
        ("+687 27 28 29", "+687 27.28.29"),
    ],
)
def test_un_telephone_se_range_sous_la_forme_du_mode_d_emploi(saisie, attendu):
    assert validation.normaliser_telephone(saisie) == attendu


@pytest.mark.parametrize("nom", ["Dupont", "É", "O’Neil-Šimić", "d’Août 2", "山田", "N’"])
def test_un_nom_a_une_lettre(nom):
    validation.nom_de_personne(nom)


@pytest.mark.parametrize("nom", ["-1", "123", "_", "’", "1²", "😀"])
def test_un_nom_sans_lettre_est_refuse(nom):
    with pytest.raises(ValidationError, match="au moins une lettre"):
        validation.nom_de_personne(nom)


@pytest.mark.parametrize("modele", [Responsable, Enfant, PersonneAutorisee])
@pytest.mark.parametrize("champ", ["nom", "prenom"])
def test_le_nom_de_chacun_est_juge_par_la_meme_regle(modele, champ):
    assert validation.nom_de_personne in modele._meta.get_field(champ).validators


@pytest.mark.parametrize(
    "saisie",
    [
        "12",
        "01020304",
        "abc",
        "010203040506070809",
        "06 12 34 56 7",
        "0000000000",
        "0012345678",
        "+33 6 12 34 56 7",
    ],
)
def test_un_telephone_que_personne_ne_peut_appeler_est_refuse(saisie):
    with pytest.raises(ValidationError, match="téléphone"):
        validation.normaliser_telephone(saisie)


def test_l_iban_specimen_est_accepte_par_groupes_de_quatre():
    assert validation.normaliser_iban("FR7630006000011234567890189") == "FR76 3000 6000 0112 3456 7890 189"


@pytest.mark.parametrize(
    "iban",
    [
        "FR7630006000011234567890188",  # wrong checksum
        "FR7530006000011234567890289",  # wrong RIB key
        "FR76",
        "",
    ],
)
def test_un_iban_faux_est_refuse(iban):
    with pytest.raises(ValidationError, match="IBAN"):
        validation.normaliser_iban(iban)


def test_un_bic_se_verifie():
    assert validation.normaliser_bic("agrifrpp") == "AGRIFRPP"
    with pytest.raises(ValidationError, match="BIC"):
        validation.normaliser_bic("AGRI")


def test_un_siret_valable_passe():
    assert validation.siret("73282932000074") is None


@pytest.mark.parametrize("valeur", ["73282932000075", "7328293200007", "7328293200007a", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤"])
def test_un_siret_faux_est_refuse(valeur):
    with pytest.raises(ValidationError, match="SIRET"):
        validation.siret(valeur)


@pytest.mark.parametrize(
    ("jours", "permis"), [("", True), ("1245", True), ("11", False), ("8", False), ("12a", False)]
)
def test_les_jours_de_la_semaine_sont_des_chiffres_differents(jours, permis):
    if permis:
        assert validation.jours_semaine(jours) is None
    else:
        with pytest.raises(ValidationError):
            validation.jours_semaine(jours)


@pytest.mark.parametrize(
    "saisie",
    [
        "IBAN FR76-3000-6000-0112-3456-7890-189",
        "iban : fr7630006000011234567890189",
        "IBANFR7630006000011234567890189",
    ],
)
def test_un_iban_colle_depuis_une_banque_se_lit(saisie):
    assert validation.normaliser_iban(saisie) == "FR76 3000 6000 0112 3456 7890 189"


@pytest.mark.parametrize(
    ("iban", "bic", "accord"),
    [
        ("FR76 3000", "AGRIFRPP", True),
        ("FR76 3000", "BDAFGPGX", True),  # an overseas bank under the IBAN of France
        ("BE68 5390", "AGRIFRPP", False),
        ("BE68 5390", "GKCCBEBB", True),
        ("", "AGRIFRPP", True),
    ],
)
def test_l_iban_et_le_bic_sont_d_un_meme_pays(iban, bic, accord):
    if accord:
        assert validation.accorder_iban_bic(iban, bic) is None
    else:
        with pytest.raises(ValidationError, match="autre pays"):
            validation.accorder_iban_bic(iban, bic)


@pytest.mark.parametrize("saisie", ["31400", "31 400", " 01000", "20090", "97400", "98000"])
def test_un_code_postal_s_ecrit_avec_ou_sans_espace(saisie):
    assert validation.normaliser_code_postal(saisie) == saisie.replace(" ", "")


@pytest.mark.parametrize("saisie", ["00000", "99999", "96000", "3140", "314000", "3140O"])
def test_un_code_postal_commence_par_un_departement(saisie):
    with pytest.raises(ValidationError, match="département"):
        validation.normaliser_code_postal(saisie)


@pytest.mark.parametrize(
    ("ne_le", "enfant"),
    [
        (date(2019, 6, 18), True),
        (date(2008, 11, 25), True),
        (date(2008, 11, 24), False),
        (date(1900, 1, 1), False),
    ],
)
def test_un_enfant_n_est_pas_majeur(ne_le, enfant):
    if enfant:
        assert validation.naissance_d_enfant(ne_le, date(2026, 11, 24)) is None
    else:
        with pytest.raises(ValidationError, match="18 ans"):
            validation.naissance_d_enfant(ne_le, date(2026, 11, 24))


@pytest.mark.parametrize("saisie", ["Jean\tDupont", "12 rue\ndes Bonbons", "a\u2028b"])
def test_une_ligne_est_une_ligne(saisie):
    with pytest.raises(ValidationError, match="une seule ligne"):
        textes.une_ligne(saisie)


def test_ce_qui_ne_se_voit_pas_s_enleve_et_ce_qui_lie_les_signes_reste():
    assert textes.sans_invisibles("\u202a06 12\u202c\u200b\x07\ufeff\u00ad") == "06 12"
    assert textes.sans_invisibles("a\r\n\tb 👨\u200d👩") == "a\r\n\tb 👨\u200d👩"
