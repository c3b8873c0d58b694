// Tells ThreadSanitizer what absl::Mutex and absl::CondVar order, for builds with it only. Debian's
// abseil is built without the sanitizer, which therefore takes everything that a Mutex guards for a
// race.
//
// Stands before the library's functions of these names, calls them, and says "acquired" and
// "released" around them.
#include <dlfcn.h>

#include <cstdint>

extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
}

namespace {

// absl::Duration and absl::Time as they are passed: 12 bytes in two registers.
struct Span {
  std::int64_t high;
  std::uint32_t low;
};

template <class Function>
Function* Next(const char* symbol) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, symbol));
}

// While it unlocks, abseil looks at what waiters wait for, still under the lock; after the word
// "released" that would seem to be outside of it.
class Unwatched {
 public:
  Unwatched() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~Unwatched() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
};

}  // namespace

#define MUTEX_LOCKS(name, symbol)                        \
  extern "C" void name(void* mutex) __asm__(symbol);     \
  extern "C" void name(void* mutex) {                    \
    static auto* const next = Next<void(void*)>(symbol); \
    next(mutex);                                         \
    __tsan_acquire(mutex);                               \
  }

#define MUTEX_UNLOCKS(name, symbol)                      \
  extern "C" void name(void* mutex) __asm__(symbol);     \
  extern "C" void name(void* mutex) {                    \
    static auto* const next = Next<void(void*)>(symbol); \
    __tsan_release(mutex);                               \
    const Unwatched unwatched;                           \
    next(mutex);                                         \
  }

#define MUTEX_TRIES(name, symbol)                        \
  extern "C" bool name(void* mutex) __asm__(symbol);     \
  extern "C" bool name(void* mutex) {                    \
    static auto* const next = Next<bool(void*)>(symbol); \
    const bool locked = next(mutex);                     \
    if (locked) __tsan_acquire(mutex);                   \
    return locked;                                       \
  }

#define MUTEX_AWAITS(name, symbol)                                          \
  extern "C" void name(void* mutex, const void* condition) __asm__(symbol); \
  extern "C" void name(void* mutex, const void* condition) {                \
    static auto* const next = Next<void(void*, const void*)>(symbol);       \
    __tsan_release(mutex);                                                  \
    {                                                                       \
      const Unwatched unwatched;                                            \
      next(mutex, condition);                                               \
    }                                                                       \
    __tsan_acquire(mutex);                                                  \
  }

#define MUTEX_AWAITS_FOR(name, symbol)                                                 \
  extern "C" bool name(void* mutex, const void* condition, Span span) __asm__(symbol); \
  extern "C" bool name(void* mutex, const void* condition, Span span) {                \
    static auto* const next = Next<bool(void*, const void*, Span)>(symbol);            \
    __tsan_release(mutex);                                                             \
    bool happened = false;                                                             \
    {                                                                                  \
      const Unwatched unwatched;                                                       \
      happened = next(mutex, condition, span);                                         \
    }                                                                                  \
    __tsan_acquire(mutex);                                                             \
    return happened;                                                                   \
  }

#define CONDITION_WAITS_FOR(name, symbol)                                        \
  extern "C" bool name(void* condition, void* mutex, Span span) __asm__(symbol); \
  extern "C" bool name(void* condition, void* mutex, Span span) {                \
    static auto* const next = Next<bool(void*, void*, Span)>(symbol);            \
    __tsan_release(mutex);                                                       \
    const bool late = next(condition, mutex, span);                              \
    __tsan_acquire(mutex);                                                       \
    return late;                                                                 \
  }

MUTEX_LOCKS(UsherLock, "_ZN4absl7debian35Mutex4LockEv")
MUTEX_LOCKS(UsherReaderLock, "_ZN4absl7debian35Mutex10ReaderLockEv")
MUTEX_UNLOCKS(UsherUnlock, "_ZN4absl7debian35Mutex6UnlockEv")
MUTEX_UNLOCKS(UsherReaderUnlock, "_ZN4absl7debian35Mutex12ReaderUnlockEv")
MUTEX_TRIES(UsherTryLock, "_ZN4absl7debian35Mutex7TryLockEv")
MUTEX_TRIES(UsherReaderTryLock, "_ZN4absl7debian35Mutex13ReaderTryLockEv")
MUTEX_AWAITS(UsherAwait, "_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE")
MUTEX_AWAITS(UsherLockWhen, "_ZN4absl7debian35Mutex8LockWhenERKNS0_9ConditionE")
MUTEX_AWAITS_FOR(UsherAwaitFor,
                 "_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE")
MUTEX_AWAITS_FOR(UsherAwaitUntil,
                 "_ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE")
MUTEX_AWAITS_FOR(UsherLockWhenFor,
                 "_ZN4absl7debian35Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE")
MUTEX_AWAITS_FOR(UsherLockWhenUntil,
                 "_ZN4absl7debian35Mutex20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE")
CONDITION_WAITS_FOR(UsherWaitFor,
                    "_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE")
CONDITION_WAITS_FOR(UsherWaitUntil,
                    "_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE")

extern "C" void UsherWait(void* condition,
                          void* mutex) __asm__("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
extern "C" void UsherWait(void* condition, void* mutex) {
  static auto* const next = Next<void(void*, void*)>("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
  __tsan_release(mutex);
  next(condition, mutex);
  __tsan_acquire(mutex);
}
