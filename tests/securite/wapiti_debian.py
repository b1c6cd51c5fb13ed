"""Debian 12's wapiti 3.0.4, with two corrections; run by the system's Python, which has it.

Its excluded addresses are a regular expression that Python 3.11 refuses (flags not at the start), and its
CSRF module does not know the name that Django gives to the token: with it, it really sends a forged one.
"""

import re

from wapitiCore.attack.mod_csrf import mod_csrf
from wapitiCore.main.wapiti import wapiti_main
from wapitiCore.net import crawler

crawler.wildcard_translate = lambda motif: re.compile(re.escape(motif).replace(r"\*", ".*") + r"\Z", re.S)
mod_csrf.TOKEN_FORM_STRINGS.append("csrfmiddlewaretoken")
wapiti_main()
