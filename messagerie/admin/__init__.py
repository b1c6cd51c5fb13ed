from messagerie.admin import conversations, courriels, diffusions

__all__ = ["conversations", "courriels", "diffusions"]
