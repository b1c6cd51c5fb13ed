from familles.admin import comptes, dossiers, importation, offre

__all__ = ["comptes", "dossiers", "importation", "offre"]
