"""Start Spark on this machine, or on the cluster that the environment names."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Whoever sets one of these has configured Spark; then only the zone and sizes are ours to say.
_CONFIGURED = ("PYSPARK_GATEWAY_PORT", "PYSPARK_SUBMIT_ARGS", "SPARK_CONF_DIR", "SPARK_HOME")
_HERE = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.log.level": "ERROR",
}


class NoSpark(RuntimeError):
    """Spark is not installed, does not start or gives up: code, why, and the remedy."""

    def __init__(self, code: str, why: str, remedy: str) -> None:
        super().__init__(f"GATE-{code}: {why}. {remedy}")


@contextmanager
def session(threads: int | None) -> Iterator[Any]:
    """Give the session that runs, else one of our own, which ends with the block."""
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise NoSpark(
            "010", "Spark is not installed", "Run pip install 'entente[spark]'; it needs Java 17"
        ) from None
    running = SparkSession.getActiveSession()
    settings = {"spark.sql.session.timeZone": "UTC"}
    if not any(name in os.environ for name in _CONFIGURED):
        settings |= _HERE | {"spark.master": f"local[{threads or '*'}]"}
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        builder = SparkSession.builder.appName("entente gate check").config(map=settings)
        spark = running or builder.getOrCreate()
        try:
            yield spark
        finally:
            if running is None:
                spark.stop()
    except (PySparkException, Py4JError, ConnectionError) as error:
        why = next((line for line in str(error).splitlines() if line.strip()), "no reason given")
        raise NoSpark(
            "011", f"Spark gave up: {why[:300].rstrip('.')}",
            "It needs Java 17 or newer, and entente and the file at the same path on every node",
        ) from None  # fmt: skip
