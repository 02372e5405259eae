"""What the room puts into the gate and the shell."""

from entente.deals.reads import columns

columns.register()
