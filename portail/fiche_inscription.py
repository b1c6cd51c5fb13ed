"""« Fiche d'inscription »: what the structure holds of a family, on the screen and as a PDF to sign."""

from dataclasses import dataclass, field

from django.template.loader import render_to_string

from demandes.models import VersionReglement
from familles import fiche
from familles.acces import Acces
from familles.francais import JOURS
from familles.horloge import aujourdhui
from familles.models import AnneeScolaire, Collectivite, Enfant, Inscription, Prestation, Responsable
from familles.papier import composer


@dataclass
class FicheEnfant:
    """A child, and the services that he or she has."""

    enfant: Enfant
    inscriptions: list[Inscription] = field(default_factory=list)

    @property
    def dites(self) -> list[tuple[str, str]]:
        """Each service with its year and its days."""
        return [(i.prestation.nom, _en_clair(i)) for i in self.inscriptions]

    def lignes(self, prestations: list[Prestation]) -> list[tuple[Prestation, str]]:
        """The services of the child's structures (of all, before a first inscription), with those held."""
        siennes = {i.prestation.structure_id for i in self.inscriptions}
        return [
            (p, " ; ".join(_en_clair(i) for i in self.inscriptions if i.prestation_id == p.pk))
            for p in prestations
            if not siennes or p.structure_id in siennes
        ]


def contenu(acces: Acces) -> dict:
    """Cut down to what this adult may read, as « Mon compte » is."""
    jour = aujourdhui()
    inscriptions = (
        Inscription.objects.pour(acces)
        .filter(annee__in=AnneeScolaire.objects.filter(fin__gte=jour))
        .select_related("prestation", "annee")
        .order_by("annee__debut", "prestation__ordre")
    )
    tenus = Enfant.objects.tenus_par(acces.famille, jour).avec_ecole(jour).prefetch_related("personnes")
    fiches = {enfant.pk: FicheEnfant(enfant) for enfant in tenus}
    for inscription in inscriptions:
        if inscription.enfant_id in fiches:
            fiches[inscription.enfant_id].inscriptions.append(inscription)
    adultes = [
        (
            adulte,
            fiche.du_responsable(adulte, coordonnees=acces.peut_voir(adulte), organisme=adulte.rang == 1),
        )
        for adulte in Responsable.objects.filter(famille=acces.famille)
    ]
    return {"famille": acces.famille, "adultes": adultes, "enfants": list(fiches.values())}


def imprimer(acces: Acces, collectivite: Collectivite) -> bytes:
    return composer(html(acces, collectivite), "document")


def html(acces: Acces, collectivite: Collectivite) -> str:
    """The same for paper, with what is still to tick, to join and to sign."""
    lue = contenu(acces)
    prestations = list(Prestation.objects.filter(active=True).select_related("structure"))
    annee = annee_demandee()
    contexte = {
        **lue,
        "enfants": [(f.enfant, f.lignes(prestations)) for f in lue["enfants"]],
        "collectivite": collectivite,
        "annee": annee,
        "reglement": VersionReglement.objects.a_signer([annee]).get(annee.pk) if annee else None,
        "titre_document": f"Fiche d’inscription, famille n° {acces.famille.numero}",
        "edite_le": aujourdhui(),
    }
    return render_to_string("portail/pdf/fiche_inscription.html", contexte)


def annee_demandee() -> AnneeScolaire | None:
    """The year whose inscriptions the town has opened, else the current one."""
    jour = aujourdhui()
    annees = list(AnneeScolaire.objects.a_venir(jour))
    ouvertes = [a for a in annees if a.inscriptions_du and a.inscriptions_ouvertes(jour)]
    return next(iter([*reversed(ouvertes), *annees]), None)


def _en_clair(inscription: Inscription) -> str:
    jours = sorted({*inscription.semaine_paire, *inscription.semaine_impaire})
    noms = ", ".join(JOURS[int(jour) - 1] for jour in jours) or "sans jour fixe"
    return f"{inscription.annee.libelle} : {noms}"
