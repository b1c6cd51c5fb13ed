"""What an import would write: new rows, and changes of those that exist."""

from dataclasses import dataclass, field

from django.db.models import Model

from familles.models import Enfant, Famille, LienParental, Rattachement, Responsable, Scolarite

# In the order in which they are written: each names only rows above it.
MODELES = (Famille, Responsable, Enfant, Rattachement, LienParental, Scolarite)


@dataclass
class Plan:
    neufs: dict[type[Model], list] = field(default_factory=lambda: {modele: [] for modele in MODELES})
    # Row and the names of its fields that change, the new values already in place.
    changes: dict[type[Model], dict[int, tuple[Model, set[str]]]] = field(
        default_factory=lambda: {modele: {} for modele in MODELES}
    )

    def creer(self, ligne: Model) -> Model:
        self.neufs[type(ligne)].append(ligne)
        return ligne

    def changer(self, ligne: Model, **valeurs) -> None:
        """On a row that is not written yet, the values simply join it."""
        for nom, valeur in valeurs.items():
            setattr(ligne, nom, valeur)
        if ligne.pk is not None:
            _, noms = self.changes[type(ligne)].setdefault(ligne.pk, (ligne, set()))
            noms.update(valeurs)

    @property
    def taille(self) -> int:
        return sum(len(self.neufs[m]) + len(self.changes[m]) for m in MODELES)

    def bilan(self) -> dict[str, list[int]]:
        """« familles » → [created, changed]."""
        return {
            str(modele._meta.verbose_name_plural): [len(self.neufs[modele]), len(self.changes[modele])]
            for modele in MODELES
        }
