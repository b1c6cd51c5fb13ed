"""Rows put in place after migrate, then edited by the accountant: reminder levels and accounts.

A level or an account that exists is never touched again: what was edited stays.
"""

from django.apps import apps as registre

from facturation.enums import EmploiCompte

NIVEAUX = [
    (
        1,
        15,
        "Rappel : factures à régler",
        "Sauf erreur de notre part, nous n’avons pas reçu le règlement des factures ci-dessous, dont la date "
        "d’échéance est passée. Il s’agit peut-être d’un oubli : nous vous remercions de bien vouloir les "
        "régler. Si vous venez de le faire, ne tenez pas compte de ce courrier.",
    ),
    (
        2,
        30,
        "Deuxième rappel : factures impayées",
        "Malgré notre premier rappel, les factures ci-dessous restent impayées. Nous vous demandons de les "
        "régler sous quinze jours. Si vous rencontrez des difficultés, écrivez-nous : un délai de paiement "
        "peut vous être accordé.",
    ),
    (
        3,
        60,
        "Dernier rappel avant transmission au comptable",
        "Malgré nos deux rappels, les factures ci-dessous restent impayées. Sans règlement sous "
        "huit jours, elles seront transmises au comptable chargé du recouvrement. Pour convenir d’un "
        "échéancier, écrivez-nous ou contactez-nous sans attendre.",
    ),
]
# M57, to be checked with the town’s comptable: 4111 amicable debtors, 7067 after-school and canteen fees,
# 5412 money held by the régisseurs of receipts, whatever the means of payment.
COMPTES = [
    (EmploiCompte.DEBITEURS, "4111", "VE"),
    (EmploiCompte.PRODUIT, "7067", ""),
    (EmploiCompte.ENCAISSEMENT, "5412", "RG"),
]


def installer_reglages(using="default", apps=registre, **_):
    """Idempotent."""
    niveaux = apps.get_model("facturation", "NiveauRelance").objects.using(using)
    for niveau, delai, objet, texte in NIVEAUX:
        valeurs = {"delai_jours": delai, "objet": objet, "texte": texte}
        niveaux.get_or_create(niveau=niveau, defaults=valeurs)
    comptes = apps.get_model("facturation", "CompteComptable").objects.using(using)
    if not comptes.exists():
        for emploi, compte, journal in COMPTES:
            comptes.create(emploi=emploi, compte=compte, journal=journal)
