from facturation.admin import factures, reglements, tarifs

__all__ = ["factures", "reglements", "tarifs"]
