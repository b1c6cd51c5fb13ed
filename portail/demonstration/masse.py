"""A large town for the measures: thousands of families by `INSERT … SELECT`, on PostgreSQL.

Added to the usual town: schools of about two hundred and fifty families, each with its lunch and its evening
garderie, one school year of regular bookings, registers until the day before. Nothing is drawn by lot.
"""

from datetime import date, timedelta

from facturation.models import Tarif
from familles.enums import Civilite, Qualite, Rang, Sexe, Situation
from familles.models import (
    Ecole,
    Enfant,
    Famille,
    Inscription,
    LienParental,
    Prestation,
    QuotientFamilial,
    Rattachement,
    Residence,
    Responsable,
    Scolarite,
    Structure,
)
from planning.enums import EtatPointage, EtatReservation, Origine
from planning.models import Mouvement, Pointage, Reservation
from portail.demonstration.annee import Annee
from portail.demonstration.foyers import CLASSES
from portail.demonstration.hasard import a
from portail.demonstration.histoire import NOMS
from portail.demonstration.versement import alleger, creer, deduire, retablir, tableau, texte, verser
from portail.demonstration.ville import COMMUNE

FAMILLES_PAR_ECOLE = 250
PREMIER_NUMERO = 2001000000000
SERVICES = ("repas", "soir1")
PRENOMS = ["Adam", "Alice", "Chloé", "Emma", "Gabin", "Inès", "Jules", "Louis", "Maël", "Nina", "Zoé"]
# The bookings of the schools added here.
RESERVES = f"{Reservation._meta.db_table} r JOIN service s ON s.prestation = r.prestation_id"
# Filled without indexes nor checks, which are made again at the end: three times faster.
GRANDES = [Reservation, Mouvement, Pointage]


def ajouter(annee: Annee, nombre: int) -> None:
    """`nombre` families more, in the transaction of the caller."""
    _preparer(annee, nombre)
    depuis = f"'{annee.scolaire.debut - timedelta(days=365)}'::date"
    _verser_les_familles(depuis)
    _verser_les_enfants(annee, depuis)
    refaire = alleger(GRANDES)
    _verser_les_inscriptions(annee)
    _verser_les_reservations(annee)
    _verser_les_appels(annee)
    retablir(refaire, [Famille, Enfant])


# --- What everything hangs on ------------------------------------------------------------------------------


def _preparer(annee: Annee, nombre: int) -> None:
    """Temporary tables: services of each school, open days, families, children."""
    creer("service (ecole int, cle text, prestation bigint)", _ecoles(annee, nombre))
    ouverts = [
        (cle, jour, jour.isoweekday(), jour.isocalendar().week % 2)
        for cle in SERVICES
        for jour in annee.ouverts[annee.ville.prestations[cle].pk]
    ]
    creer("ouvert (cle text, jour date, iso int, impaire int)", ouverts)
    famille, enfant = (
        modele.objects.order_by("-pk").values_list("pk", flat=True)[0] for modele in (Famille, Enfant)
    )
    noms = tableau([nom.upper() for nom in NOMS])
    deduire(
        "foyer",
        f"generate_series(1, {nombre}) n",
        n="n",
        famille=f"{famille} + n",
        ecole=f"(n - 1) / {FAMILLES_PAR_ECOLE}",
        nom=f"{noms}[1 + mod(n, {len(NOMS)})]",
        couple="mod(n, 3) > 0",
    )
    # One child in half of the families, two or three in the others.
    deduire(
        "eleve",
        "foyer, generate_series(0, CASE WHEN mod(n, 10) = 0 THEN 2 ELSE 1 - mod(n, 2) END) k",
        n="n",
        k="k",
        famille="famille",
        ecole="ecole",
        nom="nom",
        enfant=f"{enfant} + 3 * n + k",
        rang=f"mod(n + 3 * k, {len(CLASSES)})",
    )


