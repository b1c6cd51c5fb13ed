"""What a trace bears on, in words and with its page: « Données sanitaires de Léa DUPONT ».

A trace keeps the name of a model and a key, of whichever app: its rows are read by lots, a query per model.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import ForeignKey, Model, Q
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst

from familles.francais import de, jour_chiffres
from familles.models import Enfant, Responsable, Trace

# Whose the row is, by the first of these links that it has.
LIENS = ("enfant", "concerne", "responsable", "famille")
NOMS = {
    "familles.FicheSanitaire": "données sanitaires",
    "familles.InformationsCaf": "informations CAF",
    "planning.Journee": "journée d’accueil",
}
# What is added to the name of the row itself.
PRECISIONS = {"demandes.Demande": "get_nature_display"}


@dataclass(frozen=True)
class Dit:
    texte: str
    adresse: str = ""


def nom_du_modele(label: str) -> str:
    try:
        return NOMS.get(label) or str(apps.get_model(label)._meta.verbose_name)
    except LookupError:  # of a version of the portal that had it
        return label


def dire(traces: Iterable[Trace]) -> dict[int, Dit]:
    """By key of the trace."""
    cles: dict[str, set[int]] = defaultdict(set)
    traces = list(traces)
    for trace in traces:
        cles[trace.objet].add(trace.objet_id)
    lignes = {label: _lire(label, pks) for label, pks in cles.items()}
    return {trace.pk: _dire(trace, lignes[trace.objet].get(trace.objet_id)) for trace in traces}


def des_enfants(enfants) -> Q:
    """Traces of these children: of their own row, and of what is kept of them."""
    siens = enfants.values("pk")
    trouves = Q(objet=Enfant._meta.label, objet_id__in=siens)
    for label in Trace.objects.order_by().values_list("objet", flat=True).distinct():
        modele = _modele(label)
        if modele and "enfant" in _liens(modele):
            lignes = modele._base_manager.filter(enfant__in=siens)
            trouves |= Q(objet=label, objet_id__in=lignes.values("pk"))
    return trouves


def _modele(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def _liens(modele: type[Model]) -> list[str]:
    cles = {champ.name for champ in modele._meta.get_fields() if isinstance(champ, ForeignKey)}
    return [lien for lien in LIENS if lien in cles]


def _lire(label: str, pks: set[int]) -> dict[int, Model]:
    modele = _modele(label)
    if modele is None:
        return {}
    liens = _liens(modele)
    lignes = modele._base_manager.filter(pk__in=pks).select_related(*liens)
    if label == "familles.Famille":
        lignes = lignes.prefetch_related("responsables")
    elif "famille" in liens:
        lignes = lignes.prefetch_related("famille__responsables")
    return {ligne.pk: ligne for ligne in lignes}


def _dire(trace: Trace, ligne: Model | None) -> Dit:
    nom = capfirst(nom_du_modele(trace.objet))
    du_jour = f", journée du {jour_chiffres(trace.jour)}" if trace.jour else ""
    if ligne is None:
        return Dit(f"{nom} n° {trace.objet_id}, qui n’existe plus{du_jour}")
    try:
        adresse = reverse(f"admin:{ligne._meta.app_label}_{ligne._meta.model_name}_change", args=[ligne.pk])
    except NoReverseMatch:
        adresse = ""
    return Dit(_texte(trace.objet, nom, ligne) + du_jour, adresse)


def _texte(label: str, nom: str, ligne: Model) -> str:
    if isinstance(ligne, Enfant | Responsable):
        return f"Fiche {de(ligne.appel)}"
    propre = str(ligne)
    debut = propre if propre.startswith(f"{nom} n°") else nom
    if precision := PRECISIONS.get(label):
        debut = f"{debut} ({getattr(ligne, precision)().lower()})"
    for lien in _liens(type(ligne)):
        if (qui := getattr(ligne, lien)) is not None:
            return f"{debut} {de(qui.appel) if lien != 'famille' else f'de la famille {qui}'}"
    return debut if debut != nom or propre.startswith(nom) else f"{nom} : {propre}"
