"""What the room puts into the gate, the outbox and the shell."""

from entente.consent.actions.withdraw import WITHDRAWN
from entente.engagement.actions.deliver_send import prepare, settled
from entente.engagement.actions.hear_withdrawal import hear_withdrawal
from entente.engagement.actions.request_send import TOPIC
from entente.engagement.reads import columns
from entente.foundation import outbox

columns.register()
outbox.topics.listen(WITHDRAWN, hear_withdrawal)
outbox.register(TOPIC, outbox.Topic(prepare=prepare, settled=settled))
