#!/usr/bin/env python3
"""Lints proto/usher as buf does with its STANDARD and COMMENTS rules, under buf's names, and forbids recursion.

`--self-test` feeds every rule a proto that breaks it and fails if the rule stays silent.
"""
import re
import sys

from google.protobuf import descriptor_pb2

import proto_files

PASCAL = re.compile(r"^[A-Z][A-Za-z0-9]*$")
LOWER_SNAKE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
UPPER_SNAKE = re.compile(r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$")
VERSION = re.compile(r"\.v[1-9][0-9]*((alpha|beta)[1-9][0-9]*)?$")
FIELD = descriptor_pb2.FieldDescriptorProto


def upper_snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).upper()


class Linter:
    def __init__(self, files):
        self.files = files.file
        self.found = []  # (rule, file, line, what)

    def report(self, rule, file, path, what):
        line = 0
        for location in file.source_code_info.location:
            if list(location.path) == list(path):
                line = location.span[0] + 1
        self.found.append((rule, file.name, line, what))

    def comment(self, rule, file, path, what):
        for location in file.source_code_info.location:
            if list(location.path) == list(path) and location.leading_comments.strip():
                return
        self.report(rule, file, path, f"{what} has no comment")

    def run(self):
        owners = {}  # package -> folder, and back
        for file in self.files:
            self.check_file(file, owners)
            for i, message in enumerate(file.message_type):
                self.check_message(file, message, [4, i])
            for i, enum in enumerate(file.enum_type):
                self.check_enum(file, enum, [5, i])
            for i, service in enumerate(file.service):
                self.check_service(file, service, [6, i])
        self.check_requests()
        self.check_recursion()
        return self.found

    def check_file(self, file, owners):
        folder, _, base = file.name.rpartition("/")
        if not file.package:
            self.report("PACKAGE_DEFINED", file, [2], "no package")
        if file.package.replace(".", "/") != folder:
            self.report("PACKAGE_DIRECTORY_MATCH", file, [2], f"package {file.package} in folder {folder}")
        if owners.setdefault(file.package, folder) != folder:
            self.report("PACKAGE_SAME_DIRECTORY", file, [2], f"package {file.package} has two folders")
        if owners.setdefault("/" + folder, file.package) != file.package:
            self.report("DIRECTORY_SAME_PACKAGE", file, [2], f"folder {folder} has two packages")
        if not all(LOWER_SNAKE.match(part) for part in file.package.split(".")):
            self.report("PACKAGE_LOWER_SNAKE_CASE", file, [2], f"package {file.package}")
        if not VERSION.search(file.package):
            self.report("PACKAGE_VERSION_SUFFIX", file, [2], f"package {file.package} does not end in a version")
        if not LOWER_SNAKE.match(base.removesuffix(".proto")):
            self.report("FILE_LOWER_SNAKE_CASE", file, [12], base)
        if file.syntax != "proto3":
            self.report("SYNTAX_SPECIFIED", file, [12], "syntax must be proto3")
        for i in file.public_dependency:
            self.report("IMPORT_NO_PUBLIC", file, [10, i], file.dependency[i])
        for i in file.weak_dependency:
            self.report("IMPORT_NO_WEAK", file, [11, i], file.dependency[i])
        self.check_imports(file)

    def check_imports(self, file):
        used = set()
        for _, message in self.messages_of(file):
            used.update(field.type_name for field in message.field)
        for service in file.service:
            for method in service.method:
                used.update((method.input_type, method.output_type))
        defined = {}
        for other in self.files:
            defined[other.name] = {name for name, _ in self.messages_of(other)} | set(self.enums_of(other))
        for i, name in enumerate(file.dependency):
            # Of files outside the set only the name is known: google/protobuf/x.proto defines google.protobuf.*
            prefix = "." + name.rpartition("/")[0].replace("/", ".") + "."
            known = defined.get(name)
            if not (used & known if known is not None else any(t.startswith(prefix) for t in used)):
                self.report("IMPORT_USED", file, [3, i], f"{name} is imported and not used")

    @staticmethod
    def messages_of(file):
        todo = [(f".{file.package}", message) for message in file.message_type]
        while todo:
            scope, message = todo.pop()
            name = f"{scope}.{message.name}"
            yield name, message
            todo.extend((name, nested) for nested in message.nested_type)

    def enums_of(self, file):
        names = [f".{file.package}.{enum.name}" for enum in file.enum_type]
        for scope, message in self.messages_of(file):
            names.extend(f"{scope}.{enum.name}" for enum in message.enum_type)
        return names

    def check_message(self, file, message, path):
        if not PASCAL.match(message.name):
            self.report("MESSAGE_PASCAL_CASE", file, path, message.name)
        self.comment("COMMENT_MESSAGE", file, path, f"message {message.name}")
        for i, field in enumerate(message.field):
            name = f"{message.name}.{field.name}"
            if not LOWER_SNAKE.match(field.name):
                self.report("FIELD_LOWER_SNAKE_CASE", file, path + [2, i], name)
            if field.label == FIELD.LABEL_REQUIRED:
                self.report("FIELD_NOT_REQUIRED", file, path + [2, i], name)
            self.comment("COMMENT_FIELD", file, path + [2, i], f"field {name}")
        for i, oneof in enumerate(message.oneof_decl):
            if any(field.proto3_optional and field.oneof_index == i for field in message.field):
                continue  # made by the compiler for `optional`
            if not LOWER_SNAKE.match(oneof.name):
                self.report("ONEOF_LOWER_SNAKE_CASE", file, path + [8, i], oneof.name)
            self.comment("COMMENT_ONEOF", file, path + [8, i], f"oneof {message.name}.{oneof.name}")
        for i, nested in enumerate(message.nested_type):
            if not nested.options.map_entry:
                self.check_message(file, nested, path + [3, i])
        for i, enum in enumerate(message.enum_type):
            self.check_enum(file, enum, path + [4, i])

    def check_enum(self, file, enum, path):
        if not PASCAL.match(enum.name):
            self.report("ENUM_PASCAL_CASE", file, path, enum.name)
        if enum.options.allow_alias:
            self.report("ENUM_NO_ALLOW_ALIAS", file, path, enum.name)
        self.comment("COMMENT_ENUM", file, path, f"enum {enum.name}")
        if enum.value[0].number != 0:
            self.report("ENUM_FIRST_VALUE_ZERO", file, path + [2, 0], enum.value[0].name)
        prefix = upper_snake(enum.name) + "_"
        for i, value in enumerate(enum.value):
            if not UPPER_SNAKE.match(value.name):
                self.report("ENUM_VALUE_UPPER_SNAKE_CASE", file, path + [2, i], value.name)
            if not value.name.startswith(prefix):
                self.report("ENUM_VALUE_PREFIX", file, path + [2, i], f"{value.name} does not begin with {prefix}")
            if value.number == 0 and not value.name.endswith("_UNSPECIFIED"):
                self.report("ENUM_ZERO_VALUE_SUFFIX", file, path + [2, i], value.name)
            self.comment("COMMENT_ENUM_VALUE", file, path + [2, i], f"value {value.name}")

    def check_service(self, file, service, path):
        if not PASCAL.match(service.name):
            self.report("SERVICE_PASCAL_CASE", file, path, service.name)
        if not service.name.endswith("Service"):
            self.report("SERVICE_SUFFIX", file, path, service.name)
        self.comment("COMMENT_SERVICE", file, path, f"service {service.name}")
        for i, method in enumerate(service.method):
            at = path + [2, i]
            if not PASCAL.match(method.name):
                self.report("RPC_PASCAL_CASE", file, at, method.name)
            self.comment("COMMENT_RPC", file, at, f"rpc {service.name}.{method.name}")
            for kind, rule, name in (("Request", "RPC_REQUEST_STANDARD_NAME", method.input_type),
                                     ("Response", "RPC_RESPONSE_STANDARD_NAME", method.output_type)):
                if name.rpartition(".")[2] not in (f"{method.name}{kind}", f"{service.name}{method.name}{kind}"):
                    self.report(rule, file, at, f"{method.name}: {name}")

    def check_requests(self):
        seen = {}
        for file in self.files:
            for s, service in enumerate(file.service):
                for m, method in enumerate(service.method):
                    for name in (method.input_type, method.output_type):
                        first = seen.setdefault(name, (service.name, method.name))
                        if first != (service.name, method.name) or method.input_type == method.output_type:
                            self.report("RPC_REQUEST_RESPONSE_UNIQUE", file, [6, s, 2, m], f"{name} is used twice")

    def check_recursion(self):
        parts = {}
        where = {}
        for file in self.files:
            for name, message in self.messages_of(file):
                parts[name] = [f.type_name for f in message.field if f.type == FIELD.TYPE_MESSAGE]
                where[name] = file
        for start in parts:
            seen, todo = set(), list(parts[start])
            while todo:
                name = todo.pop()
                if name == start:
                    self.report("MESSAGE_NO_RECURSION", where[start], [], f"{start} contains itself")
                    break
                if name not in seen:
                    seen.add(name)
                    todo.extend(parts.get(name, []))


