"""« Inscriptions »: the prestations of a school year, the days of each week, the règlement signed."""

from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField

from demandes.enums import NatureDemande
from demandes.models import Demande, SignatureReglement, VersionReglement
from demandes.natures.base import Changement, Depot, Nature
from demandes.natures.mots_inscription import FERMEES, SEMAINES, a_reserver_a_part, fenetres, rythme
from familles.erreurs import Invalide, Refus
from familles.francais import JOURS
from familles.horloge import aujourdhui, maintenant
from familles.models import AnneeScolaire, Enfant, Inscription, Prestation
from familles.textes import une_ligne
from planning.actions import appliquer_rythme
from planning.examen import Examen

RIEN_CHOISI = "Cochez au moins une prestation."
TOUT_TENU = "{} a déjà toutes ces inscriptions : il reste à réserver ses jours, sur son planning."
SANS_PRESTATION = "Cochez aussi l’inscription à cette prestation, ou décochez ses jours."
TOUTES = "toutes"
REGLEMENT_CHANGE = "Le règlement intérieur vient de changer : relisez-le, puis signez de nouveau."


@dataclass(frozen=True)
class Choix:
    """One prestation of the form, as the page shows it."""

    prestation: Prestation
    inscrire: BoundField
    toutes: BoundField
    semaines: list[BoundField]
    deja: str = ""  # the years for which the child has it
    complet: bool = False  # those are all that may be asked for

    @property
    def alternees(self) -> bool:
        """Days were ticked for one week in two, or could not be read: their block is shown open."""
        return any(semaine.value() or semaine.errors for semaine in self.semaines)


