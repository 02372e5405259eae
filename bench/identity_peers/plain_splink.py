"""Splink as its documentation shows it: library comparisons, a few rules, two rounds of training.

The columns are told to it by hand; nothing is cleansed but case. Settings follow the pattern of
its tutorials: name, date, postcode and e-mail comparisons of the library where the columns are
such, exact match with term frequencies elsewhere.
"""

import logging

import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

RECALL = 0.7


def comparison_for(name, what):
    if what == "name":
        return cl.NameComparison(name)
    if what == "day":
        return cl.LevenshteinAtThresholds(name, [1, 2])
    if what == "text":
        return cl.JaroWinklerAtThresholds(name, [0.9, 0.7])
    if what == "number":
        return cl.LevenshteinAtThresholds(name, [1, 2])
    if what == "email":
        return cl.EmailComparison(name)
    return cl.ExactMatch(name).configure(term_frequency_adjustments=True)


def settings(columns, rules, *, linked=False):
    return SettingsCreator(
        link_type="link_only" if linked else "dedupe_only",
        unique_id_column_name="plain_id",
        comparisons=[comparison_for(name, what) for name, what in columns.items()],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
    )


def pairs(connection, tables, columns, rules, training, *, sure, threshold=0.5):
    """Train and predict; give pairs of ``plain_id`` at the threshold, and the table of scores."""
    logging.getLogger("splink").setLevel(logging.CRITICAL)
    interface = DuckDBAPI(connection)
    registered = [interface.register(table) for table in tables]
    linked = len(tables) == 2
    linker = Linker(
        registered if linked else registered[0], settings(columns, rules, linked=linked),
        log_level=50,
    )  # fmt: skip
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*rule) for rule in sure], recall=RECALL
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for rule in training:
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
        except ValueError as wrong:
            print(f"  plain Splink did not train on {rule}: {str(wrong)[:80]}")
    scored = linker.inference.predict(threshold_match_probability=threshold).physical_name
    return connection.execute(f"SELECT plain_id_l, plain_id_r FROM {scored}").fetchall()
