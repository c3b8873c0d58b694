"""Compiles .proto files to a FileDescriptorSet; shared by proto_lint.py and proto_breaking.py."""
import subprocess
import tempfile
from pathlib import Path

from google.protobuf import descriptor_pb2

ROOT = Path(__file__).resolve().parents[2]
PROTO = ROOT / "proto"


def compile_set(root, names):
    """The FileDescriptorSet of the files `names` under `root`, with comments, without what they import."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "set.binpb"
        run = subprocess.run(["protoc", f"--proto_path={root}", "--include_source_info", f"--descriptor_set_out={out}",
                              *names], capture_output=True, text=True)
        if run.returncode != 0:
            raise SystemExit(f"protoc: {run.stderr}")
        return descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes())


def compile_usher():
    names = sorted(str(path.relative_to(PROTO)) for path in (PROTO / "usher").rglob("*.proto"))
    if not names:
        raise SystemExit("no protos under proto/usher")
    return compile_set(PROTO, names)


def compile_texts(texts):
    """The same for files given as {name: text}."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return compile_set(folder, list(texts))
