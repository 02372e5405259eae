"""Addresses of the directory's pages."""

from django.urls import path

from entente.directory.pages import hierarchy, imports, organisations, people, products

app_name = "directory"
urlpatterns = [
    path("hcps/", people.hcps, name="hcps"),
    path("hcps/<uuid:hcp_id>/", people.hcp, name="hcp"),
    path("hcos/", organisations.hcos, name="hcos"),
    path("hcos/<uuid:hco_id>/", organisations.hco, name="hco"),
    path("hcos/<uuid:hco_id>/belongs/", hierarchy.link, name="hco_link"),
    path("hco-links/<uuid:link_id>/end/", hierarchy.end_link, name="hco_link_end"),
    path("organisations/", organisations.partners, name="organisations"),
    path("organisations/<uuid:organisation_id>/", organisations.partner, name="organisation"),
    path("legal-entities/new/", organisations.add_legal_entity, name="legal_entity_add"),
    path("products/", products.products, name="products"),
    path("products/new/", products.add, name="product_add"),
    path("products/<uuid:product_id>/", products.product, name="product"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<uuid:load_id>/", imports.load, name="load"),
]
