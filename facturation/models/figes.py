"""What is written once: nothing issued or received is edited or deleted, a new writing corrects it."""

from django.core.exceptions import ValidationError
from django.db import models


class EcritFigeQuerySet(models.QuerySet):
    def _refuser(self):
        raise TypeError(
            f"{self.model._meta.verbose_name.capitalize()} : rien ne se modifie ni ne s’efface après coup."
        )

    def update(self, **champs):
        self._refuser()

    def delete(self):
        self._refuser()

    def bulk_update(self, objs, fields, batch_size=None):
        self._refuser()

    def update_or_create(self, defaults=None, create_defaults=None, **kwargs):
        self._refuser()

    def _corriger(self, **champs) -> int:
        """The few columns that may still move (a PDF put away, a unit released) have a named method."""
        return super().update(**champs)


class EcritFige(models.Model):
    """Base of the rows that are written once."""

    objects = EcritFigeQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ValidationError(
                f"{self._meta.verbose_name.capitalize()} : rien ne se modifie après coup, "
                "une nouvelle écriture corrige l’ancienne."
            )
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise ValidationError(f"{self._meta.verbose_name.capitalize()} : rien ne s’efface.")
