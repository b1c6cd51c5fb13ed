"""Sessions that know whose they are, so that a person can list and close them (settings.SESSION_ENGINE)."""

from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore as DBStore

CLE_NAVIGATEUR = "navigateur"


class SessionStore(DBStore):
    @classmethod
    def get_model_class(cls):
        # Looked up late: Django reads this module before the models.
        return apps.get_model("portail", "Seance")

    def create_model_instance(self, data):
        seance = super().create_model_instance(data)
        compte = data.get("_auth_user_id")
        seance.utilisateur_id = int(compte) if compte else None
        seance.navigateur = data.get(CLE_NAVIGATEUR, "")
        return seance


SYSTEMES = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"))
SYSTEMES += (("Mac OS", "Mac"), ("Linux", "Linux"))
NAVIGATEURS = (("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Edg", "Edge"), ("OPR", "Opera"))
NAVIGATEURS += (("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"))


def nommer_navigateur(agent: str) -> str:
    """« Firefox, Windows »: what a person recognises; the whole string, or the address, is not kept."""
    navigateur = next((nom for signe, nom in NAVIGATEURS if signe in agent), "Navigateur inconnu")
    systeme = next((nom for signe, nom in SYSTEMES if signe in agent), "")
    return ", ".join(filter(None, [navigateur, systeme]))
