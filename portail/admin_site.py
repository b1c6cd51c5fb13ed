from django.contrib.admin import AdminSite


class SitePortail(AdminSite):
    """The staff's workplace."""
