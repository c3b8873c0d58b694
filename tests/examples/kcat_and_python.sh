#!/usr/bin/env bash
# Everything that a shop and its agents do with usher, with nothing of usher's but the protos: messages go in with kcat,
# an agent in plain Python takes them, replies and finishes, and asks where they stand.
#
#   KAFKA=127.0.0.1:9092 ROUTER=127.0.0.1:7402 AGENTS=127.0.0.1:7403 INSIGHTS=127.0.0.1:7404 tests/examples/kcat_and_python.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${KAFKA:?where Kafka is}" "${ROUTER:?where the router serves}" "${AGENTS:?where agents serves}" "${INSIGHTS:?where insights serves}"
usher=${USHER_BIN:-build/release/bin/usher}
desk=${DESK:-shop}

# 1. The stubs, from the protos.
stubs=$(mktemp -d)
trap 'rm -rf "$stubs"' EXIT
protoc -I proto --python_out="$stubs" --grpc_out="$stubs" \
  --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" proto/usher/v1/*.proto

# 2. The rules of the desk.
"$usher" policy apply deploy/policies/shop.yaml --server "$ROUTER" --desk "$desk"

# 3. An order event and two messages, as JSON; protobuf bytes do as well. The key may be anything. The third record is a
# repeat, as a producer that is not sure sends it: it has no effect.
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
kcat -P -b "$KAFKA" -t usher.orders <<JSON
{"desk": "$desk", "eventId": "o-1-late", "orderId": "1001", "customerId": "c-1", "status": "ORDER_STATUS_LATE", "happenedAt": "$now"}
JSON
kcat -P -b "$KAFKA" -t usher.messages <<JSON
{"desk": "$desk", "eventId": "m-1", "conversationId": "t-1", "customerId": "c-1", "channel": "messenger", "orderId": "1001", "text": "Добрий день, де моє замовлення? Чекаю вже тиждень"}
{"desk": "$desk", "eventId": "m-2", "conversationId": "t-2", "customerId": "c-2", "channel": "messenger", "text": "Wo ist meine Bestellung? Die Sendungsnummer finde ich nicht"}
{"desk": "$desk", "eventId": "m-2", "conversationId": "t-2", "customerId": "c-2", "channel": "messenger", "text": "Wo ist meine Bestellung? Die Sendungsnummer finde ich nicht"}
JSON

# 4. An agent who speaks all that is needed.
PYTHONPATH=$stubs /usr/bin/python3 -u tests/examples/agent.py --server "$AGENTS" --insights "$INSIGHTS" --desk "$desk" --agent ana \
  --skill ru:70 --skill uk:90 --skill de:80 --skill orders:80 --skill returns:60 --skill payment:60 --skill calm:90 --skill sales:60 \
  --inquiries 2