class InscriptionForm(forms.Form):
    """The prestations that the child does not have yet, each with its days, and the signature."""

    annee = forms.ModelChoiceField(
        AnneeScolaire.objects.none(),
        label="Année scolaire",
        empty_label=None,
        error_messages={"required": FERMEES, "invalid_choice": FERMEES},
    )

    def __init__(self, donnees=None, *, acces, enfant: Enfant, instant):
        super().__init__(donnees)
        self.acces, self.enfant, self.instant = acces, enfant, instant
        annees = list(AnneeScolaire.objects.a_venir(aujourdhui()))
        self.fenetres = fenetres(annees)
        ouvertes = [a for a in annees if a.inscriptions_ouvertes(aujourdhui())]
        ouvertes_pk = [a.pk for a in ouvertes]
        self.ouvertes = {a.libelle for a in ouvertes}
        self.fields["annee"].queryset = AnneeScolaire.objects.filter(pk__in=ouvertes_pk).order_by("debut")
        self.prestations = list(Prestation.objects.filter(active=True).select_related("structure"))
        self.tenues: dict[int, list[str]] = {}
        for prestation, annee in _tenues(enfant, acces.famille, annees):
            self.tenues.setdefault(prestation, []).append(annee)
        for prestation in self.prestations:
            self._ajouter(prestation)
        # The first year for which something is left to ask.
        utiles = (a for a in ouvertes if any(self._manque(p, a) for p in self.prestations))
        self.initial["annee"] = next(utiles, None)
        self.versions = VersionReglement.objects.a_signer(ouvertes)
        self.textes = list(dict.fromkeys(self.versions.values()))
        if self.textes:
            # Which texts the page showed: nobody signs another one.
            self.fields["lues"] = forms.MultipleChoiceField(
                choices=[(v.pk, str(v)) for v in self.textes],
                widget=forms.MultipleHiddenInput,
                error_messages={"required": REGLEMENT_CHANGE, "invalid_choice": REGLEMENT_CHANGE},
            )
            self.fields["accepte"] = forms.BooleanField(
                label="J’ai lu ce règlement intérieur et je l’accepte.",
                error_messages={"required": "Acceptez le règlement intérieur pour envoyer la demande."},
            )
            self.fields["signature"] = forms.CharField(
                label="Vos nom et prénom, pour signature", max_length=160, validators=[une_ligne]
            )

    def _ajouter(self, prestation: Prestation) -> None:
        ouverts = [(jour, JOURS[int(jour) - 1].capitalize()) for jour in sorted(prestation.jours_ouverts)]
        self.fields[f"p{prestation.pk}"] = forms.BooleanField(
            label=f"Inscrire à {prestation.nom}", required=False
        )
        for cle, titre in {TOUTES: "Toutes les semaines", **SEMAINES}.items():
            self.fields[f"p{prestation.pk}-{cle}"] = forms.MultipleChoiceField(
                label=titre, choices=ouverts, required=False, widget=forms.CheckboxSelectMultiple
            )

    def _manque(self, prestation: Prestation, annee: AnneeScolaire) -> bool:
        return annee.libelle not in self.tenues.get(prestation.pk, ())

    @property
    def choix(self) -> list[Choix]:
        return [
            Choix(
                p,
                self[f"p{p.pk}"],
                self[f"p{p.pk}-{TOUTES}"],
                [self[f"p{p.pk}-{cle}"] for cle in SEMAINES],
                ", ".join(self.tenues.get(p.pk, ())),
                complet=self.ouvertes <= {*self.tenues.get(p.pk, ())},
            )
            for p in self.prestations
        ]

    @property
    def fermee(self) -> str:
        """Why nothing may be asked now."""
        if not self.ouvertes:
            return FERMEES
        choix = self.choix
        return TOUT_TENU.format(self.enfant.prenom) if choix and all(c.complet for c in choix) else ""

    @staticmethod
    def _joindre_les_semaines(prestation: Prestation, donnees) -> None:
        """A day of every week is one of the even and of the odd ones."""
        toutes = donnees.get(f"p{prestation.pk}-{TOUTES}") or []
        for cle in SEMAINES:
            donnees[f"p{prestation.pk}-{cle}"] = sorted(
                {*toutes, *(donnees.get(f"p{prestation.pk}-{cle}") or [])}
            )

    def clean(self):
        donnees = super().clean()
        demandees = [p for p in self.prestations if donnees.get(f"p{p.pk}")]
        for prestation in self.prestations:
            self._joindre_les_semaines(prestation, donnees)
            jours = any(donnees.get(f"p{prestation.pk}-{cle}") for cle in SEMAINES)
            if jours and prestation not in demandees:
                self.add_error(f"p{prestation.pk}", SANS_PRESTATION)
        if not demandees and not self.errors:
            self.add_error(None, RIEN_CHOISI)
        if annee := donnees.get("annee"):
            version = self.versions.get(annee.pk)
            if version and "lues" not in self.errors and str(version.pk) not in donnees["lues"]:
                self.add_error("lues", REGLEMENT_CHANGE)
            for nom in deja_inscrit(self.enfant, annee, self.acces.famille, demandees):
                self.add_error(None, f"{nom} : {self.enfant.prenom} a déjà cette inscription pour {annee}.")
        donnees["demandees"] = demandees
        return donnees


def _tenues(enfant, famille, annees) -> list[tuple[int, str]]:
    """(prestation, school year) that the child has already, from this family."""
    lignes = Inscription.objects.filter(enfant=enfant, famille=famille, annee__in=annees)
    libelles = {annee.pk: annee.libelle for annee in annees}
    return [(p, libelles[a]) for p, a in lignes.order_by("annee__debut").values_list("prestation", "annee")]


def deja_inscrit(enfant, annee, famille, prestations) -> list[str]:
    """Names of the prestations that the child already has, from this family, for this year."""
    lignes = Inscription.objects.filter(
        enfant=enfant, annee=annee, famille=famille, prestation__in=prestations
    )
    return list(lignes.values_list("prestation__nom", flat=True))


def _demandees(demande: Demande) -> tuple[AnneeScolaire, dict[str, Prestation]]:
    """The year, and those of the prestations that are still offered."""
    prestations = Prestation.objects.filter(pk__in=demande.apres["prestations"], active=True)
    annee = AnneeScolaire.objects.get(pk=demande.apres["annee"])
    return annee, {str(p.pk): p for p in prestations.select_related("structure")}


