from facturation.admin import caisse, campagnes, comptes, factures, reglements, relances, tarifs

__all__ = ["caisse", "campagnes", "comptes", "factures", "reglements", "relances", "tarifs"]
