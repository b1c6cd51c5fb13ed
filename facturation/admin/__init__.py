from facturation.admin import caisse, comptes, factures, reglements, relances, tarifs

__all__ = ["caisse", "comptes", "factures", "reglements", "relances", "tarifs"]
