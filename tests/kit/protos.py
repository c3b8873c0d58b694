"""The Python stubs of proto/, made by protoc when first asked for.

    sys.path.insert(0, "tests")
    from kit import protos
    p = protos.load()
    stub = p.IntakeServiceStub(channel)
    stub.SubmitMessage(p.intake.SubmitMessageRequest(...), timeout=5)

Import this as `kit.protos` (with tests/ on sys.path, not tests/kit), since the stubs live in a package `usher`.
Any number of tests may ask at once: the folder is named by what the protos say and moved into place whole.
"""

import hashlib
import importlib
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import types

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROTO = ROOT / "proto"
PLUGIN = "/usr/bin/grpc_python_plugin"

MESSAGES = ("event", "inquiry", "command", "decision", "snapshot", "intake", "routing", "agents", "insights", "staffing")
SERVICES = ("intake", "routing", "agents", "insights")


def _files():
    return sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))


def _digest(files):
    digest = hashlib.sha256()
    for name in files:
        digest.update(name.encode() + b"\0" + (PROTO / name).read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def generate(parent=None):
    """Makes the stubs, if they are not there yet, and returns their folder.

    `parent` is where they are kept: by default the build folder that ctest names, else the temporary folder.
    """
    files = _files()
    parent = pathlib.Path(parent or os.environ.get("USHER_BUILD") or tempfile.gettempdir())
    folder = parent / ("python-protos-" + _digest(files))
    if folder.is_dir():
        return folder
    parent.mkdir(parents=True, exist_ok=True)
    made = pathlib.Path(tempfile.mkdtemp(prefix="python-protos-", dir=parent))
    subprocess.run(
        ["protoc", f"-I{PROTO}", f"--python_out={made}", f"--grpc_out={made}",
         f"--plugin=protoc-gen-grpc={PLUGIN}", *files],
        check=True)
    try:
        made.rename(folder)
    except OSError:  # another test was first; its folder is as good
        shutil.rmtree(made)
    return folder


def _by_path(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load(parent=None):
    """A namespace with a module for each proto file (`.intake`, `.agents`, ...), every service's stub and servicer
    (`.IntakeServiceStub`, ...), and the messages of grpc.health.v1 (`.health`)."""
    folder = generate(parent)
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    loaded = types.SimpleNamespace()
    for name in MESSAGES:
        setattr(loaded, name, importlib.import_module(f"usher.v1.{name}_pb2"))
    for name in SERVICES:
        module = importlib.import_module(f"usher.v1.{name}_pb2_grpc")
        for symbol in dir(module):
            if symbol.endswith(("Stub", "Servicer")):
                setattr(loaded, symbol, getattr(module, symbol))
    # Its package is named grpc, which is taken by the library: by path, then.
    loaded.health = _by_path("usher_health_pb2", folder / "grpc/health/v1/health_pb2.py")
    return loaded


def serving(channel, service="", timeout=5):
    """True if `service` ("": the whole server) says SERVING."""
    health = load().health
    check = channel.unary_unary(
        "/grpc.health.v1.Health/Check",
        request_serializer=health.HealthCheckRequest.SerializeToString,
        response_deserializer=health.HealthCheckResponse.FromString)
    answer = check(health.HealthCheckRequest(service=service), timeout=timeout)
    return answer.status == health.HealthCheckResponse.SERVING
