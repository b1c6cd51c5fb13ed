"""Many families at once, whose children ate as booked: for the measures, and for what must hold in number."""

from collections.abc import Sequence
from datetime import date

from facturation.tarifs import debut_annee, fin_de_mois
from familles.enums import Civilite, Rang
from familles.models import (
    AnneeScolaire,
    Enfant,
    Famille,
    Inscription,
    Prestation,
    QuotientFamilial,
    Rattachement,
    Responsable,
)
from planning.enums import EtatPointage, EtatReservation
from planning.models import Cloture, Pointage, Reservation

NOMS = ("Abadie", "Bonnet", "Castel", "Delmas", "Estève", "Fabre", "Gayral", "Hébrard", "Izard", "Jalabert")


def peupler(nombre: int, enfants: int, premier: int = 3001001000000) -> list[Famille]:
    """Families of one adult, at an address, with a known quotient; each has as many children."""
    familles = Famille.objects.bulk_create(Famille(numero=str(premier + rang)) for rang in range(nombre))
    Responsable.objects.bulk_create(
        Responsable(
            famille=famille,
            rang=Rang.TITULAIRE,
            civilite=Civilite.MADAME,
            nom=NOMS[rang % len(NOMS)],
            prenom=f"Anne {rang}",
            adresse=f"{rang} rue des Écoles",
            code_postal="31400",
            ville="Saint-Jean",
        )
        for rang, famille in enumerate(familles)
    )
    QuotientFamilial.objects.bulk_create(
        QuotientFamilial(
            famille=famille, valeur=300 + rang % 12 * 100, du=date(2026, 1, 1), recu_le=date(2026, 1, 1)
        )
        for rang, famille in enumerate(familles)
    )
    petits = Enfant.objects.bulk_create(
        Enfant(nom=NOMS[rang % len(NOMS)], prenom=f"Zoé {n}", date_naissance=date(2018 + n, 5, 4))
        for rang in range(nombre)
        for n in range(enfants)
    )
    Rattachement.objects.bulk_create(
        Rattachement(enfant=enfant, famille=familles[rang // enfants], du=enfant.date_naissance)
        for rang, enfant in enumerate(petits)
    )
    return familles


def servir(familles: Sequence[Famille], prestation: Prestation, jours: Sequence[date]) -> None:
    """Their children booked these days of a month, and came; its days are closed."""
    commun = {"prestation": prestation}
    reservations = Reservation.objects.bulk_create(
        [
            Reservation(
                enfant_id=inscription.enfant_id,
                jour=jour,
                inscription=inscription,
                etat=EtatReservation.RESERVEE,
                **commun,
            )
            for inscription in inscrire(familles, prestation, jours[0])
            for jour in jours
        ],
        batch_size=5000,
    )
    Pointage.objects.bulk_create(
        [
            Pointage(
                enfant_id=r.enfant_id,
                jour=r.jour,
                reservation=r,
                inscription=r.inscription,
                famille_id=r.inscription.famille_id,
                etat=EtatPointage.PRESENT,
                **commun,
            )
            for r in reservations
        ],
        batch_size=5000,
    )
    Cloture.objects.get_or_create(du=jours[0].replace(day=1), au=fin_de_mois(jours[-1]), **commun)


def inscrire(familles: Sequence[Famille], prestation: Prestation, jour: date) -> list[Inscription]:
    """Their children, for the school year that holds the day."""
    annee, _ = AnneeScolaire.objects.get_or_create(debut=debut_annee(jour))
    liens = Rattachement.objects.filter(famille__in=familles).order_by("pk").values_list("enfant", "famille")
    dates = {"annee": annee, "du": annee.debut, "au": annee.fin}
    return Inscription.objects.bulk_create(
        Inscription(enfant_id=enfant, famille_id=famille, prestation=prestation, **dates)
        for enfant, famille in liens
    )
