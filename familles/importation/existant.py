"""What the portal already knows of the families of a file: a bounded number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db import connection
from django.db.models import Model, Q, QuerySet

from familles.importation.champs import RESPONSABLE
from familles.importation.foyers import Cle, Foyer, enfant_de, indices, personne
from familles.importation.valeurs import pareil
from familles.lots import par_lots
from familles.models import Ecole, Enfant, Famille, LienParental, Responsable, Scolarite

LOT = 500  # keys in one query
IDENTITE = ("nom", "prenom", "email", "mobile", "telephone_domicile", "adresse", "code_postal")


def _lots(cles: Iterable) -> Iterator[Sequence]:
    return par_lots(sorted(set(cles)), LOT)


class Existant:
    """`verrou`: the rows that may change are held until the end of the transaction."""

    def __init__(self, foyers: list[Foyer], *, verrou: bool = False):
        self.verrou = verrou
        self.lues: dict[type[Model], list[int]] = defaultdict(list)
        self.ecoles = {pareil(ecole.nom): ecole for ecole in Ecole.objects.all()}
        self.familles: dict[str, Famille] = {}
        # First name and name of an adult → the keys of the families, and what tells a homonym from another.
        self.homonymes: dict[Cle, dict[int, set[Cle]]] = defaultdict(dict)
        self.par_cle: dict[int, Famille] = {}
        self.adultes: dict[int | None, list[Responsable]] = defaultdict(list)
        self.enfants: dict[Cle, list[Enfant]] = defaultdict(list)
        self.naissances: dict[tuple[int | None, date], list[Enfant]] = defaultdict(list)
        self._lire_les_familles(foyers)
        self._lire_les_enfants(foyers)

    def _tenir(self, lignes: QuerySet) -> QuerySet:
        return lignes.select_for_update(of=("self",)) if self.verrou else lignes

    def tenir(self) -> None:
        """Hold, in the order in which they were read, the rows that may change. SQLite's lock is for all."""
        if not connection.features.has_select_for_update:
            return
        for modele, cles in self.lues.items():
            for lot in _lots(cles):
                list(
                    modele._base_manager.select_for_update()
                    .filter(pk__in=lot)
                    .order_by("pk")
                    .values_list("pk")
                )

    def _lire_les_familles(self, foyers: list[Foyer]) -> None:
        anonymes = {personne(f.de(RESPONSABLE)) for f in foyers if not f.numero}
        if anonymes:
            for cle, *valeurs in Responsable.objects.values_list("famille_id", *IDENTITE).iterator(2_000):
                adulte = dict(zip(IDENTITE, valeurs, strict=True))
                if (nom := personne(adulte)) in anonymes:
                    self.homonymes[nom].setdefault(cle, set()).update(indices(adulte))
        for numeros in _lots(f.numero for f in foyers if f.numero):
            self._garder(Famille.objects.filter(Q(numero__in=numeros) | Q(ancien_numero__in=numeros)))
        for cles in _lots(cle for familles in self.homonymes.values() for cle in familles):
            self._garder(Famille.objects.filter(pk__in=cles))

    def _garder(self, lignes: QuerySet) -> None:
        familles = {f.pk: f for f in self._tenir(lignes.order_by("pk"))}
        for cle, famille in familles.items():
            self.lues[Famille].append(cle)
            self.par_cle[cle] = self.familles[famille.numero] = famille
            if famille.ancien_numero:
                self.familles[famille.ancien_numero] = famille
        for adulte in self._tenir(Responsable.objects.filter(famille__in=familles).order_by("pk")):
            self.lues[Responsable].append(adulte.pk)
            self.adultes[adulte.famille_id].append(adulte)

    def _lire_les_enfants(self, foyers: list[Foyer]) -> None:
        """Those born on a day of the file, in whichever family: a child may be in two."""
        nes = {enfant["date_naissance"] for f in foyers for _, enfant in f.enfants}
        for jours in _lots(nes):
            lignes = self._tenir(Enfant.objects.filter(date_naissance__in=jours).order_by("pk"))
            for enfant in lignes.prefetch_related("rattachements"):
                self.lues[Enfant].append(enfant.pk)
                self.enfants[enfant_de(vars(enfant))].append(enfant)
                for rattachement in enfant.rattachements.all():
                    self.naissances[rattachement.famille_id, enfant.date_naissance].append(enfant)

    def nes_le(self, famille: Famille, jour: date) -> list[Enfant]:
        """Children of this family born on a day of the file."""
        return self.naissances.get((famille.pk, jour), [])

    def scolarites(self, enfants: Iterable[int]) -> dict[int, list[Scolarite]]:
        """Of each child, the latest first."""
        trouvees = defaultdict(list)
        for cles in _lots(enfants):
            lignes = Scolarite.objects.filter(enfant__in=cles).select_related("ecole").order_by("-du")
            for scolarite in self._tenir(lignes):
                self.lues[Scolarite].append(scolarite.pk)
                trouvees[scolarite.enfant_id].append(scolarite)
        return trouvees

    def liens(self, enfants: Iterable[int]) -> set[tuple[int, int]]:
        """(adult, child) already told."""
        trouves = set()
        for cles in _lots(enfants):
            trouves.update(
                LienParental.objects.filter(enfant__in=cles).values_list("responsable_id", "enfant_id")
            )
        return trouves
