# Compiler settings for all code of the house: warnings are errors, release is hardened, ccache shares objects
# between build folders.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")

set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_link_options(-pie)

add_library(usher_options INTERFACE)
target_compile_options(usher_options INTERFACE -Wall -Wextra -Wpedantic -Werror -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(usher_options INTERFACE -Wthread-safety -Wno-unused-private-field)
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  # The OpenSSF compiler hardening guide, as far as g++ 12 knows it.
  target_compile_definitions(usher_options INTERFACE _GLIBCXX_ASSERTIONS)
  target_compile_options(usher_options INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection
    -fno-delete-null-pointer-checks -ftrivial-auto-var-init=zero)
  add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
endif()

if(USHER_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(USHER_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
endif()
