"""« Réserver pour l’année scolaire »: weekly patterns of several children, spread over a period, judged."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from demandes.natures.feuilles import (
    IMPAIRES,
    PAIRES,
    TITRES,
    Cle,
    Coche,
    Ecart,
    FeuilleDeLEnfant,
    LigneDuRecap,
    ServiceDeLEnfant,
    nom_du_champ,
)
from facturation.estimation import JourVoulu
from familles.francais import JOURS
from familles.models import Enfant, Inscription, Prestation
from planning.cases import HORS_GARDE
from planning.enums import Operation
from planning.examen import Examen, examiner_enfants
from planning.rythme import Rythme

CHAQUE_SEMAINE, ALTERNEES = "chaque", "alternees"
SEMAINES = [
    (CHAQUE_SEMAINE, "Les mêmes jours chaque semaine"),
    (ALTERNEES, "Pas les mêmes jours les semaines paires et impaires"),
]
PLUS_LONGUE = timedelta(days=731)
JOURS_AU_PLUS = 3_000
# Asked that many times, a service is a habit; fewer are occasional, whatever the page they were asked on.
REGULIERE_DES = 4
JOURS_INCONNUS = "un des jours cochés n’est pas un jour d’ouverture de ce service. Vérifiez vos coches."
A_DEMANDER_A_PART = "Hors délai : ces jours se demandent un par un, sur le planning du mois."


def inscriptions_a_venir(acces, jour: date) -> QuerySet:
    """What the family may still book, child by child: one query."""
    return (
        Inscription.objects.pour(acces)
        .filter(au__gte=jour, prestation__active=True, enfant__in=Enfant.objects.pour(acces))
        .select_related("enfant", "prestation__structure")
        .order_by("enfant__date_naissance", "enfant", "prestation__ordre", "prestation__nom", "du")
    )


class JoursCoches(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, prestation: Prestation):
        super().__init__(choices=[(j, JOURS[int(j) - 1]) for j in prestation.jours_ouverts], required=False)

    def clean(self, value) -> str:
        return "".join(sorted(super().clean(value)))


class AnneeForm(forms.Form):
    """Ticks by child, prestation and weekday; what the rules answer once they are spread over the period."""

    operation: ClassVar[Operation] = Operation.RESERVER
    refuses: ClassVar[list] = []  # left out and told before the sending, never a refusal of the whole

    du = forms.DateField(label="Du", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    au = forms.DateField(label="Au", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    semaines = forms.ChoiceField(label="Semaines", choices=SEMAINES, widget=forms.RadioSelect)
    vu = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, donnees=None, *, acces, inscriptions: Iterable[Inscription], instant: datetime, version=None
    ):
        self.acces, self.instant, self.version = acces, instant, version
        # The last year inscribed says the habit of the child.
        self.inscriptions: dict[Cle, Inscription] = {(i.enfant_id, i.prestation_id): i for i in inscriptions}
        super().__init__(donnees, initial=self._habitudes())
        for cle, inscription in self.inscriptions.items():
            for semaine in (PAIRES, IMPAIRES):
                self.fields[nom_du_champ(semaine, cle)] = JoursCoches(inscription.prestation)
        self.verdicts: list[Examen] = []

    def _habitudes(self) -> dict:
        connues = self.inscriptions.values()
        habitudes = {
            "du": self.instant.date(),
            "au": max((i.au for i in connues), default=None),
            "semaines": ALTERNEES
            if any(i.semaine_paire != i.semaine_impaire for i in connues)
            else CHAQUE_SEMAINE,
        }
        for cle, inscription in self.inscriptions.items():
            habitudes[nom_du_champ(PAIRES, cle)] = list(inscription.semaine_paire)
            habitudes[nom_du_champ(IMPAIRES, cle)] = list(inscription.semaine_impaire)
        return habitudes

    # --- The page ----------------------------------------------------------------------------------------

    def feuilles(self, premier: Enfant) -> list[FeuilleDeLEnfant]:
        """A sheet per child, `premier` at the top."""
        feuilles: dict[int, FeuilleDeLEnfant] = {}
        for cle, inscription in self.inscriptions.items():
            feuille = feuilles.setdefault(cle[0], FeuilleDeLEnfant(inscription.enfant))
            feuille.services.append(self._service(cle, inscription.prestation))
        for feuille in feuilles.values():
            feuille.modeles = [f.enfant for f in feuilles.values() if f is not feuille]
        return sorted(feuilles.values(), key=lambda f: f.enfant != premier)

    def _service(self, cle: Cle, prestation: Prestation) -> ServiceDeLEnfant:
        return ServiceDeLEnfant(
            prestation,
            tuple(
                (semaine, titre, tuple(self._coches(nom_du_champ(semaine, cle), prestation)))
                for semaine, titre in TITRES.items()
            ),
        )

    def _coches(self, nom: str, prestation: Prestation) -> Iterable[Coche]:
        cochees = self[nom].value() or []
        return (Coche(nom, jour, jour in cochees) for jour in prestation.jours_ouverts)

    @property
    def choix(self) -> list[tuple[str, str]]:
        """What was ticked, to be posted again from the recap."""
        noms = [nom for nom in self.fields if nom != "vu"]
        return [(nom, v) for nom in noms for v in _liste(self[nom].value())]

    # --- Judging -----------------------------------------------------------------------------------------

    def clean(self):
        donnees = super().clean()
        self._dire_les_jours_refuses()
        du, au = donnees.get("du"), donnees.get("au")
        if self.errors or du is None or au is None:
            return donnees
        if au < du:
            raise ValidationError("La fin de la période ne peut précéder son début.")
        if au < self.instant.date():
            raise ValidationError("Cette période est passée : choisissez une date de fin à venir.")
        if au - du > PLUS_LONGUE:
            raise ValidationError("Choisissez une période de deux ans au plus.")
        rythmes = {cle: self._rythme(cle, donnees) for cle in self.inscriptions}
        if not any(rythmes.values()):
            raise ValidationError("Cochez au moins un jour de la semaine, pour au moins un service.")
        self._examiner(rythmes, max(du, self.instant.date()), au)
        return donnees

    def _dire_les_jours_refuses(self) -> None:
        """The page has no place beside a tick: a service that no longer opens on a day is named above."""
        for cle, inscription in self.inscriptions.items():
            if any(nom_du_champ(semaine, cle) in self.errors for semaine in TITRES):
                de_qui = f"{inscription.enfant.prenom}, {inscription.prestation.nom}"
                self.add_error(None, f"{de_qui} : {JOURS_INCONNUS}")

    @staticmethod
    def _rythme(cle: Cle, donnees: dict) -> Rythme:
        paires = donnees[nom_du_champ(PAIRES, cle)]
        alternees = donnees["semaines"] == ALTERNEES
        return Rythme(paires, donnees[nom_du_champ(IMPAIRES, cle)] if alternees else paires)

    def _examiner(self, rythmes: Mapping[Cle, Rythme], du: date, au: date) -> None:
        cellules: dict[int, list] = {}
        for (enfant_id, prestation_id), rythme in rythmes.items():
            jours = rythme.jours(du, au) if rythme else ()
            cellules.setdefault(enfant_id, []).extend((prestation_id, jour) for jour in jours)
        if sum(map(len, cellules.values())) > JOURS_AU_PLUS:
            raise ValidationError(
                "Cela fait trop de jours pour une seule demande : choisissez une période plus courte, "
                "ou moins de services à la fois."
            )
        self.verdicts = examiner_enfants(
            famille=self.acces.famille,
            cellules={enfant: liste for enfant, liste in cellules.items() if liste},
            operation=self.operation,
            instant=self.instant,
            version=self.version,
        )

    @cached_property
    def acceptes(self) -> list[Examen]:
        """Late days are left out: nobody pays a surcharge for having ticked a week-day."""
        return [v for v in self.verdicts if v.possible and not v.hors_delai]

    @cached_property
    def enfants(self) -> dict[int, Enfant]:
        return {i.enfant_id: i.enfant for i in self.inscriptions.values()}

    @property
    def enfant(self) -> Enfant | None:
        """Whose request it is; None for several: its lines say whose they are."""
        demandes = {v.enfant_id for v in self.acceptes}
        return self.enfants[demandes.pop()] if len(demandes) == 1 else None

    @property
    def regulieres(self) -> set[Cle]:
        compte = Counter((v.enfant_id, v.prestation_id) for v in self.acceptes)
        return {cle for cle, nombre in compte.items() if nombre >= REGULIERE_DES}

    @property
    def jours_voulus(self) -> list[JourVoulu]:
        """What the estimate of the price reads."""
        regulieres = self.regulieres
        return [
            JourVoulu(v.enfant_id, v.prestation_id, v.jour, (v.enfant_id, v.prestation_id) not in regulieres)
            for v in self.acceptes
        ]

    @property
    def empreinte(self) -> str:
        """Of the days that the recap showed: what is sent is what was read."""
        cellules = ";".join(f"{v.enfant_id}:{v.prestation_id}:{v.jour}" for v in self.acceptes)
        return hashlib.sha256(cellules.encode()).hexdigest()

    # --- The recap ---------------------------------------------------------------------------------------

    def recapitulatif(self) -> dict[Cle, LigneDuRecap]:
        lignes: dict[Cle, LigneDuRecap] = {}
        for cle, inscription in self.inscriptions.items():
            siens = [v for v in self.acceptes if (v.enfant_id, v.prestation_id) == cle]
            if siens:
                hors_garde = sum(HORS_GARDE in v.phrase for v in siens)
                jours = [v.jour for v in siens]
                lignes[cle] = LigneDuRecap(inscription.enfant, siens[0].prestation, jours, hors_garde)
        return lignes

    def ecarts(self) -> list[Ecart]:
        """The days left out and why, those that concern most days first."""
        ecarts: dict[str, Ecart] = {}
        for verdict in self.verdicts:
            if verdict.possible and not verdict.hors_delai:
                continue
            phrase = A_DEMANDER_A_PART if verdict.possible else verdict.phrase
            ecart = ecarts.setdefault(phrase, Ecart(phrase))
            ecart.jours.add(verdict.jour)
            ecart.qui[self.enfants[verdict.enfant_id].prenom, verdict.prestation] = None
        coches = {(v.enfant_id, v.prestation_id) for v in self.verdicts}
        for ecart in ecarts.values():
            ecart.de_tous = len(ecart.qui) == len(coches)
        return sorted(ecarts.values(), key=lambda e: -len(e.jours))


def _liste(valeur) -> list[str]:
    if valeur is None:
        return []
    return [str(v) for v in valeur] if isinstance(valeur, list | tuple) else [str(valeur)]
