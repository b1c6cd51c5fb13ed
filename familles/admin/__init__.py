from familles.admin import comptes, dossiers, offre

__all__ = ["comptes", "dossiers", "offre"]
