// StoreBench: one store adapter on the bench of the contract suite, with what the suite must know
// about it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "store/store.h"

namespace usher::contract {

class StoreBench {
 public:
  virtual ~StoreBench() = default;

  virtual std::unique_ptr<store::Store> Open() = 0;

  // Ends what holds the content and starts it again, as an operator or a crash would. Stores stay
  // open. False: this adapter lives inside the process.
  virtual bool Restart() { return false; }

  // Forgets everything. False: nobody can do that to this adapter.
  virtual bool FlushAll() { return false; }

  // Time goes by, as far as times to live see it.
  virtual void PassTime(Duration time) = 0;
};

// "sim", "embedded"; "redis" if USHER_TEST_REDIS names a server.
std::vector<std::string> StoreAdapters();
std::unique_ptr<StoreBench> MakeStoreBench(const std::string& adapter);

}  // namespace usher::contract
