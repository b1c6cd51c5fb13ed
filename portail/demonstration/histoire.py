"""The school year 2014-2015 of the manual: AL-12, AL-36 and AL-228 stand in whole series.

Twenty-four families, billed in alphabetical order on 8 April 2015: February and March (AL-1 to AL-24), then
April in advance (AL-25 to AL-48). The Duponts come twelfth: AL-12 and AL-36. The other families had paid by
instalments since September (AL-1 to AL-227): Jean's cheque of that day is AL-228.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from facturation import ecritures
from facturation.actions import encaisser
from facturation.brouillons import Brouillon, Unite, composer
from facturation.copies import debiteur
from facturation.enums import Serie
from facturation.models import CompteurNumero, Facture
from facturation.payeurs import payeurs_retenus
from facturation.tarifs import Prix
from familles.enums import Civilite, ModeReglement, Qualite, Sexe, Situation, VerbeTrace
from familles.horloge import figer
from familles.models import Enfant, Famille, Responsable, Trace
from portail.demonstration import foyers
from portail.demonstration.distribution import Distribution
from portail.demonstration.foyers import Foyer
from portail.demonstration.hasard import Hasard, a, jours
from portail.demonstration.ville import COMMUNE, LIGNES, Ville

RENTREE = 2014
EMISSION, ECHEANCE = date(2015, 4, 8), date(2015, 4, 30)
ECHU = (date(2015, 2, 1), date(2015, 3, 31))
A_ECHOIR = (date(2015, 4, 1), date(2015, 4, 30))
REGLEMENT_DES_DUPONT = 228
PRIX = {cle: Decimal(ancien) for cle, _, _, _, ancien, _ in LIGNES}

# Zone A that year: winter holidays 7–22 February, spring holidays 11–26 April, Easter Monday on the 6th.
ECOLE_FEVRIER = [
    d for d in jours(date(2015, 2, 2), date(2015, 2, 27)) if d.isoweekday() <= 5 and not 7 <= d.day <= 22
]
ECOLE_MARS = [d for d in jours(date(2015, 3, 2), date(2015, 3, 31)) if d.isoweekday() <= 5]
ECOLE_AVRIL = [
    d
    for d in jours(*A_ECHOIR)
    if d.isoweekday() <= 5 and d.day != 6 and not date(2015, 4, 11) <= d <= date(2015, 4, 26)
]

AVANT_DUPONT = "Abadie Barthes Bousquet Cazaux Chauvet Claverie Costes Dardenne Delmas Descamps Ducasse"
APRES_DUPONT = "Escande Faure Galinier Julia Laffont Lasserre Maury Pujol Rouquette Sabathier Tournier Vidal"
NOMS = f"{AVANT_DUPONT} {APRES_DUPONT}".split()


@dataclass(frozen=True)
class Journee:
    """A day of a child at a service: a booking, a presence (or not), and a unit of an invoice."""

    enfant: Enfant
    prestation: str
    jour: date
    present: bool = True
    reservee: bool = True


@dataclass
class Passe:
    """What a family of 2014-2015 used, by billing period."""

    foyer: Foyer
    echu: list[Journee]
    a_echoir: list[Journee]

    @property
    def journees(self) -> list[Journee]:
        return self.echu + self.a_echoir


def mercredis(ecole: Iterable[date]) -> list[date]:
    return [d for d in ecole if d.isoweekday() == 3]


def soirs(ecole: Iterable[date]) -> list[date]:
    return [d for d in ecole if d.isoweekday() != 3]


def avril(*numeros: int) -> list[date]:
    return [date(2015, 4, n) for n in numeros]


def _journees(enfant: Enfant, dates_par_prestation: dict[str, Iterable[date]]) -> list[Journee]:
    return [Journee(enfant, cle, jour) for cle, dates in dates_par_prestation.items() for jour in dates]


def passe_des_dupont(d: Distribution) -> Passe:
    """Alexandre's April is the manual's picture; Cyril's days make up the amounts: 243,20 and 120,60."""
    matins = mercredis(ECOLE_FEVRIER + ECOLE_MARS)
    echu = _journees(
        d.alexandre,
        {"matin1": matins, "matin2": matins, "repas": matins, "soir1": soirs(ECOLE_MARS)[-5:]},
    ) + _journees(d.cyril, _tous_les_jours(ECOLE_MARS))
    a_echoir = avril_d_alexandre(d.alexandre) + _journees(d.cyril, _tous_les_jours(ECOLE_AVRIL))
    return Passe(d.dupont, echu, a_echoir)