class Inscrire(Nature):
    cle = NatureDemande.INSCRIPTION
    pieces = "Ceux que la structure demande."
    gabarit = "demandes/_inscription.html"
    intitule = "Inscriptions demandées"
    introduction = "Cochez les prestations voulues et, si vous les connaissez, leurs jours"
    colonnes = ("Enfant", "Année", "Prestations")

    def formulaire(self, acces, donnees=None, *, enfant=None, instant=None, version=None):
        if enfant is None or not acces.decide_pour(enfant):
            return None
        return InscriptionForm(donnees, acces=acces, enfant=enfant, instant=instant or maintenant())

    def documents_demandes(self, collectivite) -> list[str]:
        return collectivite.documents_demandes

    def depot(self, form: InscriptionForm) -> Depot:
        annee, donnees = form.cleaned_data["annee"], form.cleaned_data
        prestations = {
            str(p.pk): {
                "nom": p.nom,
                **{cle: "".join(sorted(donnees[f"p{p.pk}-{cle}"])) for cle in SEMAINES},
            }
            for p in donnees["demandees"]
        }
        return Depot(
            instant=form.instant,
            une_a_la_fois=True,
            enfant=form.enfant,
            apres={"annee": annee.pk, "libelle": annee.libelle, "prestations": prestations},
        )

    def au_depot(self, demande: Demande, form: InscriptionForm, par):
        if version := form.versions.get(form.cleaned_data["annee"].pk):
            SignatureReglement.objects.create(
                demande=demande,
                version=version,
                responsable=demande.deposant,
                nom=form.cleaned_data["signature"],
                signee_le=form.instant,
            )
        return []

    def objet(self, demande: Demande) -> str:
        enfant, annee, prestations = self.cellules(demande)
        return f"{enfant}, {annee} : {prestations}"

    def cellules(self, demande: Demande) -> list[str]:
        apres = demande.apres
        return [
            demande.enfant.prenom,
            apres["libelle"],
            ", ".join(choix["nom"] for choix in apres["prestations"].values()),
        ]

    def resume(self, demande: Demande) -> list[Changement]:
        apres = demande.apres
        signature = SignatureReglement.objects.filter(demande=demande).select_related("version").first()
        return [
            Changement("Année scolaire", apres=apres["libelle"]),
            *(
                Changement(choix["nom"], apres=rythme(choix["paire"], choix["impaire"]))
                for choix in apres["prestations"].values()
            ),
            *(
                [Changement("Règlement intérieur signé", apres=f"{signature.version}, par {signature.nom}")]
                if signature
                else []
            ),
        ]

    def verrouiller(self, demande: Demande) -> None:
        Enfant.objects.select_for_update().get(pk=demande.enfant_id)

    def verifier(self, demande: Demande) -> None:
        self._verifier(demande, *_demandees(demande))

    @staticmethod
    def _verifier(demande: Demande, annee: AnneeScolaire, connues: dict[str, Prestation]) -> None:
        for cle, choix in demande.apres["prestations"].items():
            if cle not in connues:
                raise Invalide(f"{choix['nom']} n’est plus proposée : refusez la demande, ou rouvrez-la.")
        for nom in deja_inscrit(demande.enfant, annee, demande.famille, connues.values()):
            raise Refus(f"{nom} : l’enfant a déjà cette inscription pour {annee} ; refusez la demande.")
        if aujourdhui() > annee.fin:
            raise Refus(f"L’année scolaire {annee} est finie : refusez la demande.")

    def a_l_acceptation(self, demande: Demande, lignes, par) -> None:
        annee, connues = _demandees(demande)
        self._verifier(demande, annee, connues)
        voulues = demande.apres["prestations"]
        debut = max(annee.debut, aujourdhui())
        ecartes: list[Examen] = []
        for cle, choix in voulues.items():
            inscription = Inscription(
                enfant=demande.enfant,
                prestation=connues[cle],
                annee=annee,
                famille=demande.famille,
                du=debut,
                au=annee.fin,
                semaine_paire=choix["paire"],
                semaine_impaire=choix["impaire"],
            )
            inscription._change_reason = str(demande)
            inscription.save()
            applique = appliquer_rythme(
                inscription=inscription, du=debut, au=annee.fin, par=par, instant=demande.depose_le
            )
            ecartes += applique.ecartes
        demande.a_savoir = a_reserver_a_part(ecartes)
