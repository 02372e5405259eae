"""Our written claims over three real labels: found, missed, false; beside a search of words."""

from __future__ import annotations

import os
import sys
from time import perf_counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from entente.content.tests import judging


def main() -> None:
    if not judging.DATA.is_dir():
        print(f"skipped: the public data folder {judging.DATA} is not there")
        return
    files, labels = judging.files(), judging.texts()
    for part in judging.PARTS:
        claims = judging.written(part)
        start = perf_counter()
        ours = judging.count(claims, labels)
        each = (perf_counter() - start) / len(claims)
        print(f"{part}, {len(claims)} claims")
        print(f"  pre-check       {ours.line()}; {each * 1000:.1f} ms each")
        print(f"  words in the indications  {judging.count_by_keywords(claims, files).line()}")
        if part == "tuned" or "--show-held" in sys.argv:
            for kind, texts in (("missed", ours.missed), ("false", ours.false)):
                for text in texts:
                    print(f"    {kind}: {text}")


if __name__ == "__main__":
    main()
