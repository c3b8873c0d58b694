#!/usr/bin/python3
"""A shop system in plain Python: hands one message of a customer in, by gRPC, and prints what usher made of it.

    PYTHONPATH=stubs tests/examples/customer.py --server 127.0.0.1:7400 --desk shop --channel chat "where is my order?"

How to make the stubs: agent.py.
"""

import argparse
import uuid

import grpc

from usher.v1 import event_pb2 as event
from usher.v1 import intake_pb2 as intake, intake_pb2_grpc


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="127.0.0.1:7400", help="where intake serves")
    parser.add_argument("--desk", default="shop")
    parser.add_argument("--channel", default="chat")
    parser.add_argument("--customer", default="customer-1")
    parser.add_argument("--conversation", help="messages of one conversation join one open inquiry; by default a new one")
    parser.add_argument("text")
    asked = parser.parse_args()

    with grpc.insecure_channel(asked.server) as channel:
        stub = intake_pb2_grpc.IntakeServiceStub(channel)
        # The same event_id again would have no second effect: safe to repeat when in doubt.
        answer = stub.SubmitMessage(intake.SubmitMessageRequest(message=event.MessageEvent(
            desk=asked.desk, event_id=str(uuid.uuid4()), conversation_id=asked.conversation or str(uuid.uuid4()),
            customer_id=asked.customer, channel=asked.channel, text=asked.text)), timeout=10)
    print(f"{answer.inquiry_id} language={answer.features.language} topic={answer.features.topic}")


if __name__ == "__main__":
    main()