def _tous_les_jours(ecole: list[date]) -> dict[str, list[date]]:
    return {
        "matin2": ecole,
        "mercredi": mercredis(ecole),
        "soir1": soirs(ecole),
        "soir2": soirs(ecole),
        "repas": ecole,
    }


def avril_d_alexandre(alexandre: Enfant) -> list[Journee]:
    """The manual's picture: an empty box on the 1st (register not taken), ticks, hourglasses at lunch.

    The extraction has shifted the ticks of the evening into the holidays: they stand on the five evenings
    before them.
    """
    matins = [
        Journee(alexandre, cle, jour, present=jour.day != 1)
        for cle in ("matin1", "matin2")
        for jour in avril(1, 8, 30)
    ]
    sabliers = [Journee(alexandre, "repas", jour, present=False, reservee=False) for jour in avril(2, 3, 8)]
    return [*matins, *_journees(alexandre, {"soir1": avril(2, 3, 7, 9, 10)}), *sabliers]


def anciennes_familles(hasard: Hasard) -> list[Passe]:
    """The twenty-three others: one child each, gone to secondary school since, their files archived."""
    passes = []
    for rang, nom in enumerate(NOMS):
        femme = hasard.chance(60)
        prenom = hasard.faker.first_name_female() if femme else hasard.faker.first_name_male()
        adulte = Responsable(
            civilite=Civilite.MADAME if femme else Civilite.MONSIEUR,
            nom=nom.upper(),
            prenom=prenom,
            qualite=Qualite.MERE if femme else Qualite.PERE,
            adresse=hasard.faker.street_address(),
            **COMMUNE,
        )
        enfant = Enfant(
            nom=nom.upper(),
            prenom=hasard.faker.first_name_female(),
            sexe=Sexe.F,
            date_naissance=hasard.entre(date(2006, 1, 1), date(2011, 12, 31)),
        )
        famille = Famille(numero=str(1001001818300 + rang), situation=Situation.CELIBATAIRE)
        famille.archivee_le = date(2022, 7, 31)
        foyer = Foyer(famille, [adulte], [enfant])
        passes.append(Passe(foyer, _habitudes(hasard, enfant, ECOLE_FEVRIER + ECOLE_MARS), []))
        passes[-1].a_echoir = _habitudes(hasard, enfant, ECOLE_AVRIL)
    foyers.ecrire([p.foyer for p in passes])
    return passes


def _habitudes(hasard: Hasard, enfant: Enfant, ecole: list[date]) -> list[Journee]:
    rythme = set(hasard.sample([1, 2, 4, 5], k=hasard.randrange(2, 5)))
    reguliers = [d for d in ecole if d.isoweekday() in rythme]
    return _journees(enfant, {"repas": reguliers, "soir1": reguliers if hasard.chance(50) else []})


# --- Money ---------------------------------------------------------------------------------------------


