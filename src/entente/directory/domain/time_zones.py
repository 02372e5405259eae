"""The time zone of a practice, from its country and state."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from babel.core import get_global

_EASTERN, _CENTRAL = "America/New_York", "America/Chicago"
_MOUNTAIN, _PACIFIC = "America/Denver", "America/Los_Angeles"
# A state on two zones is given the one in which most of its people live (49 CFR part 71).
_BY_US_STATE = {
    **dict.fromkeys(
        ("CT", "DC", "DE", "FL", "GA", "IN", "KY", "MA", "MD", "ME", "MI", "NC", "NH", "NJ", "NY",
         "OH", "PA", "RI", "SC", "VA", "VT", "WV"), _EASTERN),
    **dict.fromkeys(
        ("AL", "AR", "IA", "IL", "KS", "LA", "MN", "MO", "MS", "ND", "NE", "OK", "SD", "TN", "TX",
         "WI"), _CENTRAL),
    **dict.fromkeys(("CO", "ID", "MT", "NM", "UT", "WY"), _MOUNTAIN),
    **dict.fromkeys(("CA", "NV", "OR", "WA"), _PACIFIC),
    "AZ": "America/Phoenix",
    "AK": "America/Anchorage",
    "HI": "Pacific/Honolulu",
    "PR": "America/Puerto_Rico",
    "VI": "America/St_Thomas",
    "GU": "Pacific/Guam",
    "MP": "Pacific/Saipan",
    "AS": "Pacific/Pago_Pago",
}  # fmt: skip
# Countries on several zones where nearly everybody lives in one of them. The others (Australia,
# Brazil, Canada, Russia...) stay unknown: a guess would move the end of a permission by hours.
_MAIN_ZONE = {
    "AR": "America/Argentina/Buenos_Aires",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}


@lru_cache(maxsize=4096)
def time_zone_of(country: str | None, us_state: str | None = None) -> str:
    """Give the time zone in which days of a practice are counted.

    Parameters
    ----------
    country : str or None
        ISO 3166-1 alpha-2.
    us_state : str or None
        USPS code, for the United States.

    Returns
    -------
    str
        IANA name; empty where country and state do not say it.

    Notes
    -----
    Source: CLDR territory zones (babel); 49 CFR part 71 for the United States.

    Examples
    --------
    >>> time_zone_of("US", "CT"), time_zone_of("DE"), time_zone_of("CA"), time_zone_of("US")
    ('America/New_York', 'Europe/Berlin', '', '')
    """
    if country in (None, "US"):
        return _BY_US_STATE.get(us_state or "", "")
    if country in _MAIN_ZONE:
        return _MAIN_ZONE[country]
    zones = get_global("territory_zones").get(country, [])
    return zones[0] if len(zones) == 1 and zones[0] in available_timezones() else ""
