"""Generated providers: a registry with duplicates, misspelt, moved, with and without a key."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SYLLABLES = [
    "an",
    "ber",
    "car",
    "dan",
    "el",
    "far",
    "gar",
    "hol",
    "in",
    "jan",
    "kel",
    "lar",
    "mor",
    "nor",
    "ol",
    "per",
    "quin",
    "ros",
    "san",
    "tan",
    "ul",
    "ver",
    "wil",
    "yor",
    "zan",
    "bri",
    "cor",
    "dev",
    "est",
    "fin",
    "gra",
    "hen",
    "isl",
    "jor",
    "kin",
    "lo",
    "mar",
    "ne",
    "os",
    "pal",
    "ram",
    "sto",
    "tre",
    "va",
    "wen",
    "zu",
]
STATES = [
    "CA",
    "TX",
    "FL",
    "NY",
    "PA",
    "IL",
    "OH",
    "GA",
    "NC",
    "MI",
    "NJ",
    "VA",
    "WA",
    "AZ",
    "MA",
    "TN",
    "IN",
    "MO",
    "MD",
    "WI",
    "CO",
    "MN",
    "SC",
    "AL",
    "LA",
]
TYPOS = 0.25


def words(rng, n, low, high):
    """Make distinct words, the earlier ones meant to be commoner."""
    parts = np.array(SYLLABLES)[rng.integers(0, len(SYLLABLES), (3 * n, high))]
    kept = rng.integers(low, high + 1, 3 * n)
    made = {"".join(row[:length]): None for row, length in zip(parts, kept, strict=True)}
    return np.array(list(made)[:n], dtype=object)


def drawn(rng, values, n, steepness=0.9):
    """Draw as names are distributed: few common, many rare."""
    weight = 1 / np.arange(1, len(values) + 1) ** steepness
    return values[rng.choice(len(values), n, p=weight / weight.sum())]


def npis(numbers):
    """Give valid National Provider Identifiers for nine-digit numbers (Luhn over 80840...)."""
    digits = np.stack([numbers // 10**place % 10 for place in range(8, -1, -1)])
    doubled = digits.copy()
    doubled[0::2] = digits[0::2] * 2
    doubled[0::2] -= 9 * (doubled[0::2] > 9)
    check = (10 - (doubled.sum(0) + 24) % 10) % 10
    return (numbers * 10 + check).astype(str).astype(object)


def misspelt(rng, values):
    """Change, drop, double or swap one letter of each value."""
    out = values.copy()
    kinds = rng.integers(0, 4, len(values))
    places = rng.random(len(values))
    letters = rng.integers(97, 123, len(values))
    for row, (text, kind) in enumerate(zip(values, kinds, strict=True)):
        if not text:
            continue
        at = int(places[row] * len(text))
        if kind == 0:
            out[row] = text[:at] + chr(letters[row]) + text[at + 1 :]
        elif kind == 1:
            out[row] = text[:at] + text[at + 1 :]
        elif kind == 2:
            out[row] = text[:at] + text[at : at + 1] + text[at:]
        else:
            out[row] = text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
    return out


def registry(n_rows, twice=0.05, seed=1):
    """Make a registry in which a share of the rows stands for somebody already there.

    Returns
    -------
    pyarrow.Table
        id, person (the truth) and fields as a registry writes them, all text.
    """
    rng = np.random.default_rng(seed)
    n = int(n_rows * (1 - twice))
    zips = rng.integers(1_000, 99_950, 12_000)
    towns = words(rng, 6_000, 2, 3)
    area = rng.choice(len(zips), n, p=np.diff(np.sort(np.r_[0, rng.random(len(zips) - 1), 1])))
    street = drawn(rng, words(rng, 9_000, 2, 3), n, 0.6)
    base = {
        "npi": npis(rng.permutation(np.unique(rng.integers(100_000_000, 300_000_000, 2 * n)))[:n]),
        "last_name": drawn(rng, words(rng, 60_000, 2, 4), n),
        "first_name": drawn(rng, words(rng, 6_000, 1, 3), n),
        "middle_name": drawn(rng, np.array([*"", *map(chr, range(97, 123))], object), n, 0.3),
        "credential": drawn(rng, np.array(["MD", "NP", "DO", "PA", "PHD", "RN"], object), n),
        "specialty": drawn(rng, words(rng, 180, 2, 3), n),
        "address": np.char.add(
            np.char.add(rng.integers(1, 9_999, n).astype(str), " "), street.astype(str)
        ).astype(object),
        "city": towns[area % len(towns)],
        "state": np.array(STATES, object)[zips[area] % len(STATES)],
        "zip": np.char.zfill(zips[area].astype(str), 5).astype(object),
        "phone": rng.integers(2_010_000_000, 9_899_999_999, n).astype(str).astype(object),
        "licence": rng.integers(100_000, 999_999, n).astype(str).astype(object),
    }
    again = rng.choice(n, n_rows - n)
    copy = {name: values[again].copy() for name, values in base.items()}
    _spoil(rng, copy, base)
    joined = {name: np.r_[base[name], copy[name]] for name in base}
    order = rng.permutation(n_rows)
    person = np.r_[np.arange(n), again][order]
    table = pa.table({name: pa.array(values[order]) for name, values in joined.items()})
    ids = pa.array([f"r{row}" for row in range(n_rows)])
    table = table.add_column(0, "id", ids)
    return table.append_column("person", pc.cast(pa.array(person), pa.string()))


def _spoil(rng, copy, base):
    n = len(copy["npi"])

    def some(share):
        return np.flatnonzero(rng.random(n) < share)

    # Half of the second sources carry no key, and one in two hundred a mistyped one.
    copy["npi"][some(0.5)] = None
    wrong = some(0.005)
    copy["npi"][wrong] = [k and k[:5] + k[6] + k[5] + k[7:] for k in copy["npi"][wrong]]
    moved = some(0.25)
    other = rng.choice(len(base["npi"]), len(moved))
    for name in ("address", "city", "state", "zip", "phone"):
        copy[name][moved] = base[name][other]
    for name, share in (("last_name", 0.12), ("first_name", 0.12), ("address", 0.2)):
        rows = some(share)
        copy[name][rows] = misspelt(rng, copy[name][rows])
    for name, share in (("phone", 0.3), ("middle_name", 0.4), ("licence", 0.5), ("specialty", 0.2)):
        copy[name][some(share)] = None
    initials = some(0.06)
    copy["first_name"][initials] = [text[:1] for text in copy["first_name"][initials]]
    married = some(0.02)
    copy["last_name"][married] = base["last_name"][rng.choice(len(base["npi"]), len(married))]
