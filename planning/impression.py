"""The sheets of the day and of the week, as PDF and as spreadsheets."""

from collections.abc import Iterable
from datetime import date

from django.template.loader import render_to_string

from familles.francais import jour_chiffres, jour_en_lettres
from familles.horloge import aujourdhui
from familles.models import Collectivite, Prestation
from familles.papier import composer
from familles.tableur import Tableau
from planning.appel import Appel, Ligne
from planning.cuisine import Service
from planning.enums import EtatPointage


def feuille_pdf(appel: Appel, personnes: dict[int, list], *, sante: bool) -> bytes:
    """The register of a day to be filled by hand: class by class, with what its holder must know."""
    titre = f"{appel.prestation.nom}, {jour_en_lettres(appel.jour)}"
    groupes = [(g.titre, [(li, personnes.get(li.pk, [])) for li in g.lignes]) for g in appel.groupes]
    return _composer("planning/pdf/feuille.html", titre, appel=appel, groupes=groupes, sante=sante)


def repas_pdf(services: list[Service], lundi: date, dimanche: date) -> bytes:
    titre = f"Repas du {jour_chiffres(lundi)} au {jour_chiffres(dimanche)}"
    return _composer("planning/pdf/repas.html", titre, services=services)


def _composer(gabarit: str, titre: str, **contexte) -> bytes:
    contexte |= {
        "collectivite": Collectivite.objects.courante(),
        "titre_document": titre,
        "edite_le": aujourdhui(),
    }
    return composer(render_to_string(gabarit, contexte), "document")


POINTAGES = {etat.value: etat.label for etat in EtatPointage}


def feuille_tableau(appel: Appel, personnes: dict[int, list], *, sante: bool) -> Tableau:
    entetes = ["Prestation", "Jour", "École", "Classe", "Nom", "Prénom", "État", "Pointage"]
    entetes += ["Allergies", "Régime", "PAI", "Consignes du PAI"] if sante else []
    entetes += ["Peuvent venir le chercher"]
    return Tableau(
        _nom("appel", appel.prestation, appel.jour),
        entetes,
        (_ligne(appel, ligne, personnes.get(ligne.pk, []), sante) for ligne in appel.lignes),
    )


def _ligne(appel: Appel, ligne: Ligne, personnes: list, sante: bool) -> list:
    etat = ligne.reservation.get_etat_display() if ligne.reservation else "Heure hors contrat"
    valeurs = [appel.prestation.nom, appel.jour, ligne.enfant.ecole_nom or "", ligne.classe]
    valeurs += [ligne.enfant.nom, ligne.enfant.prenom, etat, POINTAGES.get(ligne.pointage, "")]
    if sante:
        s = ligne.sante
        valeurs += [s.allergies, s.regime, "oui" if s.pai else "", s.consignes] if s else [""] * 4
    return [*valeurs, ", ".join(f"{p} ({p.telephone})" if p.telephone else str(p) for p in personnes)]


def repas_tableau(services: Iterable[Service], lundi: date) -> Tableau:
    """A row per service, day and kind of meal: what a kitchen's own software takes."""
    lignes = (
        [service.prestation.structure.nom, service.prestation.nom, couverts.jour, ligne.libelle, nombre]
        for service in services
        for ligne in (service.total, *service.lignes)
        for couverts, nombre in zip(service.jours, ligne.nombres, strict=True)
    )
    return Tableau(f"repas-{lundi:%Y-%m-%d}", ["Structure", "Prestation", "Jour", "Quoi", "Nombre"], lignes)


def _nom(quoi: str, prestation: Prestation, jour: date) -> str:
    return f"{quoi}-{prestation.pk}-{jour:%Y-%m-%d}"
