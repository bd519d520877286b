# Flags that hold for every target of ours: warnings, sanitizers, linker, compiler cache.
option(AA_WERROR "Warnings are errors" OFF)
option(AA_FUZZ "Report every edge to the fuzzers of tests/fuzz; builds only those" OFF)
set(AA_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    ${CCACHE_PROGRAM})
endif()

add_library(aa_flags INTERFACE)
target_include_directories(aa_flags INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
# -ffp-contract=off: the native and the WebAssembly kernel compute the same bits.
target_compile_options(aa_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wno-maybe-uninitialized
  -Wno-restrict -Wno-stringop-overread -Wno-array-bounds -Wno-missing-field-initializers -Wno-mismatched-new-delete
  -ffp-contract=off -fpch-preprocess)
if(AA_WERROR)
  target_compile_options(aa_flags INTERFACE -Werror)
endif()
if(AA_SANITIZE)
  target_compile_options(aa_flags INTERFACE -fsanitize=${AA_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(aa_flags INTERFACE -fsanitize=${AA_SANITIZE})
  if(AA_SANITIZE MATCHES undefined)
    target_compile_options(aa_flags INTERFACE -fno-sanitize-recover=undefined)
  endif()
  if(AA_SANITIZE MATCHES thread)  # of each of Asio's fences, which tools/tsan.supp speaks of
    target_compile_options(aa_flags INTERFACE -Wno-tsan)
  endif()
endif()
if(AA_FUZZ)
  target_compile_options(aa_flags INTERFACE -fsanitize-coverage=trace-pc)
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  target_link_options(aa_flags INTERFACE -fuse-ld=mold)
endif()
