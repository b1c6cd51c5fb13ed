# Everything is decided in outils/preparer.py (standard library only): `python3 outils/preparer.py --help`.
PYTHON ?= python3

.PHONY: demo serve test fmt bench captures securite
demo serve test fmt bench captures securite:
	@$(PYTHON) outils/preparer.py $@