def facturer(ville: Ville, passes: list[Passe]) -> None:
    """Instalments, then both series of 8 April 2015 with Jean's cheque between them, then what was due."""
    tries = sorted(passes, key=lambda p: p.foyer.titulaire.nom)
    _encaisser_les_acomptes(ville, [p for p in tries if p.foyer.titulaire.nom != "DUPONT"])
    with figer(a(EMISSION, 9)):
        echues = [_importer(ville, p.foyer, p.echu, ECHU) for p in tries]
    dupont = next(f for f in echues if f.destinataire.endswith("DUPONT"))
    _encaisser(ville, dupont.famille, dupont.total, EMISSION)
    with figer(a(EMISSION, 11)):
        avancees = [_importer(ville, p.foyer, p.a_echoir, A_ECHOIR) for p in tries]
    for rang, facture in enumerate(avancees):
        # Jean has not paid AL-36: the manual shows it.
        if facture.famille_id != dupont.famille_id:
            _encaisser(ville, facture.famille, facture.total, EMISSION + timedelta(days=2 + rang // 2))


def _unites(ville: Ville, journees: list[Journee]) -> list[Unite]:
    """What is billed: an hourglass is not."""
    return [
        Unite(j.enfant, ville.prestations[j.prestation], j.jour, Prix(PRIX[j.prestation], "Prix unique."))
        for j in journees
        if j.reservee
    ]


def _importer(ville: Ville, foyer: Foyer, journees: list[Journee], periode: tuple[date, date]) -> Facture:
    """An invoice of the former software, taken over with its lines, its units and its number."""
    brouillon = Brouillon(foyer.famille.pk, composer(_unites(ville, journees)))
    compteur = CompteurNumero.objects.verrouiller(ville.regie, Serie.FACTURE)
    du, au = periode
    facture = ecritures.ecrire_facture(
        foyer.famille,
        ville.regie,
        compteur.suivant(EMISSION),
        debiteur(foyer.famille, {ligne.enfant.pk for ligne in brouillon.lignes}),
        date=EMISSION,
        du=du,
        au=au,
        echeance=ECHEANCE,
        total=brouillon.total,
        emise_par=ville.comptable,
    )
    ecritures.ecrire_lignes(facture, brouillon)
    ecritures.imputer_le_credit(foyer.famille, ville.regie)
    return facture


def _encaisser_les_acomptes(ville: Ville, passes: list[Passe]) -> None:
    """AL-1 to AL-227, by date; each family's add up to its bill of February and March."""
    nombre = REGLEMENT_DES_DUPONT - 1
    parts = [nombre // len(passes) + (rang < nombre % len(passes)) for rang in range(len(passes))]
    acomptes = []
    for rang, (passe, combien) in enumerate(zip(passes, parts, strict=True)):
        total = sum((u.prix.total for u in _unites(ville, passe.echu)), Decimal("0.00"))
        part = (total / combien).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
        for n in range(combien):
            jour = date(2014, 9, 15) + timedelta(days=n * 20 + rang)
            montant = part if n else total - part * (combien - 1)
            acomptes.append((jour, rang, passe.foyer.famille, montant))
    for jour, _, famille, montant in sorted(acomptes, key=lambda acompte: acompte[:2]):
        _reprendre_l_acompte(ville, famille, montant, jour)


def _reprendre_l_acompte(ville: Ville, famille: Famille, montant: Decimal, jour: date) -> None:
    """As `encaisser` would, but for the invoices to pay: there is none yet, and 226 instalments."""
    with figer(a(jour, 10)):
        reglement = ecritures.ecrire_reglement(
            famille,
            ville.regie,
            recu_le=jour,
            mode=ModeReglement.CHEQUE,
            montant=montant,
            enregistre_par=ville.comptable,
            **payeurs_retenus(famille),
        )
        Trace.objects.inscrire(
            par=ville.comptable, verbe=VerbeTrace.ENCAISSER, objet=reglement, famille=famille
        )


def _encaisser(ville: Ville, famille: Famille, montant: Decimal, jour: date) -> None:
    with figer(a(jour, 10)):
        encaisser(
            famille=famille,
            regie=ville.regie,
            mode=ModeReglement.CHEQUE,
            montant=montant,
            recu_le=jour,
            par=ville.comptable,
        )