HEAD = 'syntax = "proto3";\npackage a.v1;\n'
MESSAGE = "// M.\nmessage {} {{\n  // F.\n  int32 {} = 1;\n}}\n"
ENUM = "// E.\nenum {} {{\n  // Z.\n  {} = 0;\n  // O.\n  {} = 1;\n}}\n"
RPC = ("// Q.\nmessage {q} {{}}\n// R.\nmessage {r} {{}}\n// S.\nservice {s} {{\n  // C.\n  rpc {m}({q}) returns ({r});\n"
       "}}\n")
GOOD = {"a/v1/a.proto": HEAD + MESSAGE.format("Good", "a_field") + ENUM.format("Good2", "GOOD2_UNSPECIFIED", "GOOD2_ONE") +
        RPC.format(q="DoRequest", r="DoResponse", s="AService", m="Do")}
BAD = {
    "PACKAGE_DEFINED": {"a.proto": 'syntax = "proto3";\n'},
    "PACKAGE_DIRECTORY_MATCH": {"b/v1/a.proto": HEAD},
    "PACKAGE_SAME_DIRECTORY": {"a/v1/a.proto": HEAD, "b/v1/b.proto": HEAD},
    "DIRECTORY_SAME_PACKAGE": {"a/v1/a.proto": HEAD, "a/v1/b.proto": 'syntax = "proto3";\npackage b.v1;\n'},
    "PACKAGE_LOWER_SNAKE_CASE": {"A/v1/a.proto": 'syntax = "proto3";\npackage A.v1;\n'},
    "PACKAGE_VERSION_SUFFIX": {"a/a.proto": 'syntax = "proto3";\npackage a;\n'},
    "FILE_LOWER_SNAKE_CASE": {"a/v1/BigName.proto": HEAD},
    "SYNTAX_SPECIFIED": {"a/v1/a.proto": 'syntax = "proto2";\npackage a.v1;\n'},
    "IMPORT_NO_PUBLIC": {"a/v1/a.proto": HEAD, "a/v1/b.proto": HEAD + 'import public "a/v1/a.proto";\n'},
    "IMPORT_NO_WEAK": {"a/v1/a.proto": HEAD, "a/v1/b.proto": HEAD + 'import weak "a/v1/a.proto";\n'},
    "IMPORT_USED": {"a/v1/a.proto": HEAD + 'import "google/protobuf/timestamp.proto";\n'},
    "MESSAGE_PASCAL_CASE": {"a/v1/a.proto": HEAD + MESSAGE.format("bad_name", "f")},
    "FIELD_LOWER_SNAKE_CASE": {"a/v1/a.proto": HEAD + MESSAGE.format("M", "badName")},
    "FIELD_NOT_REQUIRED": {"a/v1/a.proto": 'syntax = "proto2";\npackage a.v1;\nmessage M { required int32 f = 1; }\n'},
    "ONEOF_LOWER_SNAKE_CASE": {"a/v1/a.proto": HEAD + "message M { oneof Bad { int32 f = 1; } }\n"},
    "ENUM_PASCAL_CASE": {"a/v1/a.proto": HEAD + ENUM.format("bad_e", "BAD_E_UNSPECIFIED", "BAD_E_ONE")},
    "ENUM_NO_ALLOW_ALIAS": {"a/v1/a.proto": HEAD + "enum E { option allow_alias = true; E_UNSPECIFIED = 0; E_A = 0; }\n"},
    "ENUM_FIRST_VALUE_ZERO": {"a/v1/a.proto": 'syntax = "proto2";\npackage a.v1;\nenum E { E_A = 1; }\n'},
    "ENUM_VALUE_UPPER_SNAKE_CASE": {"a/v1/a.proto": HEAD + ENUM.format("E", "E_UNSPECIFIED", "E_bad")},
    "ENUM_VALUE_PREFIX": {"a/v1/a.proto": HEAD + ENUM.format("E", "E_UNSPECIFIED", "ONE")},
    "ENUM_ZERO_VALUE_SUFFIX": {"a/v1/a.proto": HEAD + ENUM.format("E", "E_NONE", "E_ONE")},
    "SERVICE_PASCAL_CASE": {"a/v1/a.proto": HEAD + RPC.format(q="DoRequest", r="DoResponse", s="aService", m="Do")},
    "SERVICE_SUFFIX": {"a/v1/a.proto": HEAD + RPC.format(q="DoRequest", r="DoResponse", s="Api", m="Do")},
    "RPC_PASCAL_CASE": {"a/v1/a.proto": HEAD + RPC.format(q="DoRequest", r="DoResponse", s="AService", m="do_it")},
    "RPC_REQUEST_STANDARD_NAME": {"a/v1/a.proto": HEAD + RPC.format(q="Ask", r="DoResponse", s="AService", m="Do")},
    "RPC_RESPONSE_STANDARD_NAME": {"a/v1/a.proto": HEAD + RPC.format(q="DoRequest", r="Told", s="AService", m="Do")},
    "RPC_REQUEST_RESPONSE_UNIQUE": {"a/v1/a.proto": HEAD + "message M {}\nservice AService { rpc Do(M) returns (M); }\n"},
    "COMMENT_MESSAGE": {"a/v1/a.proto": HEAD + "message M {}\n"},
    "COMMENT_FIELD": {"a/v1/a.proto": HEAD + "// M.\nmessage M { int32 f = 1; }\n"},
    "COMMENT_ONEOF": {"a/v1/a.proto": HEAD + "// M.\nmessage M { oneof o { int32 f = 1; } }\n"},
    "COMMENT_ENUM": {"a/v1/a.proto": HEAD + "enum E { E_UNSPECIFIED = 0; }\n"},
    "COMMENT_ENUM_VALUE": {"a/v1/a.proto": HEAD + "// E.\nenum E { E_UNSPECIFIED = 0; }\n"},
    "COMMENT_SERVICE": {"a/v1/a.proto": HEAD + "service AService {}\n"},
    "COMMENT_RPC": {"a/v1/a.proto": HEAD + "message M {}\n// S.\nservice AService { rpc Do(M) returns (M); }\n"},
    "MESSAGE_NO_RECURSION": {"a/v1/a.proto": HEAD + "message M { N n = 1; }\nmessage N { repeated M m = 1; }\n"},
}


def self_test():
    source = open(__file__, encoding="utf-8").read()
    rules = set(re.findall(r'"([A-Z]+_[A-Z_]+)"', source.split("\nHEAD = ")[0]))
    silent = [rule for rule, texts in BAD.items()
              if rule not in {found[0] for found in Linter(proto_files.compile_texts(texts)).run()}]
    good = Linter(proto_files.compile_texts(GOOD)).run()
    for rule in sorted(rules - set(BAD)):
        print(f"proto_lint: no bad proto for rule {rule}")
    for rule in silent:
        print(f"proto_lint: rule {rule} does not see what breaks it")
    for found in good:
        print(f"proto_lint: a good proto is refused: {found}")
    print(f"proto_lint: {len(BAD)} rules can fail")
    return 1 if silent or good or rules - set(BAD) else 0


def main():
    if "--self-test" in sys.argv:
        return self_test()
    found = Linter(proto_files.compile_usher()).run()
    for rule, file, line, what in found:
        print(f"proto/{file}:{line}: {rule}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
