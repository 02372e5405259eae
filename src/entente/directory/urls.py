"""Addresses of the directory's pages."""

from django.urls import path

from entente.directory.pages import (
    challenges,
    cohorts,
    contacts,
    hierarchy,
    imports,
    licences,
    organisations,
    people,
    products,
    territories,
)

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
    path("hcos/<uuid:hco_id>/account/", territories.add_account, name="account_add"),
    path("hcps/<uuid:hcp_id>/licences/new/", licences.add, name="licence_add"),
    path(
        "hcps/<uuid:hcp_id>/licences/<uuid:licence_id>/",
        licences.change,
        name="licence_change",
    ),
    path("hcps/<uuid:hcp_id>/challenge/", challenges.ask, name="challenge_ask"),
    path("hcos/<uuid:hco_id>/centre/", cohorts.centre, name="centre"),
    path("cohorts/", cohorts.cohorts, name="cohorts"),
    path("cohorts/new/", cohorts.draft, name="cohort_draft"),
    path("cohorts/<uuid:rule_id>/", cohorts.cohort, name="cohort"),
    path("cohorts/<uuid:rule_id>/sign/", cohorts.sign, name="cohort_sign"),
    path("cohorts/<uuid:rule_id>/withdraw/", cohorts.withdraw, name="cohort_withdraw"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/new/", contacts.add, name="contact_add"),
    path("contacts/<uuid:contact_id>/", contacts.contact, name="contact"),
    path("contacts/<uuid:contact_id>/change/", contacts.change, name="contact_change"),
    path("contacts/<uuid:contact_id>/reach/", contacts.reach, name="contact_reach"),
    path("contacts/<uuid:contact_id>/end/", contacts.end, name="contact_end"),
    path("territories/", territories.territories, name="territories"),
    path("territories/new/", territories.add, name="territory_add"),
    path("territories/align/", territories.align, name="align"),
    path("territories/cover/", challenges.cover, name="cover"),
    path("territories/cover/<uuid:organisation_id>/", challenges.agree, name="cover_agree"),
    path("territories/challenges/", challenges.challenges, name="challenges"),
    path("challenges/<uuid:challenge_id>/decide/", challenges.decide, name="challenge_decide"),
    path(
        "challenges/<uuid:challenge_id>/withdraw/", challenges.withdraw, name="challenge_withdraw"
    ),
    path("territories/<uuid:territory_id>/", territories.territory, name="territory"),
    path("territories/<uuid:territory_id>/rule/", territories.change, name="territory_change"),
    path("territories/<uuid:territory_id>/assign/", territories.assign, name="territory_assign"),
    path(
        "territories/<uuid:territory_id>/exception/",
        territories.exception,
        name="territory_exception",
    ),
    path("imports/", imports.imports, name="imports"),
    path("imports/<uuid:load_id>/", imports.load, name="load"),
]
