"""House rules of French towns, as an agent types them, and what they must give.

A rule is a dict of the form's fields; `prestation` is a key of the fixture `services`.
"""

from datetime import date

RESERVER, ANNULER, ABSENCE = "RESERVER", "ANNULER", "ABSENCE"
LUNDI, MARDI, MERCREDI, JEUDI, VENDREDI, DIMANCHE = 1, 2, 3, 4, 5, 7


def semaine(operation, jour, heure, nombre=1, **champs):
    return {
        "operation": operation,
        "mode": "SEMAINE",
        "nombre": nombre,
        "jour_limite": jour,
        "heure": heure,
    } | champs


def jours(operation, nombre, heure, comptage="CALENDAIRES", **champs):
    return {
        "operation": operation,
        "mode": "JOURS",
        "nombre": nombre,
        "comptage": comptage,
        "heure": heure,
    } | champs


def mois(operation, quantieme, heure="23:59", nombre=1, **champs):
    return {
        "operation": operation,
        "mode": "MOIS",
        "nombre": nombre,
        "quantieme": quantieme,
        "heure": heure,
    } | champs


REGLEMENTS = {
    "L": [semaine(RESERVER, JEUDI, "12:00")],
    "R1": [
        jours(RESERVER, 2, "12:00", "OUVRES"),
        semaine(RESERVER, JEUDI, "12:00", prestation="mercredi"),
    ],
    "R2": [semaine(RESERVER, VENDREDI, "12:00"), jours(ANNULER, 1, "12:00")],
    "R3": [
        semaine(RESERVER, MARDI, "23:59", prestation="cantine"),
        jours(RESERVER, 1, "18:00", prestation="garderie"),
        jours(RESERVER, 1, "17:00", prestation="tap"),
    ],
    "R4": [
        semaine(RESERVER, VENDREDI, "09:00", jours="12", retard="MAJORE"),
        semaine(RESERVER, MARDI, "09:00", nombre=0, jours="45", retard="MAJORE"),
    ],
    "R6": [semaine(RESERVER, JEUDI, "23:59")],
    "R7": [semaine(RESERVER, DIMANCHE, "23:59", nombre=2)],
    "R10": [mois(RESERVER, 19)],
    "R12": [jours(RESERVER, 1, "11:00", "OUVERTURE"), jours(ABSENCE, 1, "11:00", "OUVERTURE")],
    "R14": [jours(RESERVER, 1, "15:00"), jours(ABSENCE, 1, "15:00")],
    "R15": [semaine(RESERVER, LUNDI, "23:59")],
    "R28": [jours(ABSENCE, 0, "09:00")],
    "R31": [mois(RESERVER, 31)],
    "R42": [
        {
            "operation": RESERVER,
            "mode": "DATES",
            "heure": "23:59",
            "retard": "MAJORE",
            "retard_heures": 48,
            "prestation": "centre",
            "dates": [
                {
                    "du": date(2027, 2, 6),
                    "au": date(2027, 2, 21),
                    "limite": date(2027, 1, 22),
                    "ouverture": date(2027, 1, 2),
                }
            ],
        },
        semaine(RESERVER, JEUDI, "12:00"),
    ],
    "R48": [jours(RESERVER, 4, "23:59"), jours(ANNULER, 1, "12:00", "OUVERTURE")],
    "vacances": [
        {"operation": RESERVER, "mode": "VACANCES", "nombre": 21, "heure": "18:00", "prestation": "centre"},
        semaine(RESERVER, JEUDI, "12:00"),
    ],
}

