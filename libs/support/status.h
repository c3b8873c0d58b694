// Errors of the world: absl::Status and the two macros that pass them on.
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define USHER_CONCAT_INNER(a, b) a##b
#define USHER_CONCAT(a, b) USHER_CONCAT_INNER(a, b)

// USHER_TRY(const Reply reply, client.Get(key)): declares `reply`, or returns the error from this
// function.
#define USHER_TRY(declaration, expression) \
  USHER_TRY_INNER(USHER_CONCAT(usher_try_, __LINE__), declaration, expression)
#define USHER_TRY_INNER(temporary, declaration, expression) \
  auto temporary = (expression);                            \
  if (!temporary.ok()) return temporary.status();           \
  declaration = std::move(temporary).value()

// USHER_RETURN_IF_ERROR(store.Put(...)): returns the error from this function, if there is one.
#define USHER_RETURN_IF_ERROR(expression)                               \
  do {                                                                  \
    if (absl::Status usher_status = (expression); !usher_status.ok()) { \
      return usher_status;                                              \
    }                                                                   \
  } while (false)
