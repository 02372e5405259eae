"""Measure identity resolution beside plain Splink on the same data; print JSON.

Run: python bench/identity.py [ROWS]   (1,000,000 unless said)

Published files with truth (where ../shared/data is at hand), then a generated registry in which
one row in twenty stands for somebody already there. Ours: columns recognised, weights learned,
then the same again with weights kept. Peer: Splink with the settings its documentation shows.
Status 1 if ours is worse anywhere, or joins anything wrongly by itself.
"""

import json
import resource
import sys
import time
from pathlib import Path

import duckdb
from identity_peers import plain_splink
from identity_peers.people import registry

from entente.directory.domain.matching.engine import match
from entente.directory.domain.matching.records import Side
from entente.directory.domain.matching.truth import measured, pairs_of_groups

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
LINKAGE, REGISTRIES = DATA / "record-linkage", DATA / "hcp-registries"
FEBRL = {
    "columns": {"given_name": "name", "surname": "name", "date_of_birth": "day",
                "soc_sec_id": "number", "postcode": "exact", "address_1": "text"},
    "rules": [("given_name",), ("surname",), ("soc_sec_id",), ("date_of_birth",)],
    "training": [("date_of_birth",), ("surname", "given_name")],
    "sure": [("soc_sec_id",), ("given_name", "surname", "date_of_birth")],
}  # fmt: skip
PLAIN = {
    "febrl_dataset1.csv.gz": FEBRL, "febrl_dataset2.csv.gz": FEBRL, "febrl_dataset3.csv.gz": FEBRL,
    "splink_fake_1000.csv": {
        "columns": {"first_name": "name", "surname": "name", "dob": "day", "city": "exact",
                    "email": "email"},
        "rules": [("first_name", "city"), ("surname",), ("dob",), ("email",)],
        "training": [("first_name", "surname"), ("dob",)],
        "sure": [("first_name", "surname", "dob"), ("email",)],
    },
    "rldata500.tsv": {
        "columns": {"fname_c1": "name", "lname_c1": "name", "born_y": "exact", "born_m": "exact",
                    "born_d": "exact"},
        "rules": [("fname_c1",), ("lname_c1",), ("born_y", "born_m", "born_d")],
        "training": [("fname_c1",), ("lname_c1",)],
        "sure": [("fname_c1", "lname_c1", "born_y")],
    },
    "orgs_chicago_early_childhood_true_ids.csv.gz": {
        "columns": {"Site name": "text", "Address": "text", "Zip": "exact", "Phone": "number"},
        "rules": [("Site name",), ("Address",), ("Phone",), ("Zip",)],
        "training": [("Address",), ("Phone",)],
        "sure": [("Address", "Phone")],
    },
    "nppes_with_medicare": {
        "columns": {"family": "name", "given": "name", "middle": "exact", "city": "exact",
                    "state": "exact", "zip": "exact", "street": "text"},
        "rules": [("family", "given"), ("street",), ("family", "zip"), ("given", "zip")],
        "training": [("family", "given"), ("zip",)],
        "sure": [("family", "given", "zip")],
    },
    "generated": {
        "columns": {"last_name": "name", "first_name": "name", "middle_name": "exact",
                    "npi": "number", "address": "text", "zip": "exact", "phone": "number",
                    "licence": "exact"},
        "rules": [("npi",), ("phone",), ("licence",), ("last_name", "first_name"),
                  ("last_name", "zip")],
        "training": [("last_name", "first_name"), ("zip", "address")],
        "sure": [("npi",), ("last_name", "first_name", "zip")],
    },
}  # fmt: skip
NPPES = {"family": "Provider Last Name (Legal Name)", "given": "Provider First Name",
         "middle": "Provider Middle Name",
         "city": "Provider Business Practice Location Address City Name",
         "state": "Provider Business Practice Location Address State Name",
         "zip": "Provider Business Practice Location Address Postal Code",
         "street": "Full Street Address"}  # fmt: skip
MEDICARE = {"family": "Provider Last Name", "given": "Provider First Name",
            "middle": "Provider Middle Name", "city": "City/Town", "state": "State",
            "zip": "ZIP Code", "street": "Full Street Address"}  # fmt: skip


def f1(found, true):
    found, true = {tuple(sorted(p)) for p in found}, {tuple(sorted(p)) for p in true}
    right = len(found & true)
    return {
        "precision": round(right / len(found), 5) if found else 0.0,
        "recall": round(right / len(true), 5),
        "f1": round(2 * right / (len(found) + len(true)), 5),
    }


def ours(connection, sides, withheld, true, model=None):
    start = time.perf_counter()
    matched = match(connection, *sides, withheld=withheld, model=model)
    spent = time.perf_counter() - start
    pairs = matched.pairs.to_pydict()
    told = list(zip(pairs["left_id"], pairs["right_id"], pairs["decision"], strict=True))
    quality = measured(connection, matched.model, told, true, is_linked=len(sides) == 2)
    n_auto = pairs["decision"].count("auto")
    report = {
        "precision": round(quality.precision, 5), "recall": round(quality.recall, 5),
        "f1": round(quality.f1, 5), "auto": n_auto, "auto_wrong": quality.n_auto_wrong,
        "never_compared": quality.n_never_compared, "seconds": round(spent, 1),
    }  # fmt: skip
    return report, matched.model


def plain(connection, tables, name, true):
    start = time.perf_counter()
    found = plain_splink.pairs(connection, tables, **PLAIN[name])
    spent = time.perf_counter() - start
    if len(tables) == 2:
        right = len(set(found) & set(true))
        report = {"precision": round(right / max(1, len(set(found))), 5),
                  "recall": round(right / len(true), 5),
                  "f1": round(2 * right / (len(set(found)) + len(true)), 5)}  # fmt: skip
    else:
        report = f1(found, true)
    return report | {"seconds": round(spent, 1)}


