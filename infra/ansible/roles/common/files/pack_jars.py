"""Packs Kafka's jars and the scripts of this role in the layout of Apache's archive.

Usage: pack_jars.py JARS EXTRA CACHE. Prints {"archive": PATH, "sha512": HEX} of the archive in CACHE.
The same input makes the same bytes, so that hosts can tell by the checksum whether they have it already.
"""

import gzip
import hashlib
import io
import json
import os
import stat
import sys
import tarfile
import tempfile
from pathlib import Path

# The script's name without .sh, and the class that it runs.
CLASSES = {
    "kafka-broker-api-versions": "org.apache.kafka.tools.BrokerApiVersionsCommand",
    "kafka-configs": "kafka.admin.ConfigCommand",
    "kafka-console-consumer": "org.apache.kafka.tools.consumer.ConsoleConsumer",
    "kafka-console-producer": "org.apache.kafka.tools.ConsoleProducer",
    "kafka-consumer-groups": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
    "kafka-features": "org.apache.kafka.tools.FeatureCommand",
    "kafka-get-offsets": "org.apache.kafka.tools.GetOffsetShell",
    "kafka-leader-election": "org.apache.kafka.tools.LeaderElectionCommand",
    "kafka-log-dirs": "org.apache.kafka.tools.LogDirsCommand",
    "kafka-metadata-quorum": "org.apache.kafka.tools.MetadataQuorumCommand",
    "kafka-producer-perf-test": "org.apache.kafka.tools.ProducerPerformance",
    "kafka-reassign-partitions": "org.apache.kafka.tools.reassign.ReassignPartitionsCommand",
    "kafka-server-start": "kafka.Kafka",
    "kafka-storage": "kafka.tools.StorageTool",
    "kafka-topics": "org.apache.kafka.tools.TopicCommand",
    "zookeeper-server-start": "org.apache.zookeeper.server.quorum.QuorumPeerMain",
}
# Classes that moved between 3.9 and 4: a jar of 3.9 names them thus.
CLASSES_3 = {
    "kafka-broker-api-versions": "kafka.admin.BrokerApiVersionsCommand",
    "kafka-console-producer": "kafka.tools.ConsoleProducer",
}
SCRIPT = '#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/kafka-run-class.sh" {} "$@"\n'


def entry(name, size, mode):
    info = tarfile.TarInfo("kafka/" + name)
    info.size, info.mode, info.mtime = size, mode, 0
    info.uname = info.gname = "root"
    return info


def files(jars, extra):
    """Name in the archive, mode, content; sorted by name."""
    found = []
    old = any(jars.glob("kafka_2.13-3.*.jar"))
    for jar in jars.glob("*.jar"):
        found.append(("libs/" + jar.name, 0o644, jar.read_bytes()))
    for path in extra.rglob("*"):
        if path.is_file():
            mode = 0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644
            found.append((path.relative_to(extra).as_posix(), mode, path.read_bytes()))
    for script, main in {**CLASSES, **(CLASSES_3 if old else {})}.items():
        if script.startswith("zookeeper") and not old:
            continue
        found.append(("bin/" + script + ".sh", 0o755, SCRIPT.format(main).encode()))
    return sorted(found)


def main():
    jars, extra, cache = (Path(argument) for argument in sys.argv[1:4])
    content = files(jars, extra)
    # What goes in decides the name, so that an archive made earlier is found without packing again.
    known = hashlib.sha256()
    for name, mode, data in content:
        known.update(f"{name} {mode} {len(data)} ".encode())
        known.update(hashlib.sha256(data).digest())
    target = cache / f"{jars.name}-{known.hexdigest()[:12]}.tgz"
    if not target.exists():
        handle, temporary = tempfile.mkstemp(dir=cache)
        with os.fdopen(handle, "wb") as raw:
            # The jars are compressed already: a low level saves minutes and costs nothing.
            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=1) as packed:
                with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
                    for name, mode, data in content:
                        archive.addfile(entry(name, len(data), mode), io.BytesIO(data))
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    digest = hashlib.sha512(target.read_bytes()).hexdigest()
    print(json.dumps({"archive": str(target), "sha512": digest}))


main()
