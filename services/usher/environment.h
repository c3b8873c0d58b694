// Flags from the environment: --grpc may also come as USHER_GRPC. A flag on the command line wins.
#pragma once

namespace CLI {
class App;
}

namespace usher {

// For every flag of every command of `app`, at any depth. Call it when all are there.
void TakeFlagsFromEnvironment(CLI::App& app);

}  // namespace usher