def _ecoles(annee: Annee, nombre: int) -> list[tuple[int, str, int]]:
    """Schools with their services and prices, like those of the town: (rank, service, key)."""
    services = []
    for rang in range((nombre - 1) // FAMILLES_PAR_ECOLE + 1):
        nom = f"Groupe scolaire n° {rang + 2}"
        Ecole.objects.bulk_create([Ecole(nom=nom, **COMMUNE)])
        (structure,) = Structure.objects.bulk_create([Structure(nom=nom)])
        for cle in SERVICES:
            modele = annee.ville.prestations[cle]
            champs = ("nom", "regie", "ordre", "heure_debut", "heure_fin", "jours_ouverts", "nature_fiscale")
            valeurs = {champ: getattr(modele, champ) for champ in champs}
            prestation = Prestation(structure=structure, capacite=modele.capacite, **valeurs)
            Prestation.objects.bulk_create([prestation])
            Tarif.objects.bulk_create([Tarif(prestation=prestation, du=date(2020, 9, 1), montant="3.40")])
            services.append((rang, cle, prestation.pk))
    return services


# --- Files of the families ---------------------------------------------------------------------------------


def _verser_les_familles(depuis: str) -> None:
    situations = f"CASE WHEN couple THEN '{Situation.MARIE}' ELSE '{Situation.CELIBATAIRE}' END"
    verser(Famille, "foyer", id="famille", numero=f"({PREMIER_NUMERO} + n)::text", situation=situations)
    adulte = {
        "famille_id": "famille",
        "nom": "nom",
        "adresse": "n || ' rue des Écoles'",
        "code_postal": texte(COMMUNE["code_postal"]),
        "ville": texte(COMMUNE["ville"]),
    }
    mere = {"civilite": texte(Civilite.MADAME), "qualite": texte(Qualite.MERE)}
    pere = {"civilite": texte(Civilite.MONSIEUR), "qualite": texte(Qualite.PERE)}
    verser(Responsable, "foyer", rang=f"{Rang.TITULAIRE}", prenom="'Camille'", **adulte, **mere)
    verser(Responsable, "foyer WHERE couple", rang=f"{Rang.CONJOINT}", prenom="'Dominique'", **adulte, **pere)
    verser(
        QuotientFamilial,
        "foyer",
        famille_id="famille",
        valeur="300 + mod(n, 1500)",
        du=depuis,
        recu_le=depuis,
    )
    verser(Residence, "foyer", famille_id="famille", code_insee="'31488'", commune="'Saint-Jean'", du=depuis)


def _verser_les_enfants(annee: Annee, depuis: str) -> None:
    petits = annee.scolaire.debut.year - min(CLASSES)
    verser(
        Enfant,
        "eleve",
        id="enfant",
        nom="nom",
        prenom=f"{tableau(PRENOMS)}[1 + mod(n + 5 * k, {len(PRENOMS)})]",
        sexe=f"CASE WHEN mod(enfant, 2) = 0 THEN '{Sexe.F}' ELSE '{Sexe.M}' END",
        date_naissance=f"make_date({petits} - rang::int, 1 + mod(n, 12), 15)",
    )
    verser(Rattachement, "eleve", enfant_id="enfant", famille_id="famille", du=depuis)
    adultes = f"eleve JOIN {Responsable._meta.db_table} r ON r.famille_id = famille"
    verser(LienParental, adultes, responsable_id="r.id", enfant_id="enfant", qualite="r.qualite")
    classe = f"{tableau(list(CLASSES.values()))}[1 + rang]"
    ecoles = f"eleve JOIN {Ecole._meta.db_table} e ON e.nom = 'Groupe scolaire n° ' || (ecole + 2)"
    verser(Scolarite, ecoles, enfant_id="enfant", ecole_id="e.id", classe=classe, niveau=classe, du=depuis)


# --- The school year ---------------------------------------------------------------------------------------


def _verser_les_inscriptions(annee: Annee) -> None:
    debut, fin = (f"'{jour}'::date" for jour in (annee.scolaire.debut, annee.scolaire.fin))
    # Four children in five have lunch, two in five stay in the evening.
    rythme = (
        "CASE WHEN s.cle = 'repas' AND mod(enfant, 5) > 0 THEN '1245' "
        "WHEN s.cle = 'soir1' AND mod(enfant, 5) > 2 THEN '124' ELSE '' END"
    )
    verser(
        Inscription,
        "eleve JOIN service s USING (ecole)",
        enfant_id="enfant",
        prestation_id="s.prestation",
        annee_id=f"{annee.scolaire.pk}",
        famille_id="famille",
        du=debut,
        au=fin,
        semaine_paire=rythme,
        semaine_impaire=rythme,
    )


def _verser_les_reservations(annee: Annee) -> None:
    inscrits = f"{Inscription._meta.db_table} i JOIN service s ON s.prestation = i.prestation_id"
    depuis = f"'{min(a(annee.scolaire.debut, 10), a(annee.le, 0)) - timedelta(days=14)}'::timestamptz"
    verser(
        Reservation,
        f"{inscrits} JOIN ouvert o ON o.cle = s.cle AND position(o.iso::text in "
        "CASE WHEN o.impaire = 1 THEN i.semaine_impaire ELSE i.semaine_paire END) > 0",
        enfant_id="i.enfant_id",
        prestation_id="i.prestation_id",
        jour="o.jour",
        inscription_id="i.id",
        etat=texte(EtatReservation.RESERVEE),
        origine=texte(Origine.REGULIERE),
        demandee_le=depuis,
    )
    verser(
        Mouvement,
        RESERVES,
        reservation_id="r.id",
        vers="r.etat",
        le="r.demandee_le",
        par_id=f"{annee.ville.agent.pk}",
        motif=texte("Rythme de l’année"),
    )


def _verser_les_appels(annee: Annee) -> None:
    absents = f"CASE WHEN mod(r.id, 40) = 0 THEN '{EtatPointage.ABSENT}' ELSE '{EtatPointage.PRESENT}' END"
    verser(
        Pointage,
        f"{RESERVES} JOIN {Inscription._meta.db_table} i ON i.id = r.inscription_id "
        f"WHERE r.jour < '{annee.le}'::date",
        enfant_id="r.enfant_id",
        prestation_id="r.prestation_id",
        jour="r.jour",
        etat=absents,
        reservation_id="r.id",
        inscription_id="i.id",
        famille_id="i.famille_id",
        par_id=f"{annee.ville.agent.pk}",
        le="r.jour + interval '18 hours'",
    )