# Règlement, operation, service, day → the last moment, in the town (calendar of zone C, 2026-2028).
LIMITES = [
    # The manual: Tuesday 6 June 2017, « j’ai jusqu’au jeudi 8 juin 12h00 pour la semaine du 12 au 16 ».
    ("L", RESERVER, "cantine", "2017-06-12", "2017-06-08 12:00"),
    ("L", RESERVER, "cantine", "2017-06-16", "2017-06-08 12:00"),
    ("L", RESERVER, "cantine", "2017-06-19", "2017-06-15 12:00"),
    ("L", RESERVER, "cantine", "2026-12-03", "2026-11-26 12:00"),
    ("L", RESERVER, "cantine", "2027-01-04", "2026-12-31 12:00"),
    ("L", RESERVER, "cantine", "2026-11-02", "2026-10-29 12:00"),
    ("L", RESERVER, "cantine", "2027-03-30", "2027-03-25 12:00"),
    ("L", RESERVER, "cantine", "2028-02-29", "2028-02-24 12:00"),
    ("L", RESERVER, "cantine", "2027-06-25", "2027-06-17 12:00"),
    # Week-ends and the 11th of November are not counted, nor New Year’s Day.
    ("R1", RESERVER, "cantine", "2026-11-30", "2026-11-26 12:00"),
    ("R1", RESERVER, "cantine", "2026-12-01", "2026-11-27 12:00"),
    ("R1", RESERVER, "cantine", "2026-12-04", "2026-12-02 12:00"),
    ("R1", RESERVER, "cantine", "2026-11-13", "2026-11-10 12:00"),
    ("R1", RESERVER, "cantine", "2027-01-04", "2026-12-30 12:00"),
    ("R1", RESERVER, "mercredi", "2026-12-09", "2026-12-03 12:00"),
    ("R2", RESERVER, "cantine", "2026-12-10", "2026-12-04 12:00"),
    ("R2", ANNULER, "cantine", "2026-12-10", "2026-12-09 12:00"),
    # Told in time to cancel, an absence is free: the règlement has no other word for it.
    ("R2", ABSENCE, "cantine", "2026-12-07", "2026-12-06 12:00"),
    ("R3", RESERVER, "cantine", "2026-12-10", "2026-12-01 23:59"),
    ("R3", RESERVER, "garderie", "2026-12-10", "2026-12-09 18:00"),
    ("R3", RESERVER, "tap", "2026-12-10", "2026-12-09 17:00"),
    ("R3", RESERVER, "mercredi", "2026-12-09", None),
    ("R4", RESERVER, "cantine", "2026-12-07", "2026-12-04 09:00"),
    ("R4", RESERVER, "cantine", "2026-12-08", "2026-12-04 09:00"),
    ("R4", RESERVER, "cantine", "2026-12-10", "2026-12-08 09:00"),
    ("R4", RESERVER, "cantine", "2026-12-11", "2026-12-08 09:00"),
    ("R4", RESERVER, "mercredi", "2026-12-09", None),
    ("R6", RESERVER, "cantine", "2026-12-11", "2026-12-03 23:59"),
    ("R7", RESERVER, "cantine", "2026-12-14", "2026-12-06 23:59"),
    ("R7", RESERVER, "cantine", "2026-12-18", "2026-12-06 23:59"),
    ("R7", RESERVER, "cantine", "2026-11-05", "2026-10-25 23:59"),  # the night that has an hour more
    ("R7", RESERVER, "cantine", "2027-04-09", "2027-03-28 23:59"),  # the day that has one less
    ("R10", RESERVER, "cantine", "2026-12-03", "2026-11-19 23:59"),
    ("R10", RESERVER, "cantine", "2027-01-29", "2026-12-19 23:59"),
    ("R10", RESERVER, "cantine", "2028-03-31", "2028-02-19 23:59"),
    # The canteen does not open on Wednesdays, nor on holidays.
    ("R12", RESERVER, "cantine", "2026-11-30", "2026-11-27 11:00"),
    ("R12", RESERVER, "cantine", "2026-12-03", "2026-12-01 11:00"),
    ("R12", RESERVER, "cantine", "2026-11-02", "2026-10-16 11:00"),
    ("R12", RESERVER, "cantine", "2027-01-04", "2026-12-18 11:00"),
    ("R12", RESERVER, "cantine", "2027-03-30", "2027-03-26 11:00"),
    ("R12", ABSENCE, "cantine", "2027-05-10", "2027-05-04 11:00"),
    ("R12", RESERVER, "cantine", "2027-09-02", "2027-07-02 11:00"),
    ("R12", RESERVER, "centre", "2027-02-08", "2027-02-05 11:00"),
    ("R14", RESERVER, "cantine", "2026-11-30", "2026-11-29 15:00"),
    ("R14", ABSENCE, "cantine", "2028-03-01", "2028-02-29 15:00"),
    ("R15", RESERVER, "cantine", "2026-12-14", "2026-12-07 23:59"),
    ("R15", RESERVER, "cantine", "2026-12-18", "2026-12-07 23:59"),
    ("R28", ABSENCE, "cantine", "2026-12-10", "2026-12-10 09:00"),
    ("R28", RESERVER, "cantine", "2026-12-10", None),
    ("R31", RESERVER, "cantine", "2026-12-31", "2026-11-30 23:59"),
    ("R31", RESERVER, "cantine", "2027-01-04", "2026-12-31 23:59"),
    ("R31", RESERVER, "cantine", "2027-03-01", "2027-02-28 23:59"),
    ("R31", RESERVER, "cantine", "2028-03-01", "2028-02-29 23:59"),
    ("R42", RESERVER, "centre", "2027-02-08", "2027-01-22 23:59"),
    ("R42", RESERVER, "centre", "2027-02-19", "2027-01-22 23:59"),
    ("R42", RESERVER, "centre", "2027-02-22", "2027-02-18 12:00"),  # outside its dates: the general rule
    ("R42", RESERVER, "cantine", "2027-02-22", "2027-02-18 12:00"),
    ("R48", RESERVER, "cantine", "2026-12-03", "2026-11-29 23:59"),
    ("R48", RESERVER, "cantine", "2027-01-04", "2026-12-31 23:59"),
    ("R48", ABSENCE, "cantine", "2026-11-02", "2026-10-16 12:00"),
    ("vacances", RESERVER, "centre", "2027-02-06", "2027-01-15 18:00"),
    ("vacances", RESERVER, "centre", "2027-02-19", "2027-01-15 18:00"),
    ("vacances", RESERVER, "centre", "2027-02-22", "2027-02-18 12:00"),
    ("vacances", RESERVER, "cantine", "2027-03-01", "2027-02-25 12:00"),
]
