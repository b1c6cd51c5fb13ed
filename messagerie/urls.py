from django.urls import path

from messagerie import views

app_name = "messagerie"

urlpatterns = [
    path("messages/", views.boite, name="boite"),
    path("messages/nouveau/", views.nouveau, name="nouveau"),
    path("messages/envoyes/", views.envoyes, name="envoyes"),
    path("messages/supprimes/", views.supprimes, name="supprimes"),
    path("messages/<int:conversation_id>/", views.conversation, name="conversation"),
    path("messages/<int:conversation_id>/repondre/", views.repondre, name="repondre"),
    path("messages/pieces/<int:piece_id>/", views.piece, name="piece"),
    path("messages/supprimer/<int:message_id>/", views.supprimer, name="supprimer"),
    path("courriels/desinscription/<str:jeton>/", views.desinscription, name="desinscription"),
    path("messages/restaurer/<int:message_id>/", views.restaurer, name="restaurer"),
]
