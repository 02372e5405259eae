"""Addresses of the demo."""

from django.urls import path

from entente.demo import pages

app_name = "demo"
urlpatterns = [
    path("demo/sign-in/<str:token>/", pages.sign_in, name="sign-in"),
    path("demo/mail/", pages.mail, name="mail"),
    path("demo/mail/<str:name>/", pages.message, name="message"),
    path("demo/mail/<str:name>/body/", pages.body, name="body"),
]
