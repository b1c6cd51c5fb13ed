"""Letters and lists as PDF, rendered when they are asked for from rows that no longer change."""

from collections.abc import Sequence

from django.template.loader import render_to_string

from facturation.attestation import Attestation
from facturation.caisse import Journal
from facturation.copies import nom_postal
from facturation.depenses import Part
from facturation.models import Reglement, Relance, Versement
from facturation.releve import Releve
from familles.enums import ModeReglement
from familles.francais import arrondir, enumerer, jour_chiffres
from familles.horloge import aujourdhui
from familles.models import AnneeScolaire, Collectivite, Famille, Regie, Responsable
from familles.papier import composer

TITRES_BORDEREAU = {
    ModeReglement.CHEQUE: "Bordereau de remise de chèques",
    ModeReglement.ESPECES: "Bordereau de versement d’espèces",
    ModeReglement.CESU: "Bordereau de remise de CESU",
    ModeReglement.CHEQUE_VACANCES: "Bordereau de remise de chèques-vacances",
}


def adresse_de(famille: Famille) -> dict:
    """The account's holder, at his or her own address; both adults of a couple that lives together."""
    adultes = sorted(famille.responsables.all(), key=lambda a: a.rang)
    return _adresse(famille, adultes if famille.vie_commune else adultes[:1])


def _adresse(famille: Famille, nommes: Sequence[Responsable], lecteur: Responsable | None = None) -> dict:
    """Of the first of them. `lecteur`: an adult who reads it on the portal, never another home's address."""
    if not nommes:
        return {"nom": f"Famille {famille.numero}", "adresse": "", "code_postal": "", "ville": ""}
    nom, premier = " et ".join(nom_postal(adulte) for adulte in nommes), nommes[0]
    if lecteur is not None and lecteur != premier and not famille.vie_commune:
        return {"nom": nom, "adresse": "", "code_postal": "", "ville": ""}
    return {
        "nom": nom,
        "adresse": premier.adresse,
        "code_postal": premier.code_postal,
        "ville": premier.ville,
    }


def _composer(gabarit: str, titre: str, **contexte) -> bytes:
    commun = {
        "collectivite": Collectivite.objects.courante(),
        "titre_document": titre,
        "edite_le": aujourdhui(),
    }
    return composer(render_to_string(gabarit, {**commun, **contexte}), "document")


def quittance(reglement: Reglement, lecteur: Responsable | None = None) -> bytes:
    """The receipt: what was received and what it pays today, takings back deducted.

    It goes to who paid, as the payment keeps them: nothing of it follows the situation of the family.
    """
    famille = reglement.famille
    titulaire = [famille.titulaire] if famille.titulaire else []
    parts: dict = {}
    for imputation in reglement.imputations.select_related("facture").order_by("pk"):
        parts[imputation.facture] = parts.get(imputation.facture, 0) + imputation.montant
    imputations = [(facture, arrondir(part)) for facture, part in parts.items() if part]
    annulation = Reglement.objects.filter(contrepasse=reglement).first()
    # Why a cheque came back is its drawer's affair.
    sienne = lecteur is None or not reglement.payeurs or lecteur in reglement.payeurs
    return _composer(
        "facturation/pdf/quittance.html",
        f"Quittance du règlement {reglement.numero_imprime}",
        reglement=reglement,
        adresse=_adresse(famille, reglement.payeurs or titulaire, lecteur),
        au_compte=reglement.payeur in (None, famille.titulaire),
        imputations=imputations,
        credit=reglement.montant - sum(part for _, part in imputations),
        annulation=annulation,
        motif=annulation.motif if annulation and sienne else "",
    )


def releve(famille: Famille, annee: AnneeScolaire, dresse: Releve, parts: Sequence[Part]) -> bytes:
    return _composer(
        "facturation/pdf/releve.html",
        f"Relevé de compte {annee.libelle}",
        famille=famille,
        annee=annee,
        releve=dresse,
        parts=parts,
        adresse=adresse_de(famille),
    )


def attestation_fiscale(attestation: Attestation, lecteur: Responsable | None = None) -> bytes:
    return _composer(
        "facturation/pdf/attestation.html",
        f"Attestation fiscale {attestation.annee}",
        famille=attestation.famille,
        attestation=attestation,
        adresse=_adresse(attestation.famille, attestation.payeurs, lecteur),
        recu_de=enumerer([nom_postal(adulte) for adulte in attestation.payeurs]),
    )


def lettre(relance: Relance) -> bytes:
    return _composer(
        "facturation/pdf/relance.html",
        f"{relance.objet}, {jour_chiffres(relance.date)}",
        relance=relance,
        lignes=relance.lignes.select_related("facture"),
        adresse={
            "nom": relance.destinataire,
            "adresse": relance.destinataire_adresse,
            "code_postal": relance.destinataire_code_postal,
            "ville": relance.destinataire_ville,
        },
    )


def bordereau(versement: Versement) -> bytes:
    titre = TITRES_BORDEREAU[ModeReglement(versement.mode)]
    return _composer(
        "facturation/pdf/bordereau.html",
        f"{titre} {versement.numero_imprime}",
        versement=versement,
        lignes=versement.lignes.select_related("reglement"),
    )


def journal(regie: Regie, tenu: Journal) -> bytes:
    titre = f"Journal de caisse du {jour_chiffres(tenu.du)} au {jour_chiffres(tenu.au)}"
    return _composer("facturation/pdf/journal.html", titre, regie=regie, journal=tenu)
