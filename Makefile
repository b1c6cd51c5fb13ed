# Everything is decided in outils/preparer.py (standard library only): `python3 outils/preparer.py --help`.
PYTHON ?= python3

.PHONY: demo serve test fmt bench
demo serve test fmt bench:
	@$(PYTHON) outils/preparer.py $@
