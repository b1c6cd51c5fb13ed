from demandes.admin import demandes  # noqa: F401  (registers the models)