def one_file(name):
    """Match one published file; the truth column or the id tells what is true."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute(
        f"CREATE TABLE t AS SELECT *, row_number() OVER () - 1 AS row_no"
        f" FROM read_csv('{LINKAGE / name}', all_varchar=true)"
    )
    truth, drop = {
        "splink_fake_1000.csv": ("cluster", ("cluster", "unique_id")),
        "orgs_chicago_early_childhood_true_ids.csv.gz": ('"True Id"', ("True Id", "Id")),
    }.get(name, ("split_part(rec_id, '-', 2)", ("rec_id",)))
    if name == "rldata500.tsv":
        connection.execute(
            'CREATE OR REPLACE TABLE t AS SELECT t.* RENAME ("by" AS born_y, bm AS born_m,'
            " bd AS born_d), i.who FROM t JOIN (SELECT"
            ' "identity.RLdata500" AS who, row_number() OVER () - 1 AS row_no FROM'
            f" read_csv('{LINKAGE / 'rldata500_identity.tsv'}', all_varchar=true)) i"
            " USING (row_no)"
        )
        truth, drop = "who", ("who",)
    connection.execute("ALTER TABLE t ADD COLUMN plain_id VARCHAR")
    connection.execute("UPDATE t SET plain_id = row_no::VARCHAR")
    rows = connection.execute(f"SELECT plain_id, {truth} FROM t").fetchall()
    true = pairs_of_groups(rows)
    found, _ = ours(connection, [Side("t", "plain_id")], {*drop, "row_no"}, true)
    connection.execute(
        "CREATE OR REPLACE TABLE lowered AS SELECT plain_id,"
        + ", ".join(f'lower(trim("{c}")) AS "{c}"' for c in PLAIN[name]["columns"])
        + " FROM t"
    )
    return {"ours": found, "plain_splink": plain(connection, ["lowered"], name, true)}


def two_registries():
    connection = duckdb.connect(config={"threads": 2})
    for table, file, names in (
        ("a", "crossreg_nppes_2026_5000.csv.gz", NPPES),
        ("b", "crossreg_cms_clinicians_2026_9685.csv.gz", MEDICARE),
    ):
        connection.execute(
            f"CREATE TABLE {table} AS SELECT *, row_number() OVER () AS row_no"
            f" FROM read_csv('{REGISTRIES / file}', all_varchar=true)"
        )
        columns = ", ".join(f'upper("{theirs}") AS {ours}' for ours, theirs in names.items())
        connection.execute(
            f'CREATE TABLE plain_{table} AS SELECT row_no AS plain_id, "NPI" AS npi,'
            f" {columns} FROM {table}"
        )
        connection.execute(f"ALTER TABLE {table} DROP COLUMN row_no")
    npis = connection.execute('SELECT DISTINCT "NPI" FROM a WHERE "NPI" IN (SELECT "NPI" FROM b)')
    true = {(row[0], row[0]) for row in npis.fetchall()}
    found, _ = ours(connection, [Side("a", "NPI"), Side("b", "NPI")], (), true)
    pairs = plain_splink.pairs(connection, ["plain_a", "plain_b"], **PLAIN["nppes_with_medicare"])
    names = [dict(connection.execute(f"SELECT plain_id, npi FROM plain_{t}").fetchall())
             for t in "ab"]  # fmt: skip
    told = {(names[0][left], names[1][right]) for left, right in pairs}
    right = len(told & true)
    peer = {"precision": round(right / len(told), 5), "recall": round(right / len(true), 5),
            "f1": round(2 * right / (len(told) + len(true)), 5)}  # fmt: skip
    return {"ours": found, "plain_splink": peer}


def generated(n_rows):
    connection = duckdb.connect(config={"threads": 2})
    connection.register("made", registry(n_rows))
    connection.execute("CREATE TABLE t AS SELECT * FROM made")
    connection.unregister("made")
    connection.execute("CREATE TABLE plain AS SELECT *, id AS plain_id FROM t")
    true = pairs_of_groups(connection.execute("SELECT id, person FROM t").fetchall())
    learned, model = ours(connection, [Side("t", "id")], ("person",), true)
    again, _ = ours(connection, [Side("t", "id")], ("person",), true, model)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    peer = plain(connection, ["plain"], "generated", true)
    return {
        "rows": n_rows, "true_pairs": len(true), "rules_kept": len(model.rules),
        "ours_learning": learned, "ours_with_kept_weights": again, "plain_splink": peer,
        "ratio_with_kept_weights": round(peer["seconds"] / again["seconds"], 2),
        "ratio_learning": round(peer["seconds"] / learned["seconds"], 2),
        "peak_memory_mb_ours": peak,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def told(name, report):
    """Say a part as soon as it is known; a long run that breaks off loses nothing."""
    print(name, json.dumps(report), file=sys.stderr, flush=True)
    return report


def main():
    n_rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    report, worse = {}, False
    if DATA.is_dir():
        names = [name for name in PLAIN if (LINKAGE / name).is_file()]
        report["files"] = {name: told(name, one_file(name)) for name in names}
        both = told("nppes_with_medicare", two_registries())
        report["files"]["nppes_with_medicare"] = both
        for each in report["files"].values():
            worse |= each["ours"]["f1"] < each["plain_splink"]["f1"]
            worse |= each["ours"]["auto_wrong"] > 0
    made = told("generated", generated(n_rows))
    worse |= made["ours_with_kept_weights"]["f1"] < made["plain_splink"]["f1"]
    print(json.dumps(report | {"generated": made}, indent=1))
    sys.exit(int(worse))


if __name__ == "__main__":
    main()
