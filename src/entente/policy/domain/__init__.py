"""Rules as data and the one evaluator that judges a click and a hundred million candidates."""
