"""« Inscriptions »: the prestations of a school year, the days of each week, the règlement signed."""

from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField

from demandes.enums import NatureDemande
from demandes.models import Demande, SignatureReglement, VersionReglement
from demandes.natures.base import Changement, Depot, Nature
from demandes.natures.jours import en_bref
from familles.erreurs import Invalide, Refus
from familles.francais import JOURS, enumerer, jour_en_lettres
from familles.horloge import aujourdhui, maintenant
from familles.models import AnneeScolaire, Enfant, Inscription, Prestation
from familles.textes import une_ligne
from planning.actions import appliquer_rythme
from planning.examen import Examen

RIEN_CHOISI = "Cochez au moins une prestation."
SANS_PRESTATION = "Cochez aussi l’inscription à cette prestation, ou décochez ses jours."
SEMAINES = {"paire": "Semaines paires", "impaire": "Semaines impaires"}


REGLEMENT_CHANGE = "Le règlement intérieur vient de changer : relisez-le, puis signez de nouveau."
FERMEES = "Les inscriptions ne sont pas ouvertes en ce moment."


def fenetres(annees) -> list[str]:
    """When each school year may be asked for, in a sentence, those without a window left out."""
    return [phrase for annee in annees if (phrase := _fenetre(annee, aujourdhui()))]


def _fenetre(annee: AnneeScolaire, jour) -> str:
    du, au = annee.inscriptions_du, annee.inscriptions_au
    debut = f"Inscriptions {annee.libelle} :"
    if du and jour < du:
        return f"{debut} à partir du {jour_en_lettres(du)}."
    if au and jour > au:
        return f"{debut} closes depuis le {jour_en_lettres(au)}."
    return f"{debut} jusqu’au {jour_en_lettres(au)} inclus." if au else ""


def rythme(paire: str, impaire: str) -> str:
    """« lundi, mardi », « lundi (semaines paires), mardi (semaines impaires) », « occasionnel »."""

    def noms(jours: str) -> str:
        return ", ".join(JOURS[int(jour) - 1] for jour in jours)

    if paire == impaire:
        return f"chaque {noms(paire)}" if paire else "occasionnel, sans jour réservé d’avance"
    return " ; ".join(
        f"{titre.lower()} : {noms(jours) or 'aucun jour'}"
        for titre, jours in zip(SEMAINES.values(), (paire, impaire), strict=True)
    )


def a_reserver_a_part(ecartes: list[Examen]) -> str:
    """What the answer says of the days of the pattern that could not be booked when they were asked."""
    if not ecartes:
        return ""
    par_phrase: dict[str, list[Examen]] = {}
    for ecarte in ecartes:
        par_phrase.setdefault(ecarte.phrase, []).append(ecarte)
    lignes = [
        f"{enumerer(sorted({e.prestation for e in groupe}))}, {en_bref(e.jour for e in groupe)} : {phrase}"
        for phrase, groupe in par_phrase.items()
    ]
    debut = "Ces jours ne sont pas réservés ; demandez-les sur le planning quand ils pourront l’être :"
    return "\n".join([debut, *lignes])


@dataclass(frozen=True)
class Choix:
    """One prestation of the form, as the page shows it."""

    prestation: Prestation
    inscrire: BoundField
    semaines: list[BoundField]
    deja: str = ""  # the years for which the child has it


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
        self.fields["annee"].queryset = AnneeScolaire.objects.filter(pk__in=ouvertes_pk).order_by("debut")
        self.prestations = list(Prestation.objects.filter(active=True).select_related("structure"))
        self.tenues: dict[int, list[str]] = {}
        for prestation, annee in _tenues(enfant, acces.famille, annees):
            self.tenues.setdefault(prestation, []).append(annee)
        for prestation in self.prestations:
            self._ajouter(prestation)
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
        for cle, titre in SEMAINES.items():
            self.fields[f"p{prestation.pk}-{cle}"] = forms.MultipleChoiceField(
                label=titre, choices=ouverts, required=False, widget=forms.CheckboxSelectMultiple
            )

    @property
    def choix(self) -> list[Choix]:
        return [
            Choix(
                p,
                self[f"p{p.pk}"],
                [self[f"p{p.pk}-{cle}"] for cle in SEMAINES],
                ", ".join(self.tenues.get(p.pk, ())),
            )
            for p in self.prestations
        ]

    def clean(self):
        donnees = super().clean()
        demandees = [p for p in self.prestations if donnees.get(f"p{p.pk}")]
        for prestation in self.prestations:
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
                self.add_error(None, f"{nom} : {self.enfant.prenom} y est déjà inscrit pour {annee}.")
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


class Inscrire(Nature):
    cle = NatureDemande.INSCRIPTION
    pieces = "Ceux que la structure demande."
    gabarit = "demandes/_inscription.html"
    intitule = "Inscriptions demandées"
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

    def a_l_acceptation(self, demande: Demande, lignes, par) -> None:
        annee = AnneeScolaire.objects.get(pk=demande.apres["annee"])
        voulues = demande.apres["prestations"]
        prestations = Prestation.objects.filter(pk__in=voulues, active=True).select_related("structure")
        connues = {str(p.pk): p for p in prestations}
        for cle, choix in voulues.items():
            if cle not in connues:
                raise Invalide(f"{choix['nom']} n’est plus proposée : refusez la demande, ou rouvrez-la.")
        for nom in deja_inscrit(demande.enfant, annee, demande.famille, connues.values()):
            raise Refus(f"{nom} : l’enfant y est déjà inscrit pour {annee} ; refusez la demande.")
        debut = max(annee.debut, aujourdhui())
        if debut > annee.fin:
            raise Refus(f"L’année scolaire {annee} est finie : refusez la demande.")
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
