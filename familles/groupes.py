"""The three staff groups and their permissions: declared by each app, put in place after migrate."""

from django.apps import apps as registre

AGENTS = "Agents"
COMPTABLES = "Comptables"
ADMINISTRATEURS = "Administrateurs"


def installer_groupes(using="default", apps=registre, **_):
    """Create the groups and add the permissions that the apps declare (`permissions_groupes`).

    Idempotent: what an administrator adds by hand stays. Runs at each app's post_migrate, because the
    permissions of an app exist only after its own.
    """
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    connues = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in Permission.objects.using(using).select_related("content_type")
    }
    groupes = {
        nom: Group.objects.using(using).get_or_create(name=nom)[0]
        for nom in (AGENTS, COMPTABLES, ADMINISTRATEURS)
    }
    for config in registre.get_app_configs():
        for nom, codes in getattr(config, "permissions_groupes", {}).items():
            groupes[nom].permissions.add(*(connues[code] for code in codes if code in connues))
    metier = {c.label for c in registre.get_app_configs() if hasattr(c, "permissions_groupes")}
    groupes[ADMINISTRATEURS].permissions.add(
        *(p for code, p in connues.items() if code.split(".")[0] in metier | {"auth", "axes"})
    )
