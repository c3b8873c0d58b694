# Writes the files of a folder into a C++ file, so that the binary needs none beside it:
#   cmake -DFROM=folder -DTO=assets.cc -P embed.cmake
file(GLOB files ${FROM}/*)
list(SORT files)
set(bodies "")
set(table "")
set(i 0)
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND bodies "constexpr unsigned char kBytes${i}[] = {${bytes}0};\n")
  string(APPEND table "    {\"${name}\", {reinterpret_cast<const char*>(kBytes${i}), sizeof kBytes${i} - 1}},\n")
  math(EXPR i "${i} + 1")
endforeach()
file(WRITE ${TO} "// Made from ${FROM} by the build.\n#include \"insights/wallboard/assets.h\"\n\nnamespace usher::insights {\nnamespace {\n\n${bodies}
const Asset kAssets[] = {\n${table}};\n\n}  // namespace\n\nstd::span<const Asset> Assets() { return kAssets; }\n\n}  // namespace usher::insights\n")
