// `usher play`: plays a shop's day against a running usher, by gRPC alone: order events and
// messages from real and written texts, and agents on real `Work` streams.
#pragma once

namespace CLI {
class App;
}

namespace usher::play {

// Adds the command to `app`. If it is chosen it runs while `app` parses, and leaves its exit code
// in `exit_code`: 0: the day was played and all counts agree; 1: not so; 130: it was cut short.
void AddPlay(CLI::App& app, int& exit_code);

}  // namespace usher::play
