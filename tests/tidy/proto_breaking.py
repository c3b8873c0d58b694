#!/usr/bin/env python3
"""Compares proto/usher with the last released set (proto/released/usher_v1.binpb) by buf's breaking rules, level FILE.

Nothing that was released may be removed, renumbered, renamed, retyped or moved to another file. `--release` takes the
current protos as the released set; `--self-test` feeds every rule a change that breaks it.
"""
import re
import sys

from google.protobuf import descriptor_pb2

import proto_files

RELEASED = proto_files.PROTO / "released" / "usher_v1.binpb"


def by_name(items):
    return {item.name: item for item in items}


def oneof_of(message, field):
    return message.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else ""


class Comparison:
    def __init__(self, old, new):
        self.old, self.new = old, new
        self.found = []  # (rule, file, what)

    def report(self, rule, file, what):
        self.found.append((rule, file, what))

    def run(self):
        new = by_name(self.new.file)
        for old in self.old.file:
            if old.name not in new:
                self.report("FILE_NO_DELETE", old.name, "the file is gone")
                continue
            self.compare_file(old, new[old.name])
        return self.found

    def compare_file(self, old, new):
        if old.package != new.package:
            self.report("FILE_SAME_PACKAGE", old.name, f"{old.package} became {new.package}")
        if old.syntax != new.syntax:
            self.report("FILE_SAME_SYNTAX", old.name, f"{old.syntax} became {new.syntax}")
        self.compare_messages(old.name, "", old.message_type, new.message_type)
        self.compare_enums(old.name, "", old.enum_type, new.enum_type)
        services = by_name(new.service)
        for service in old.service:
            if service.name not in services:
                self.report("SERVICE_NO_DELETE", old.name, service.name)
                continue
            self.compare_service(old.name, service, services[service.name])

    def compare_messages(self, file, scope, old, new):
        messages = by_name(new)
        for message in old:
            name = scope + message.name
            if message.name not in messages:
                self.report("MESSAGE_NO_DELETE", file, name)
                continue
            now = messages[message.name]
            self.compare_fields(file, name, message, now)
            self.compare_reserved(file, name, message, now, "MESSAGE")
            for oneof in by_name(message.oneof_decl):
                if oneof not in by_name(now.oneof_decl):
                    self.report("ONEOF_NO_DELETE", file, f"{name}.{oneof}")
            self.compare_messages(file, name + ".", message.nested_type, now.nested_type)
            self.compare_enums(file, name + ".", message.enum_type, now.enum_type)

    def compare_fields(self, file, name, old, new):
        fields = {field.number: field for field in new.field}
        for field in old.field:
            where = f"{name}.{field.name} = {field.number}"
            now = fields.get(field.number)
            if now is None:
                self.report("FIELD_NO_DELETE", file, where)
                continue
            if field.name != now.name:
                self.report("FIELD_SAME_NAME", file, f"{where} became {now.name}")
            if field.json_name != now.json_name:
                self.report("FIELD_SAME_JSON_NAME", file, f"{where} became {now.json_name}")
            if (field.label, field.proto3_optional) != (now.label, now.proto3_optional):
                self.report("FIELD_SAME_CARDINALITY", file, where)
            if (field.type, field.type_name) != (now.type, now.type_name):
                self.report("FIELD_SAME_TYPE", file, where)
            if oneof_of(old, field) != oneof_of(new, now):
                self.report("FIELD_SAME_ONEOF", file, where)

    def compare_reserved(self, file, name, old, new, kind):
        def reserved(thing):
            return ({(part.start, part.end) for part in thing.reserved_range}, set(thing.reserved_name))
        for was, now in zip(reserved(old), reserved(new)):
            if was - now:
                self.report(f"RESERVED_{kind}_NO_DELETE", file, f"{name}: {sorted(was - now)}")

    def compare_enums(self, file, scope, old, new):
        enums = by_name(new)
        for enum in old:
            name = scope + enum.name
            if enum.name not in enums:
                self.report("ENUM_NO_DELETE", file, name)
                continue
            now = enums[enum.name]
            self.compare_reserved(file, name, enum, now, "ENUM")
            values = {value.number: value.name for value in now.value}
            for value in enum.value:
                if value.number not in values:
                    self.report("ENUM_VALUE_NO_DELETE", file, f"{name}.{value.name}")
                elif values[value.number] != value.name:
                    self.report("ENUM_VALUE_SAME_NAME", file, f"{name}.{value.name} became {values[value.number]}")

    def compare_service(self, file, old, new):
        methods = by_name(new.method)
        for method in old.method:
            name = f"{old.name}.{method.name}"
            now = methods.get(method.name)
            if now is None:
                self.report("RPC_NO_DELETE", file, name)
                continue
            for rule, was, is_now in (("RPC_SAME_REQUEST_TYPE", method.input_type, now.input_type),
                                      ("RPC_SAME_RESPONSE_TYPE", method.output_type, now.output_type),
                                      ("RPC_SAME_CLIENT_STREAMING", method.client_streaming, now.client_streaming),
                                      ("RPC_SAME_SERVER_STREAMING", method.server_streaming, now.server_streaming)):
                if was != is_now:
                    self.report(rule, file, f"{name}: {was} became {is_now}")


