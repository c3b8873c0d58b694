"""The faults that are no kills. Each takes the run, does its worst, and returns when decisions flow again; or says what it saw.

Short by default, for every change; with --long as long as in life.
"""

import signal
import time

import grpc

from cluster import PATIENCE
from kit.usher import pace, wait_for


def flowing(run, partitions=None):
    """Waits until every partition decides what is sent from now on. Returns the seconds to the last one's first decision."""
    at_ms = int(time.time() * 1000)
    return max(wait_for(f"partition {partition} decides again",
                        lambda partition=partition: run.feed.first_decided_after(partition, at_ms), PATIENCE, every=0.05)[1]
               - at_ms for partition in (range(run.cluster.partitions) if partitions is None else partitions)) / 1000


def zombie(run):
    """A router stops in the middle of whatever it does, others take over, it wakes and goes on as if nothing had been."""
    member = next(member for member in run.cluster.members["router"] if member.serving() and member.partitions())
    had = member.partitions()
    copies = run.feed.copies
    member.held = True
    member.signal(signal.SIGSTOP)
    try:
        flowing(run, had)
    finally:
        member.signal(signal.SIGCONT)
        member.held = False
    flowing(run)
    return f"{len(had)} partitions were taken over, {run.feed.copies - copies} copies"


def leaders(run):
    """Each broker in turn stops in good order and starts again: every leader moves."""
    slowest = 0
    for node in range(3):
        run.cluster.wait_whole()
        run.cluster.kafka.stop_one(node)
        slowest = max(slowest, flowing(run))
        run.cluster.kafka.start(node)
    run.cluster.wait_whole()
    return f"decisions were back within {slowest:.1f} s"


def hung_broker(run):
    """A broker hangs for longer than its session, and wakes."""
    run.cluster.wait_whole()
    node = run.random.randrange(3)
    run.cluster.kafka.pause(node)
    try:
        took = flowing(run)
    finally:
        run.cluster.kafka.resume(node)
    run.cluster.wait_whole()
    flowing(run)
    return f"decisions were back within {took:.1f} s"


def blackout(run):
    """All brokers are killed, and stay away."""
    for node in range(3):
        run.cluster.kafka.kill(node)
    pace(60 if run.asked.long else 5)  # how long nobody answers is the fault itself
    run.cluster.kafka.start(0, 1, 2)
    return f"decisions were back within {flowing(run):.1f} s"


def full_disk(run):
    """A broker can write no more to its disk: it ends, others lead; then it is given room and started again."""
    run.cluster.wait_whole()
    node = run.random.randrange(3)
    run.cluster.kafka.fill_disk(node)
    wait_for(f"broker {node} ends", lambda: not run.cluster.kafka.alive(node), PATIENCE, every=0.1)
    took = flowing(run)
    run.cluster.kafka.start(node)
    run.cluster.wait_whole()
    return f"decisions were back within {took:.1f} s"


def redis_down(run):
    """Redis dies and comes back empty."""
    run.cluster.redis.kill()
    flowing(run)  # without it
    run.cluster.redis.start()
    return None


def redis_slow(run):
    """Redis hangs, then answers late, again and again."""
    run.cluster.redis.pause()
    flowing(run)
    run.cluster.redis.resume()
    for _ in range(30 if run.asked.long else 3):
        run.cluster.redis.command("CLIENT", "PAUSE", "900")
        flowing(run)
    return None


def flush_all(run):
    """Everything in Redis is gone at once."""
    run.cluster.redis.flush_all()
    flowing(run)
    return None


def storm(run):
    """Fifty joins and leaves of routers, as fast as they can join (a minute of them with --long)."""
    changes = 50 if run.asked.long else 10
    extra = [run.cluster.make("router", number) for number in (7, 8)]
    began = time.monotonic()
    for change in range(changes):
        member = extra[change % 2]
        if member.alive():
            member.signal(signal.SIGKILL if change % 4 < 2 else signal.SIGTERM)
            member.usher.process.wait(PATIENCE)
        else:
            member.spawn()
            wait_for("it has joined", lambda member=member: "server.started" in member.usher.notes(), PATIENCE)
        if run.asked.long:
            pace(began + (change + 1) * 60 / changes - time.monotonic())
    for member in extra:
        if member.alive():
            member.usher.kill9()
    return f"{changes} joins and leaves in {time.monotonic() - began:.1f} s, decisions were back within {flowing(run):.1f} s"


SCENES = {"zombie": zombie, "leaders": leaders, "hung_broker": hung_broker, "flush_all": flush_all, "redis_down": redis_down,
          "redis_slow": redis_slow, "storm": storm, "full_disk": full_disk, "blackout": blackout}


def view_is(run, address, desk, recount):
    """True if insights at `address` says of `desk` what a recount of the log says."""
    with grpc.insecure_channel(address) as channel:
        try:
            summary = run.p.InsightsServiceStub(channel).GetSummary(
                run.p.insights.GetSummaryRequest(desk=desk), timeout=10)
        except grpc.RpcError:
            return False
    offers = {count.name: count.count for count in summary.offers if count.count}
    return (all(getattr(summary, name) == recount.count[name]
                for name in ("placed", "joined", "rejected", "answered", "resolved", "abandoned", "cancelled", "breached"))
            and {count.name: count.count for count in summary.by_queue} == dict(recount.by_queue)
            and offers == {name[len("offers."):]: count for name, count in recount.count.items()
                           if name.startswith("offers.") and count})
