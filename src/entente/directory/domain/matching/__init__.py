"""Which records mean the same person or organisation: fields, blocks, scores, three outcomes."""
