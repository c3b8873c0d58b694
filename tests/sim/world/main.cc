// sim_world: plays seeds of a workload. README.md beside it says how.
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "kit/tree/tree.h"
#include "sim/world/world.h"
#include "support/note.h"

namespace usher::sim {
namespace {

struct Arguments {
  std::string workload;
  std::uint64_t seed = 1;
  std::uint64_t seeds = 1;
  std::string trace;    // a file; empty: none unless a seed fails
  std::string process;  // to be killed or frozen
  bool freeze = false;
  std::uint64_t at = 0;
  bool boundaries = false;
  bool expect_violation = false;
  std::vector<std::pair<std::string, std::string>> set;
};

// The line that plays the world under way once more; written also when a check fails and the
// process dies.
char g_repro[512];

void OnAbort(int) {
  (void)!write(STDERR_FILENO, g_repro, std::strlen(g_repro));
  std::_Exit(1);
}

std::string Repro(const Arguments& arguments, std::uint64_t seed) {
  std::string line =
      "bin/sim_world --workload " + arguments.workload + " --seed " + std::to_string(seed);
  for (const auto& [name, value] : arguments.set) line += " --set " + name + "=" + value;
  if (!arguments.process.empty()) {
    line += (arguments.freeze ? " --freeze " : " --kill ") + arguments.process + " --at " +
            std::to_string(arguments.at);
  }
  return line;
}

bool Parse(int argc, char** argv, Arguments& to) {
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--boundaries") {
      to.boundaries = true;
      continue;
    }
    if (name == "--expect-violation") {
      to.expect_violation = true;
      continue;
    }
    if (i + 1 >= argc) return false;
    const std::string value = argv[++i];
    if (name == "--workload") {
      to.workload = value;
    } else if (name == "--trace") {
      to.trace = value;
    } else if (name == "--kill" || name == "--freeze") {
      to.process = value;
      to.freeze = name == "--freeze";
    } else if (name == "--set" && value.find('=') != std::string::npos) {
      to.set.push_back({value.substr(0, value.find('=')), value.substr(value.find('=') + 1)});
    } else {
      std::uint64_t* const number = name == "--seed"    ? &to.seed
                                    : name == "--seeds" ? &to.seeds
                                    : name == "--at"    ? &to.at
                                                        : nullptr;
      if (number == nullptr || !absl::SimpleAtoi(value, number)) return false;
    }
  }
  return !to.workload.empty();
}

absl::StatusOr<Workload> Load(const Arguments& arguments) {
  absl::StatusOr<Workload> workload =
      ReadWorkload(kit::TreePath("tests/sim/workloads/" + arguments.workload));
  if (!workload.ok()) return workload;
  workload->name = arguments.workload;
  for (const auto& [name, value] : arguments.set) {
    if (absl::Status set = SetWorkload(name, value, *workload); !set.ok()) return set;
  }
  return workload;
}

struct Sums {
  std::uint64_t seeds = 0;
  std::uint64_t failed = 0;
  std::uint64_t commands = 0;
  std::uint64_t decisions = 0;
  std::uint64_t copies = 0;
  std::uint64_t starts = 0;
  double simulated_s = 0;
};

Verdict Play(const Arguments& arguments, const Workload& workload, std::uint64_t seed, bool trace) {
  std::snprintf(g_repro, sizeof(g_repro), "a check failed: %s\n", Repro(arguments, seed).c_str());
  World world(workload, seed, trace);
  if (!arguments.process.empty()) {
    world.ChangeFirst(arguments.process, arguments.at,
                      arguments.freeze ? Gate::State::kFrozen : Gate::State::kDead);
  }
  Verdict verdict = world.Run();
  if (trace) {
    const std::string file = arguments.trace.empty() ? "sim_world-" + workload.name + "-" +
                                                           std::to_string(seed) + ".trace"
                                                     : arguments.trace;
    std::ofstream out(file);
    world.trace().Write(out);
    out << "verdict: " << (verdict.violation.empty() ? "passed" : verdict.violation) << "\n";
    std::cerr << "  trace: " << file << "\n";
  }
  return verdict;
}

// One seed; a failing one is played again with its trace.
Verdict PlayOne(const Arguments& arguments, const Workload& workload, std::uint64_t seed,
                Sums& sums) {
  Verdict verdict = Play(arguments, workload, seed, !arguments.trace.empty());
  ++sums.seeds;
  sums.commands += verdict.commands;
  sums.decisions += verdict.decisions;
  sums.copies += verdict.copies;
  sums.starts += verdict.starts;
  sums.simulated_s += std::chrono::duration<double>(verdict.lasted).count();
  if (verdict.violation.empty()) return verdict;
  ++sums.failed;
  if (arguments.expect_violation) return verdict;
  std::cerr << "VIOLATION: " << verdict.violation << "\n  " << Repro(arguments, seed) << "\n";
  if (arguments.trace.empty() && sums.failed <= 3) Play(arguments, workload, seed, true);
  return verdict;
}

// Once to count the boundaries of each process, then twice for each: with a kill there, and with a
// freeze.
void PlayBoundaries(Arguments arguments, const Workload& workload, std::uint64_t seed, Sums& sums) {
  const Verdict counted = PlayOne(arguments, workload, seed, sums);
  for (const auto& [process, calls] : counted.calls) {
    std::cout << process << ": " << calls << " boundaries\n";
    for (std::uint64_t call = 1; call <= calls; ++call) {
      arguments.process = process;
      arguments.at = call;
      arguments.freeze = false;
      PlayOne(arguments, workload, seed, sums);
      arguments.freeze = true;
      PlayOne(arguments, workload, seed, sums);
    }
  }
}

int Main(int argc, char** argv) {
  Arguments arguments;
  if (!Parse(argc, argv, arguments)) {
    std::cerr << "sim_world --workload NAME [--seed N] [--seeds COUNT] [--trace FILE]\n"
                 "          [--boundaries | --kill PROCESS --at CALL | --freeze PROCESS --at CALL] "
                 "[--set NAME=VALUE]...\n"
                 "          [--expect-violation]\n";
    return 2;
  }
  const absl::StatusOr<Workload> workload = Load(arguments);
  if (!workload.ok()) {
    std::cerr << workload.status().message() << "\n";
    return 2;
  }
  note::Configure(note::Format::kLogfmt, note::Level::kError);
  std::signal(SIGABRT, OnAbort);
  Sums sums;
  const auto began = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < arguments.seeds; ++i) {
    if (arguments.boundaries) {
      PlayBoundaries(arguments, *workload, arguments.seed + i, sums);
    } else {
      PlayOne(arguments, *workload, arguments.seed + i, sums);
    }
  }
  const double took =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::printf(
      "%s: %llu seeds, %llu failed; %llu commands, %llu decisions, %llu copies, %llu starts; "
      "%.0f s simulated in %.1f s, %.0f seeds a minute\n",
      workload->name.c_str(), static_cast<unsigned long long>(sums.seeds),
      static_cast<unsigned long long>(sums.failed), static_cast<unsigned long long>(sums.commands),
      static_cast<unsigned long long>(sums.decisions), static_cast<unsigned long long>(sums.copies),
      static_cast<unsigned long long>(sums.starts), sums.simulated_s, took,
      static_cast<double>(sums.seeds) * 60 / took);
  if (arguments.expect_violation) return sums.failed > 0 ? 0 : 1;
  return sums.failed > 0 ? 1 : 0;
}

}  // namespace
}  // namespace usher::sim

int main(int argc, char** argv) { return usher::sim::Main(argc, argv); }
