"""The catalogue: brands and solutions, owners, prices from a day, categories of partners."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from entente.directory import actions
from entente.directory.models import Product, ProductPrice
from entente.directory.reads import catalogue as reads
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError

DAY = date(2026, 1, 1)


@pytest.fixture
def product(cast, noon):
    """A service of the host."""
    with act_as(cast.system()):
        return actions.add_product(
            "Testolol", "service", [actions.ApprovedIn("US", noon.date(), "Testing")], at=noon
        )


def price(product, noon, **changes):
    given = {"country": "US", "currency": "USD", "unit": "pack of 28", "amount_minor": 12_50,
             "from_on": DAY, "at": noon}  # fmt: skip
    return actions.set_price(product.id, **(given | changes))


@pytest.mark.feature("directory/products")
def test_a_new_price_ends_the_one_before_and_any_day_can_be_asked(cast, product, noon):
    key = {"country": "US", "currency": "USD", "unit": "pack of 28"}
    with act_as(cast.system()):
        price(product, noon)
        price(product, noon, amount_minor=14_00, from_on=date(2026, 7, 1))
        price(product, noon, currency="JPY", amount_minor=1_900)
        before = reads.price_as_of(product.id, **key, on=date(2026, 6, 30))
        after = reads.price_as_of(product.id, **key, on=date(2026, 7, 1))
        assert (before.amount_minor, after.amount_minor) == (12_50, 14_00)
        assert reads.price_as_of(product.id, **key, on=DAY - timedelta(days=1)) is None
        for change, words in (
            ({"from_on": DAY}, "later day"),
            ({"country": "ZQ"}, "two capitals"),
            ({"currency": "XXQ"}, "XXQ"),
            ({"unit": " "}, "what one of it is"),
            ({"amount_minor": -1}, "zero or more"),
        ):
            with pytest.raises(UserError, match=words):
                price(product, noon, **change)


@pytest.mark.promise("P1")
@pytest.mark.feature("directory/products")
def test_a_price_book_is_its_organisations_own(cast, product, noon, client):
    with act_as(cast.system()):
        price(product, noon, unit="secret pack")
    client.force_login(cast.user(Role.PARTNER_MARKETER, cast.partner))
    page = client.get(f"/products/{product.id}/").content.decode()
    assert "Testolol" in page and "secret pack" not in page
    assert client.get("/api/directory/prices").json()["items"] == []


@pytest.mark.feature("directory/products")
def test_nature_owner_and_prices_are_kept_on_the_products_page(cast, product, noon, client):
    with act_as(cast.system()):
        owner = actions.add_legal_entity(
            name="Halden Inc", country="US", postal_address="1 Way", at=noon
        )
    client.force_login(cast.user(Role.STEWARD))
    at = f"/products/{product.id}/"
    client.post(at + "describe/", {"nature": "solution", "owner": owner.id})
    given = {"country": "us", "currency": "usd", "unit": "seat and month", "amount": "12.50",
             "from_on": "2026-01-01"}  # fmt: skip
    client.post(at + "price/", given)
    page = client.get(at).content.decode()
    assert "Solution" in page and "$12.50" in page and "Halden Inc" in page
    client.post(at + "price/", given | {"amount": "12.505"})
    client.post(at + "price/", given | {"from_on": ""})
    with act_as(cast.system()):
        assert ProductPrice.objects.count() == 1


@pytest.mark.feature("directory/products")
def test_a_file_says_what_is_a_solution(cast, noon, tmp_path):
    path = tmp_path / "products.csv"
    head = "product,kind,country,approved_on,nature\n"
    path.write_text(head + "Suite,software,US,2026-01-01,solution\n", encoding="utf-8")
    with act_as(cast.system()):
        assert actions.import_products(path, at=noon).new == 1
        assert Product.objects.get().nature == "solution"
        path.write_text(head + "Other,software,US,2026-01-01,bundle\n", encoding="utf-8")
        assert actions.import_products(path, at=noon).refused == 1


@pytest.mark.feature("directory/products")
def test_a_file_of_prices_ends_each_price_at_the_next_and_rewrites_none(
    cast, product, noon, tmp_path
):
    path, refused = tmp_path / "prices.csv", tmp_path / "refused.csv"
    head = "product,country,currency,unit,amount,from_on\n"
    rows = [
        "testolol,us,usd,pack of 28,14.00,2026-07-01",
        "testolol,us,usd,pack of 28,15.00,2026-10-01",
        "testolol,us,jpy,pack of 28,12.5,2026-07-01",
        "unknown,us,usd,pack,1.00,2026-07-01",
        "testolol,us,usd,pack of 28,11.00,2025-07-01",
        "testolol,us,usd,pack of 28,11.00,2026-01-01",
    ]
    key = {"country": "US", "currency": "USD", "unit": "pack of 28"}
    with act_as(cast.system()):
        price(product, noon)
        path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
        first = actions.import_prices(path, at=noon, refused_path=refused)
        again = actions.import_prices(path, at=noon)
        days = [DAY, date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1)]
        found = [reads.price_as_of(product.id, **key, on=day).amount_minor for day in days]
    assert (first.new, first.refused) == (2, 4)
    assert (again.new, again.unchanged) == (0, 2)
    assert found == [12_50, 12_50, 14_00, 14_00, 15_00]
    told = refused.read_text(encoding="utf-8")
    assert "as the currency counts it" in told and "Another price is entered" in told


@pytest.mark.feature("directory/products")
def test_a_program_prices_and_describes(cast, product, client):
    client.force_login(cast.user(Role.STEWARD))
    at = f"/api/directory/products/{product.id}"

    def send(method, address, body):
        return getattr(client, method)(address, json.dumps(body), content_type="application/json")

    given = {"country": "DE", "currency": "EUR", "unit": "pack", "amount_minor": 990,
             "from_on": "2026-01-01"}  # fmt: skip
    assert send("post", at + "/prices", given).status_code == 201
    assert send("post", at + "/prices", given).status_code == 422
    assert client.get(at + "/prices").json()[0]["amount_minor"] == 990
    told = send("put", at + "/description", {"nature": "solution"})
    assert told.json()["nature"] == "solution"


@pytest.mark.feature("directory/partner-categories")
def test_a_partner_has_a_kind_in_law_and_a_category_from_a_day(cast, noon, client):
    day = noon.date()
    with act_as(cast.system()):
        actions.categorise_partner(cast.partner.id, "provider_org", on=day, at=noon)
        later = day + timedelta(days=9)
        actions.categorise_partner(cast.partner.id, "channel", on=later, at=noon)
        assert reads.category_of(cast.partner.id, day).category == "provider_org"
        assert reads.category_of(cast.partner.id, later).category == "channel"
        with pytest.raises(UserError, match="Choose one of"):
            actions.categorise_partner(cast.partner.id, "friend", on=later, at=noon)


@pytest.mark.feature("directory/partner-kinds")
def test_kind_and_category_stand_on_the_organisations_page(cast, client):
    client.force_login(cast.user(Role.ADMINISTRATOR))
    at = f"/organisations/{cast.society.id}/"
    assert "Medical society" in client.get(at).content.decode()
    assert client.post(at + "category/", {"category": "channel"}).status_code == 302
    put = client.put(
        f"/api/directory{at}category", json.dumps({"category": "society", "on": "2026-01-01"}),
        content_type="application/json",
    )  # fmt: skip
    assert put.status_code == 200
    client.force_login(cast.user(Role.REPRESENTATIVE))
    assert client.post(at + "category/", {"category": "channel"}).status_code == 403
    page = client.get(at).content.decode()
    assert "Kind of partner" in page and "Channel or systems integrator" not in page
