"""Families that come in from a file: examined, written whole or not at all, never twice."""

from datetime import date

import pytest

from familles import actions
from familles.enums import EtatImport, Qualite, Rang, Situation, VerbeTrace
from familles.erreurs import Refus
from familles.models import (
    Enfant,
    Famille,
    LienParental,
    Responsable,
    Trace,
)
from tests.fabriques.fichiers import ALEXANDRE, HUGO, LEA, TITRES
from tests.fabriques.fichiers import fichier as ecrire
from tests.familles.importer import COMPTES, comptes, examiner, importer, lignes_en_base, rapport, refus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("jour")]
RENTREE = date(2026, 9, 1)


# --- Coming in -------------------------------------------------------------------------------------------


def test_un_fichier_donne_familles_responsables_enfants_et_scolarites(ridout, admin):
    fini = importer(ecrire(LEA, ALEXANDRE, HUGO), admin)
    assert (fini.etat, comptes(fini)) == (EtatImport.TERMINE, (3, 0, 0, 0))
    dupont = Famille.objects.get(numero="1001001818331")
    assert dupont.situation == Situation.SEPARE
    jean, jeanne = dupont.responsables.all()
    assert (jean.rang, jean.appel, jean.mobile, jean.code_postal) == (
        Rang.TITULAIRE,
        "Jean DUPONT",
        "06.12.34.56.78",
        "31400",
    )
    assert (jeanne.rang, jeanne.qualite, jeanne.adresse) == (Rang.CONJOINT, Qualite.MERE, "")
    assert (jean.utilisateur, jean.autorisation_courriel) == (None, False)
    lea = Enfant.objects.get(prenom="Léa")
    assert (lea.sexe, lea.date_naissance) == ("F", date(2019, 6, 18))
    assert [r.du for r in lea.rattachements.all()] == [RENTREE]
    assert [(s.ecole, s.classe, s.du) for s in lea.scolarites.all()] == [(ridout, "CE2", RENTREE)]
    assert LienParental.objects.filter(enfant=lea, autorite_parentale=True).count() == 2


def test_chaque_ligne_ecrite_est_dans_l_historique_au_nom_de_qui_importe(ridout, admin):
    fini = importer(ecrire(LEA), admin)
    for modele in COMPTES:
        for version in modele.history.all():
            assert (version.history_user, version.history_change_reason) == (admin, f"Import n° {fini.pk}")
    trace = Trace.objects.get(verbe=VerbeTrace.IMPORTER)
    assert (trace.par, trace.objet, trace.objet_id) == (admin, "familles.ImportFamilles", fini.pk)


def test_l_examen_n_ecrit_rien_des_familles(ridout, admin):
    vu = examiner(ecrire(LEA, HUGO), admin)
    assert (vu.etat, comptes(vu), vu.importable) == (EtatImport.EXAMINE, (2, 0, 0, 0), True)
    assert lignes_en_base() == [0] * len(COMPTES)
    assert vu.bilan["familles"] == [2, 0]


def test_le_meme_fichier_une_seconde_fois_ne_double_rien(ridout, admin):
    importer(ecrire(LEA, ALEXANDRE, HUGO), admin)
    avant = lignes_en_base()
    encore = examiner(ecrire(LEA, ALEXANDRE, HUGO), admin)
    assert (comptes(encore), encore.importable) == ((0, 0, 3, 0), False)
    with pytest.raises(Refus):
        actions.lancer(import_id=encore.pk, par=admin)
    assert lignes_en_base() == avant


def test_un_fichier_plus_recent_met_a_jour_sans_doubler(ridout, admin):
    importer(ecrire(LEA, HUGO), admin)
    avant = lignes_en_base()
    demenagee = LEA | {"Adresse resp. 1": "9 rue Neuve", "Classe": "CM1", "Prénom enfant": "LEA"}
    fini = importer(ecrire(demenagee, HUGO | {"Tél. portable resp. 1": ""}), admin)
    assert comptes(fini) == (0, 1, 1, 0)
    assert lignes_en_base() == avant
    jean = Responsable.objects.get(prenom="Jean")
    assert (jean.adresse, jean.history.count()) == ("9 rue Neuve", 2)
    # An empty cell erases nothing, a name written otherwise is the same name.
    assert Responsable.objects.get(prenom="Claire").mobile == "07.11.22.33.44"
    lea = Enfant.objects.get(prenom="Léa")
    assert [s.classe for s in lea.scolarites.all()] == ["CM1"]


def test_la_rentree_suivante_clot_la_scolarite_et_en_ouvre_une(ridout, admin):
    importer(ecrire(LEA), admin)
    importer(ecrire(LEA | {"Classe": "CM1"}), admin, du="2027-09-01")
    derniere, premiere = Enfant.objects.get(prenom="Léa").scolarites.all()
    assert (premiere.classe, premiere.du, premiere.au) == ("CE2", RENTREE, date(2027, 8, 31))
    assert (derniere.classe, derniere.du, derniere.au) == ("CM1", date(2027, 9, 1), None)


