"""Closed lists of the inbox."""

from django.db.models import TextChoices


class Sens(TextChoices):
    """Who wrote: the family or the structure."""

    FAMILLE = "FAMILLE", "De la famille"
    STRUCTURE = "STRUCTURE", "De la structure"


class Destinataires(TextChoices):
    """Whom of a family the structure writes to; a couple that lives together reads all of it anyway."""

    COMPTE = "COMPTE", "Le compte de la famille : son titulaire, ou le couple qui vit ensemble"
    CONJOINT = "CONJOINT", "Le second responsable seul, quand ils vivent séparés"
    CHACUN = "CHACUN", "Les deux parents séparés, chacun son message"
