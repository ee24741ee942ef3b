#!/bin/sh
# Runs a class of libs/ and honours the variables that Apache Kafka's own script knows.
base=$(dirname "$(dirname "$(readlink -f "$0")")")
: "${KAFKA_HEAP_OPTS:=-Xmx256m}"
: "${KAFKA_JVM_PERFORMANCE_OPTS:=-XX:+UseSerialGC -XX:TieredStopAtLevel=1}"
: "${KAFKA_LOG4J_OPTS:=-Dlog4j.configuration=file:$base/config/tools-log4j.properties -Dlog4j2.configurationFile=$base/config/tools-log4j2.properties}"
java=java
[ -z "$JAVA_HOME" ] || java=$JAVA_HOME/bin/java
# Words are split on purpose: each variable holds several arguments.
# shellcheck disable=SC2086
exec "$java" $KAFKA_HEAP_OPTS $KAFKA_JVM_PERFORMANCE_OPTS $KAFKA_LOG4J_OPTS $KAFKA_OPTS -Djava.awt.headless=true \
  -cp "$base/libs/*" "$@"