def test_une_famille_sans_enfant_et_un_adulte_de_plus(ridout, admin):
    seule = {titre: valeur for titre, valeur in HUGO.items() if titre in TITRES[:11]}
    assert importer(ecrire(seule), admin).bilan["enfants"] == [0, 0]
    paul = {"Nom resp. 2": "MARTIN", "Prénom resp. 2": "Paul", "Qualité resp. 2": "Père"}
    fini = importer(ecrire(HUGO | paul), admin)
    assert comptes(fini) == (1, 0, 0, 0)
    assert Famille.objects.get().conjoint.prenom == "Paul"


def test_sans_numero_la_famille_se_reconnait_a_ses_coordonnees_ou_a_son_enfant(ridout, admin):
    lea, alexandre, hugo = (ligne | {"N° famille": ""} for ligne in (LEA, ALEXANDRE, HUGO))
    importer(ecrire(lea, alexandre, hugo), admin)
    assert sorted(Famille.objects.values_list("numero", flat=True)) == ["2026000000001", "2026000000002"]
    assert comptes(examiner(ecrire(lea, alexandre, hugo), admin)) == (0, 0, 3, 0)
    # Everything moved, but Léa is still theirs.
    ailleurs = {
        "Adresse resp. 1": "1 quai",
        "Tél. portable resp. 1": "0611111111",
        "E-mail resp. 1": "j@d.fr",
    }
    assert comptes(examiner(ecrire(lea | ailleurs), admin)) == (0, 1, 0, 0)


def test_un_homonyme_ne_prend_jamais_la_place_d_une_famille(ridout, admin):
    importer(ecrire(LEA), admin)
    autre = LEA | {
        "N° famille": "",
        "Prénom enfant": "Zoé",
        "Adresse resp. 1": "1 quai",
        "Tél. portable resp. 1": "",
        "E-mail resp. 1": "",
    }
    vu = examiner(ecrire(autre), admin)
    assert refus(vu) == [(2, "N° famille")]
    assert "1001001818331" in rapport(vu).refus[0].phrase


@pytest.mark.parametrize("titre", ["Nom resp. 1", "Prénom resp. 2", "Nom enfant", "Prénom enfant"])
def test_un_nom_sans_lettre_est_refuse_a_sa_cellule(ridout, admin, titre):
    vu = examiner(ecrire(LEA | {titre: "123"}), admin)
    assert refus(vu) == [(2, titre)]
    assert "au moins une lettre" in rapport(vu).refus[0].phrase


def test_un_autre_adulte_a_la_meme_place_est_refuse(famille_dupont, ridout, admin):
    vu = examiner(ecrire(LEA | {"Nom resp. 1": "DURAND", "Prénom resp. 1": "Luc"}), admin)
    assert refus(vu) == [(2, "Nom resp. 1")]


def test_une_situation_qui_ouvrirait_le_dossier_a_l_autre_adulte_ne_change_pas(famille_dupont, ridout, admin):
    vu = examiner(ecrire(LEA | {"Situation familiale": "Marié(e)"}), admin)
    remarques = rapport(vu).remarques
    assert [(c.ligne, c.colonne) for c in remarques] == [(2, "Situation familiale")]
    actions.lancer(import_id=vu.pk, par=admin)
    actions.ecrire(import_id=vu.pk)
    famille_dupont.refresh_from_db()
    assert famille_dupont.situation == Situation.SEPARE


def test_sans_situation_deux_adultes_ne_lisent_que_ce_qui_est_a_chacun(ridout, admin):
    importer(ecrire(LEA | {"Situation familiale": ""}), admin)
    assert not Famille.objects.get().vie_commune


def test_un_beau_parent_ne_recoit_aucune_autorite(ridout, admin):
    importer(ecrire(LEA | {"Qualité resp. 2": "Belle-mère"}), admin)
    lien = LienParental.objects.get(qualite=Qualite.BEAU_PARENT)
    assert not (lien.autorite_parentale or lien.voit_sante or lien.peut_recuperer or lien.redevable)


# --- Separated parents -----------------------------------------------------------------------------------


def test_le_meme_enfant_dans_deux_familles_n_est_un_seul_que_si_on_le_dit(ridout, admin):
    chez_claire = HUGO | {titre: LEA[titre] for titre in TITRES[15:]}
    vu = examiner(ecrire(LEA, chez_claire), admin)
    assert refus(vu) == [(3, "Prénom enfant")]
    fini = importer(ecrire(LEA, chez_claire), admin, partages=True)
    assert comptes(fini) == (2, 0, 0, 0)
    lea = Enfant.objects.get()
    assert lea.rattachements.count() == 2
    assert comptes(examiner(ecrire(LEA, chez_claire), admin, partages=True)) == (0, 0, 2, 0)
    ailleurs = chez_claire | {"Classe": "CP"}
    assert refus(examiner(ecrire(LEA, ailleurs), admin, partages=True)) == [(3, "École")]


