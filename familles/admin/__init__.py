from familles.admin import comptes, dossiers, importation, offre, traces

__all__ = ["comptes", "dossiers", "importation", "offre", "traces"]
