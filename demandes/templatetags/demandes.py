from django import template

register = template.Library()


@register.simple_tag
def lien_modifier(acces, nature):
    return ""