def test_un_enfant_deja_dans_une_autre_famille_du_portail_n_y_est_pas_pris_sans_le_dire(hugo, ridout, admin):
    chez_jean = LEA | {"Prénom enfant": "Hugo", "Nom enfant": "Martin", "Date de naissance": "09/03/2018"}
    assert refus(examiner(ecrire(chez_jean), admin)) == [(2, "Prénom enfant")]
    importer(ecrire(chez_jean), admin, partages=True)
    assert Enfant.objects.get(pk=hugo.pk).rattachements.count() == 2


def test_une_adresse_changee_par_l_import_change_celle_du_compte(admin, famille_dupont, jean):
    contenu = (
        "N° famille;Nom;Prénom;E-mail\n"
        f"{famille_dupont.numero};{jean.nom};{jean.prenom};nouveau.jean@exemple.fr\n"
    ).encode()
    importation = importer(contenu, admin)
    assert comptes(importation) == (0, 1, 0, 0)
    jean.utilisateur.refresh_from_db()
    assert jean.utilisateur.email == "nouveau.jean@exemple.fr"


# --- Numbers of the former software, qualities that it did not know, first names that it corrected --------


def test_un_numero_avec_des_lettres_est_garde_a_cote_de_celui_du_portail(ridout, admin):
    lignes = [ligne | {"N° famille": numero} for ligne, numero in ((LEA, "f012"), (HUGO, "F013"))]
    assert comptes(importer(ecrire(*lignes), admin)) == (2, 0, 0, 0)
    famille = Famille.objects.get(ancien_numero="F012")
    assert (famille.numero, famille.titulaire.prenom) == ("2026000000001", "Jean")
    # Known again by it, whatever else changed.
    lignes[0] |= {"Tél. portable resp. 1": "06 00 00 00 01", "E-mail resp. 1": ""}
    assert comptes(importer(ecrire(*lignes), admin)) == (0, 1, 1, 0)


SANS_QUALITE = {"Qualité resp. 1": "", "Qualité resp. 2": ""}


def test_des_responsables_sans_qualite_sont_nommes_a_l_examen(ridout, admin):
    vu = examiner(ecrire(LEA | SANS_QUALITE), admin)
    dites = [c for c in rapport(vu).remarques if "aucun lien parental" in c.phrase]
    assert [c.phrase.split(" : ")[1].split()[0] for c in dites] == ["Jean", "Jeanne"]
    assert [c.colonne for c in dites] == ["Qualité resp. 1", "Qualité resp. 2"]
    assert vu.bilan["liens parentaux"] == [0, 0]
    assert vu.importable


def test_des_responsables_sans_qualite_sont_parents_si_la_ville_le_dit(ridout, admin):
    fini = importer(ecrire(LEA | SANS_QUALITE), admin, sans_qualite="PARENTS")
    assert fini.bilan["liens parentaux"] == [2, 0]
    assert not rapport(fini).remarques
    jean, jeanne = LienParental.objects.order_by("responsable__rang")
    assert (jean.qualite, jeanne.qualite) == (Qualite.PERE, Qualite.AUTRE)
    assert all(lien.autorite_parentale and lien.voit_sante for lien in (jean, jeanne))


def test_qui_a_une_qualite_la_garde_quel_que_soit_le_choix(ridout, admin):
    importer(ecrire(LEA | {"Qualité resp. 2": "Belle-mère"}), admin, sans_qualite="PARENTS")
    lien = LienParental.objects.get(responsable__prenom="Jeanne")
    assert (lien.qualite, lien.autorite_parentale) == (Qualite.BEAU_PARENT, False)


def test_un_prenom_corrige_est_signale_avant_de_faire_un_second_enfant(ridout, admin):
    importer(ecrire(LEA, ALEXANDRE), admin)
    vu = examiner(ecrire(LEA | {"Prénom enfant": "Léa-Rose"}), admin)
    (dite,) = rapport(vu).remarques
    assert "déjà un enfant né ce jour-là : Léa" in dite.phrase
    # A twin who is in the file beside the known one is nobody's correction.
    jumeau = LEA | {"Prénom enfant": "Tom", "Sexe": "M"}
    assert not rapport(examiner(ecrire(LEA, jumeau), admin)).remarques


def test_les_lignes_d_une_famille_refusee_le_sont_toutes(ridout, admin):
    autre = LEA | {"Prénom enfant": "Zoé", "E-mail resp. 1": "autre@exemple.fr"}
    vu = examiner(ecrire(LEA, autre, HUGO), admin)
    assert comptes(vu) == (1, 0, 0, 2)
    assert [c.ligne for c in rapport(vu).refus] == [3]
    dites = {numero: effets for numero, _, effets in rapport(vu).lignes}
    assert dites[2] == "La ligne 3, de la même famille, est refusée"
    assert (2, "Refusée", "", dites[2], "") in rapport(vu).tableau("x").lignes
