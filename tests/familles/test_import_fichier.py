"""The file that comes in: encodings, separators, headings; what cannot be read is named, line and column."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from familles.erreurs import Invalide
from familles.importation import fichier, valeurs
from familles.importation.champs import CHAMPS, deviner, interdit
from familles.importation.fichier import Feuille
from tests.fabriques.fichiers import HUGO, LEA, TITRES
from tests.fabriques.fichiers import fichier as ecrire

JOUR = date(2026, 11, 24)
SIMPLE = "N° famille;Nom;Prénom\r\n1001001818331;DUPÉ;Léa\r\n"


def refus(contenu: bytes) -> str:
    with pytest.raises(Invalide) as erreur:
        fichier.lire(contenu)
    return erreur.value.message


# --- What is read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encodage, nom",
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 avec marque"), ("cp1252", "Windows-1252")],
)
@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_un_fichier_se_lit_quels_que_soient_son_encodage_et_son_separateur(encodage, nom, separateur):
    feuille = fichier.lire(ecrire(LEA, HUGO, encodage=encodage, separateur=separateur))
    assert (feuille.encodage, feuille.separateur, feuille.titres) == (nom, separateur, TITRES)
    assert [numero for numero, _ in feuille.lignes] == [2, 3]
    assert feuille.lignes[0][1][TITRES.index("Prénom enfant")] == "Léa"


def test_une_valeur_entre_guillemets_peut_tenir_sur_deux_lignes():
    feuille = fichier.lire('Nom;Adresse\nA;"12 rue ; bis\nBât. B"\n\nB;4 place\n'.encode())
    assert feuille.lignes == [(2, ["A", "12 rue ; bis\nBât. B"]), (5, ["B", "4 place"])]


def test_la_feuille_gardee_est_la_meme_une_fois_relue():
    feuille = fichier.lire(SIMPLE.encode() + b"A;B;C;D\n")
    assert Feuille.depuis_octets(feuille.en_octets()) == feuille
    assert (feuille.lignes[1], feuille.largeurs) == ((3, None), {3: 4})


@pytest.mark.parametrize(
    "titre, exemples, raison",
    [
        ("IBAN", [], "coordonnée bancaire"),
        ("Code banque", [], "coordonnée bancaire"),
        ("Référence", ["FR76 3000 6000 0112 3456 7890 189"], "coordonnée bancaire"),
        ("Allergies de l’enfant", [], "donnée de santé"),
        ("Régime alimentaire", [], "donnée de santé"),
        ("P.A.I.", [], "donnée de santé"),
        ("PAI", [], "donnée de santé"),
        ("Médecin traitant", [], "donnée de santé"),
        ("N° sécu", [], "donnée de santé"),
        ("Nom du responsable", ["DUPONT"], ""),
    ],
)
def test_sante_et_banque_ne_sont_jamais_lues(titre, exemples, raison):
    assert interdit(titre, exemples) == raison


def test_une_colonne_de_sante_est_vide_avant_d_etre_gardee():
    feuille = fichier.lire("Nom;Allergies;Référence\nDUPONT;arachide;FR7630006000011234567890189\n".encode())
    assert feuille.ecartees == {1: "donnée de santé", 2: "coordonnée bancaire"}
    assert b"arachide" not in feuille.en_octets()
    assert b"FR76" not in feuille.en_octets()


# --- What cannot be read: five kinds of broken files, and others -------------------------------------------


def test_un_fichier_de_deux_encodages_est_refuse_avec_sa_ligne_et_sa_colonne():
    message = refus(SIMPLE.encode() + "1001001818349;MARTIN;Zoé\r\n".encode("cp1252"))
    assert "ligne 3, colonne « Prénom »" in message
    assert "CSV UTF-8" in message


def test_des_octets_qui_ne_sont_d_aucun_encodage_sont_nommes():
    message = refus("N° famille;Nom;Prénom\r\n1;DUP".encode("cp1252") + b"\x81\xe9;A\r\n")
    assert "ligne 2, colonne « Nom »" in message


def test_un_fichier_sans_separateur_connu_est_refuse_avec_sa_ligne_et_sa_colonne():
    message = refus("Nom|Prénom\nDUPONT|Jean\n".encode())
    assert message.startswith("Ligne 1, colonne « Nom|Prénom »")
    assert "point-virgule, une virgule ou une tabulation" in message


@pytest.mark.parametrize(
    "contenu, dit",
    [
        (b"", "vide"),
        (b"PK\x03\x04 suite", "classeur"),
        ("Nom;Prénom\n".encode("utf-16"), "UTF-16"),
        (b"Nom;Ville\n", "que sa ligne de titres"),
        (b'Nom;Ville\nA;B\n"C;D\n', "Ligne 3 : les guillemets"),
        (b"Nom;jean.dupont@wanadoo.fr\nA;B\n", "colonne B : la première ligne doit porter les titres"),
        (b"DUPONT;18/06/2019\nA;B\n", "colonne B"),
        (b"a" * (fichier.TAILLE_MAXIMALE + 1), "10 Mo"),
        (b"A;B\n" + b"1;2\n" * (fichier.LIGNES_MAXIMUM + 1), "30000 lignes"),
        (b";".join([b"A"] * 121) + b"\n", "plus de 120 colonnes"),
    ],
)
def test_un_fichier_illisible_dit_pourquoi(contenu, dit):
    assert dit in refus(contenu)


# --- Which column is what ----------------------------------------------------------------------------------


def test_les_titres_de_l_ancien_logiciel_se_devinent():
    devines = deviner(TITRES)
    assert len(devines) == len(TITRES)
    assert [devines[TITRES.index(t)] for t in ("CP resp. 1", "Tél. portable resp. 2", "École")] == [
        "responsable.code_postal",
        "conjoint.mobile",
        "enfant.ecole",
    ]


@pytest.mark.parametrize(
    "titre, cle",
    [
        ("Nom du responsable légal 1", "responsable.nom"),
        ("RESPONSABLE_2_PRENOM", "conjoint.prenom"),
        ("Nom de l’élève", "enfant.nom"),
        ("Né(e) le", "enfant.date_naissance"),
        ("Naissance enfant", "enfant.date_naissance"),
        ("Adresse famille", "responsable.adresse"),
        ("Dossier", "famille.numero"),
        ("Mail parent 1", "responsable.email"),
        ("Adresse e-mail du conjoint", "conjoint.email"),
        ("Quotient familial", None),
        ("Observations", None),
    ],
)
def test_un_titre_courant_dit_ce_que_donne_sa_colonne(titre, cle):
    assert deviner([titre]).get(0) == cle


def test_un_nom_sans_sujet_est_celui_de_l_enfant_quand_le_responsable_a_le_sien():
    assert deviner(["Nom", "Nom responsable"]) == {0: "enfant.nom", 1: "responsable.nom"}
    assert deviner(["Nom", "Prénom", "Nom", "Prénom"]) == {
        0: "responsable.nom",
        1: "responsable.prenom",
        2: "enfant.nom",
        3: "enfant.prenom",
    }


def test_chaque_champ_a_sa_cle():
    cles = [champ.cle for champ in CHAMPS]
    assert len(cles) == len(set(cles))


# --- Values --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "saisie, lue",
    [
        ("18/06/2019", date(2019, 6, 18)),
        ("8-6-19", date(2019, 6, 8)),
        ("08.06.98", date(1998, 6, 8)),
        ("2019-06-18", date(2019, 6, 18)),
        ("2019-06-18 00:00:00", date(2019, 6, 18)),
        ("18 juin 2019", date(2019, 6, 18)),
        ("1er août 2019", date(2019, 8, 1)),
    ],
)
def test_une_date_se_lit_comme_on_l_ecrit_en_france(saisie, lue):
    assert valeurs.naissance(saisie, JOUR) == lue


@pytest.mark.parametrize(
    "saisie, dit",
    [
        ("31/02/2019", "n’existe pas au calendrier"),
        ("06/18/2019", "n’existe pas au calendrier"),
        ("18/06/0019", "l’année s’écrit en quatre chiffres"),
        ("25/11/2026", "date de naissance passée"),
        ("43634", "n’est pas reconnue"),
        ("bientôt", "n’est pas reconnue"),
    ],
)
def test_une_date_absurde_est_refusee(saisie, dit):
    with pytest.raises(ValidationError, match=dit):
        valeurs.naissance(saisie, JOUR)


@pytest.mark.parametrize(
    "lecteur, saisie, lue",
    [
        (valeurs.telephone, "+33 6 12 34 56 78", "06.12.34.56.78"),
        (valeurs.telephone, "612345678", "06.12.34.56.78"),
        (valeurs.code_postal, "1000", "01000"),
        (valeurs.numero_famille, "1234", "0000000001234"),
        (valeurs.numero_famille, "f 012", "F012"),
        (valeurs.civilite, "Mr", "M"),
        (valeurs.civilite, "Mlle", "MME"),
        (valeurs.sexe, "Garçon", "M"),
        (valeurs.situation, "Pacsé(e)", "PACSE"),
        (valeurs.situation, "VIE MARITALE", "UNION_LIBRE"),
        (valeurs.qualite, "belle-mère", "BEAU_PARENT"),
    ],
)
def test_une_valeur_prend_sa_forme_du_portail(lecteur, saisie, lue):
    assert lecteur(saisie, JOUR) == lue


@pytest.mark.parametrize(
    "lecteur, saisie, dit",
    [
        (valeurs.telephone, "06 12", "nombre de chiffres"),
        (valeurs.code_postal, "3140O", "cinq chiffres"),
        (valeurs.numero_famille, "2,01409E+12", "tableur a abîmé"),
        (valeurs.numero_famille, "n°?", "a des chiffres"),
        (valeurs.numero_famille, "12345678901234", "treize chiffres"),
        (valeurs.sexe, "X", "M ou F"),
    ],
)
def test_une_valeur_qui_ne_tient_pas_est_refusee(lecteur, saisie, dit):
    with pytest.raises(ValidationError, match=dit):
        lecteur(saisie, JOUR)


# --- What is no file of families -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "contenu",
    [b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b";;;;\n;;;;\n", "\ufeff;;\n".encode(), b"\n\n"],
)
def test_un_fichier_sans_rien_est_dit_vide(contenu):
    assert refus(contenu) == fichier.VIDE


@pytest.mark.parametrize("contenu", [b"a" * 200_000, b"a" * 200_000 + b"\nb;c\n"])
def test_une_premiere_ligne_sans_fin_n_a_pas_de_separateur(contenu):
    assert "aucun séparateur reconnu" in refus(contenu)


def test_une_valeur_sans_fin_se_dit_avec_sa_ligne():
    assert "Ligne 2 : une valeur est bien trop longue" in refus(b"Nom;Adresse\nA;" + b"b" * 200_000)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_l_utf_16_se_nomme_avec_ou_sans_sa_marque(codec):
    assert "UTF-16" in refus(SIMPLE.encode(codec))


@pytest.mark.parametrize(
    "debut, quoi",
    [
        (b"%PDF-1.7\n%\xe2\xe3", "un PDF"),
        (b"\x89PNG\r\n\x1a\n", "une image"),
        (b"\xff\xd8\xff\xe0", "une image"),
        (b"PK\x03\x04", "un classeur"),
    ],
)
def test_un_autre_fichier_renomme_est_appele_par_son_nom(debut, quoi):
    assert f"Ce fichier est {quoi} : enregistrez-le au format CSV" in refus(debut + b"\x00" * 40)


def test_une_seule_autre_ligne_est_au_singulier():
    lignes = b"".join(b"A;\xe9;x\n" for _ in range(6))
    assert "et 1\u00a0autre ligne)" in refus("Nom;Prénom;É\n".encode() + lignes)
