"""What every room stands on: money, identifiers, access, ledger, outbox, web shell."""
