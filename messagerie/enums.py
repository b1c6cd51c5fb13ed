"""Closed lists of the inbox."""

from django.db.models import TextChoices


class Sens(TextChoices):
    """Who wrote: the family or the structure."""

    FAMILLE = "FAMILLE", "De la famille"
    STRUCTURE = "STRUCTURE", "De la structure"
