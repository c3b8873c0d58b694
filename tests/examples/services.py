"""What the example tests share: the four services as processes on a real Kafka and Redis, or the reason why not."""

import contextlib
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from kit import parts  # noqa: E402
from kit.usher import Usher, binary  # noqa: E402

SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def skip_without_kafka():
    """Ends the test where there is no Kafka; with CI=true that is a failure."""
    missing = parts.kafka_missing()
    if missing:
        print(f"not run for want of a broker: {missing}", flush=True)
        sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)


@contextlib.contextmanager
def cluster(partitions=3):
    """Kafka, Redis and one of each service: ({name: Usher}, KafkaCluster)."""
    with contextlib.ExitStack() as stack:
        kafka = stack.enter_context(parts.KafkaCluster())
        redis = stack.enter_context(parts.Redis())
        subprocess.run([binary(), "topics", "apply", "--kafka", kafka.bootstrap, "--partitions", str(partitions),
                        "--replication", "1"], check=True, timeout=60)
        flags = {"intake": ["--redis", redis.address], "router": [], "agents": [], "insights": ["--redis", redis.address]}
        services = {name: stack.enter_context(Usher(name, "--kafka", kafka.bootstrap, "--replication", "1", *more))
                    for name, more in flags.items()}
        yield services, kafka
