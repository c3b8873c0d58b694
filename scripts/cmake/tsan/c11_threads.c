/* C11 threads on top of POSIX ones, for builds with ThreadSanitizer only. librdkafka uses C11
 * threads, which the sanitizer of these compilers does not know: a thread begun so has no shadow,
 * and the process dies at once. */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>

struct Begin {
  thrd_start_t run;
  void* argument;
};

static void* Run(void* begun) {
  struct Begin begin = *(struct Begin*)begun;
  free(begun);
  return (void*)(intptr_t)begin.run(begin.argument);
}

int thrd_create(thrd_t* thread, thrd_start_t run, void* argument) {
  struct Begin* begin = malloc(sizeof *begin);
  if (begin == NULL) return thrd_nomem;
  begin->run = run;
  begin->argument = argument;
  if (pthread_create((pthread_t*)thread, NULL, Run, begin) == 0) return thrd_success;
  free(begin);
  return thrd_error;
}

int thrd_join(thrd_t thread, int* result) {
  void* value = NULL;
  if (pthread_join((pthread_t)thread, &value) != 0) return thrd_error;
  if (result != NULL) *result = (int)(intptr_t)value;
  return thrd_success;
}

int thrd_detach(thrd_t thread) {
  return pthread_detach((pthread_t)thread) == 0 ? thrd_success : thrd_error;
}

int mtx_init(mtx_t* mutex, int type) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  if ((type & mtx_recursive) != 0) {
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  }
  const int failed = pthread_mutex_init((pthread_mutex_t*)mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
  return failed == 0 ? thrd_success : thrd_error;
}

int mtx_lock(mtx_t* mutex) {
  return pthread_mutex_lock((pthread_mutex_t*)mutex) == 0 ? thrd_success : thrd_error;
}

int mtx_trylock(mtx_t* mutex) {
  const int failed = pthread_mutex_trylock((pthread_mutex_t*)mutex);
  return failed == 0 ? thrd_success : failed == EBUSY ? thrd_busy : thrd_error;
}

int mtx_unlock(mtx_t* mutex) {
  return pthread_mutex_unlock((pthread_mutex_t*)mutex) == 0 ? thrd_success : thrd_error;
}

void mtx_destroy(mtx_t* mutex) { pthread_mutex_destroy((pthread_mutex_t*)mutex); }

int cnd_init(cnd_t* condition) {
  return pthread_cond_init((pthread_cond_t*)condition, NULL) == 0 ? thrd_success : thrd_error;
}

int cnd_signal(cnd_t* condition) {
  return pthread_cond_signal((pthread_cond_t*)condition) == 0 ? thrd_success : thrd_error;
}

int cnd_broadcast(cnd_t* condition) {
  return pthread_cond_broadcast((pthread_cond_t*)condition) == 0 ? thrd_success : thrd_error;
}

int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  return pthread_cond_wait((pthread_cond_t*)condition, (pthread_mutex_t*)mutex) == 0 ? thrd_success
                                                                                     : thrd_error;
}

int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const struct timespec* until) {
  const int failed =
      pthread_cond_timedwait((pthread_cond_t*)condition, (pthread_mutex_t*)mutex, until);
  return failed == 0 ? thrd_success : failed == ETIMEDOUT ? thrd_timedout : thrd_error;
}

void cnd_destroy(cnd_t* condition) { pthread_cond_destroy((pthread_cond_t*)condition); }
