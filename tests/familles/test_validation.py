import pytest
from django.core.exceptions import ValidationError

from familles import validation
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


@pytest.mark.parametrize("saisie", ["12", "01020304", "abc", "010203040506070809"])
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
