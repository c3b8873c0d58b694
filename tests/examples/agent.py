#!/usr/bin/python3
"""An agent's desktop in plain Python: registers, comes to work, takes offers, replies, finishes, goes home.

The stubs are generated from the protos, as for any language (Debian: protobuf-compiler-grpc, python3-grpcio):

    protoc -I proto --python_out=stubs --grpc_out=stubs \\
        --plugin=protoc-gen-grpc=$(command -v grpc_python_plugin) proto/usher/v1/*.proto
    PYTHONPATH=stubs tests/examples/agent.py --server 127.0.0.1:7400 --desk shop --agent ana --skill orders:80

In a cluster, --server is where agents serves and --insights where insights does. It ends after --inquiries of them and
prints where each stands and why; `done` as the last line.
"""

import argparse
import queue
import sys
import time
import uuid

import grpc

from usher.v1 import agents_pb2 as agents
from usher.v1 import agents_pb2_grpc, inquiry_pb2 as inquiry, insights_pb2 as insights, insights_pb2_grpc


def need(text):
    """'orders:80' → a skill with its level."""
    skill, _, level = text.partition(":")
    return inquiry.Need(skill=skill, level=int(level or 50))


def work(stub, desk, agent, most):
    """One Work stream: answers what usher says until `most` inquiries are finished. Returns their ids."""
    up = queue.Queue()  # what we say; the stream takes it from here
    up.put(agents.WorkRequest(hello=agents.WorkHello(desk=desk, agent=agent)))
    down = stub.Work(iter(up.get, None))
    finished = []
    for said in down:
        kind = said.WhichOneof("body")
        if kind == "current":
            # The answer to hello: what is open already, so that nothing is lost when a desktop starts again.
            print(f"{agent}: {len(said.current.offers)} offers and {len(said.current.assigned)} inquiries are open")
            stub.SetPresence(agents.SetPresenceRequest(
                desk=desk, agent=agent, presence=inquiry.PRESENCE_AVAILABLE, request_id=str(uuid.uuid4())), timeout=10)
            for offer in said.current.offers:
                up.put(agents.WorkRequest(accept=agents.WorkAccept(offer_id=offer.offer_id)))
        elif kind == "offer":
            print(f"{agent}: offer {said.offer.offer_id} of {said.offer.inquiry_id} from queue {said.offer.queue}")
            if said.offer.HasField("expires_at"):  # else the queue's rule has accepted it for us
                up.put(agents.WorkRequest(accept=agents.WorkAccept(offer_id=said.offer.offer_id)))
        elif kind == "assigned":
            print(f"{agent}: {said.assigned.inquiry_id} is mine")
            # Here a person would read and write. Then:
            up.put(agents.WorkRequest(reply=agents.WorkReply(inquiry_id=said.assigned.inquiry_id)))
            up.put(agents.WorkRequest(done=agents.WorkDone(inquiry_id=said.assigned.inquiry_id)))
        elif kind == "ended":
            print(f"{agent}: {said.ended.inquiry_id} is {inquiry.Stage.Name(said.ended.stage)}")
            finished.append(said.ended.inquiry_id)
            if len(finished) >= most:
                break
        elif kind == "refused":
            print(f"{agent}: refused: {inquiry.RejectReason.Name(said.refused.reason)}", file=sys.stderr)
    stub.SetPresence(agents.SetPresenceRequest(
        desk=desk, agent=agent, presence=inquiry.PRESENCE_OFFLINE, request_id=str(uuid.uuid4())), timeout=10)
    up.put(None)  # ends our side of the stream
    return finished


def timeline(stub, desk, inquiry_id, seconds=20):
    """Where the inquiry stands and why. The views follow the log by some milliseconds: asks until it has ended."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            answer = stub.GetInquiry(insights.GetInquiryRequest(desk=desk, inquiry_id=inquiry_id), timeout=10)
            if answer.inquiry.HasField("ended_at"):
                return answer
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.NOT_FOUND:
                raise
        if time.monotonic() > deadline:
            raise RuntimeError(f"{inquiry_id} has not ended after {seconds} s")
        time.sleep(0.05)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="127.0.0.1:7400", help="where agents serves")
    parser.add_argument("--insights", help="where insights serves, if elsewhere")
    parser.add_argument("--desk", default="shop")
    parser.add_argument("--agent", default="ana")
    parser.add_argument("--skill", action="append", type=need, default=[], help="NAME:LEVEL; repeat for more")
    parser.add_argument("--inquiries", type=int, default=1, help="go home after so many")
    asked = parser.parse_args()

    with grpc.insecure_channel(asked.server) as channel:
        stub = agents_pb2_grpc.AgentServiceStub(channel)
        stub.RegisterAgent(agents.RegisterAgentRequest(
            desk=asked.desk, agent=asked.agent, skills=asked.skill, units=2, request_id=str(uuid.uuid4())), timeout=10)
        finished = work(stub, asked.desk, asked.agent, asked.inquiries)

    with grpc.insecure_channel(asked.insights or asked.server) as channel:
        stub = insights_pb2_grpc.InsightsServiceStub(channel)
        for inquiry_id in finished:
            answer = timeline(stub, asked.desk, inquiry_id)
            about = answer.inquiry.features
            print(f"\n{inquiry_id}: {inquiry.Stage.Name(answer.inquiry.stage)}, language {about.language or 'unknown'}, "
                  f"topic {about.topic or 'unknown'}, queue {answer.inquiry.queue}")
            for entry in answer.timeline:
                print(f"  {entry.at.ToDatetime():%H:%M:%S.%f}  {entry.sentence}")
    print("done")


if __name__ == "__main__":
    main()
