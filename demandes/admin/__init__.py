from demandes.admin import demandes, reglages  # noqa: F401  (registers the models)