BASE = """syntax = "proto3";
package a.v1;
message M { reserved 9; int32 f = 1; oneof o { int32 g = 2; int32 h = 3; } message Inner { int32 x = 1; } }
message N {}
enum E { reserved 9; E_UNSPECIFIED = 0; E_ONE = 1; }
service AService { rpc Do(M) returns (N); }
service BService {}
"""
# rule: (what of BASE, becomes)
CHANGES = {
    "FILE_NO_DELETE": None,
    "FILE_SAME_PACKAGE": ("package a.v1", "package a.v2"),
    "FILE_SAME_SYNTAX": ('syntax = "proto3";\npackage a.v1;\nmessage M { reserved 9; int32 f = 1; oneof o { int32 g = 2; '
                         'int32 h = 3; } message Inner { int32 x = 1; } }', 'syntax = "proto2";\npackage a.v1;\nmessage M {}'),
    "MESSAGE_NO_DELETE": ("message Inner { int32 x = 1; }", ""),
    "FIELD_NO_DELETE": ("int32 f = 1;", ""),
    "FIELD_SAME_NAME": ("int32 f = 1;", "int32 z = 1;"),
    "FIELD_SAME_JSON_NAME": ("int32 f = 1;", 'int32 f = 1 [json_name = "zed"];'),
    "FIELD_SAME_CARDINALITY": ("int32 f = 1;", "repeated int32 f = 1;"),
    "FIELD_SAME_TYPE": ("int32 f = 1;", "int64 f = 1;"),
    "FIELD_SAME_ONEOF": ("int32 h = 3; }", "} int32 h = 3;"),
    "ONEOF_NO_DELETE": ("oneof o { int32 g = 2; int32 h = 3; }", "int32 g = 2; int32 h = 3;"),
    "RESERVED_MESSAGE_NO_DELETE": ("message M { reserved 9;", "message M {"),
    "RESERVED_ENUM_NO_DELETE": ("enum E { reserved 9;", "enum E {"),
    "ENUM_NO_DELETE": ("enum E { reserved 9; E_UNSPECIFIED = 0; E_ONE = 1; }", ""),
    "ENUM_VALUE_NO_DELETE": (" E_ONE = 1;", ""),
    "ENUM_VALUE_SAME_NAME": ("E_ONE = 1", "E_UNO = 1"),
    "SERVICE_NO_DELETE": ("service BService {}", ""),
    "RPC_NO_DELETE": ("rpc Do(M) returns (N);", ""),
    "RPC_SAME_REQUEST_TYPE": ("Do(M)", "Do(N)"),
    "RPC_SAME_RESPONSE_TYPE": ("returns (N)", "returns (M)"),
    "RPC_SAME_CLIENT_STREAMING": ("Do(M)", "Do(stream M)"),
    "RPC_SAME_SERVER_STREAMING": ("returns (N)", "returns (stream N)"),
}


def self_test():
    source = open(__file__, encoding="utf-8").read().split("\nBASE = ")[0]
    rules = set(re.findall(r'"([A-Z]+_[A-Z_]+)"', source)) | {"RESERVED_MESSAGE_NO_DELETE", "RESERVED_ENUM_NO_DELETE"}
    base = proto_files.compile_texts({"a/v1/a.proto": BASE})
    bad = [f"no change for rule {rule}" for rule in sorted(rules - set(CHANGES))]
    for rule, change in CHANGES.items():
        text = BASE.replace(*change) if change else BASE
        if change and text == BASE:
            bad.append(f"the change for {rule} changes nothing")
        new = proto_files.compile_texts({"a/v1/a.proto" if change else "a/v1/b.proto": text})
        if rule not in {found[0] for found in Comparison(base, new).run()}:
            bad.append(f"rule {rule} does not see what breaks it")
    grown = BASE.replace("message N {}", "message N { int32 new = 1; }\nmessage P {}")
    bad.extend(f"an addition is refused: {found}"
               for found in Comparison(base, proto_files.compile_texts({"a/v1/a.proto": grown})).run())
    for line in bad:
        print(f"proto_breaking: {line}")
    print(f"proto_breaking: {len(CHANGES)} rules can fail")
    return 1 if bad else 0


def main():
    if "--self-test" in sys.argv:
        return self_test()
    new = proto_files.compile_usher()
    if "--release" in sys.argv:
        for file in new.file:
            file.ClearField("source_code_info")
        RELEASED.parent.mkdir(exist_ok=True)
        RELEASED.write_bytes(new.SerializeToString(deterministic=True))
        print(f"proto_breaking: {RELEASED.relative_to(proto_files.ROOT)} holds the protos of now")
        return 0
    found = Comparison(descriptor_pb2.FileDescriptorSet.FromString(RELEASED.read_bytes()), new).run()
    for rule, file, what in found:
        print(f"proto/{file}: {rule}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
