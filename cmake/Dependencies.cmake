# One interface target per third-party library, as Debian packages it. Each has one owner among
# our modules, see docs/architecture.md.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

function(aa_dependency name)
  cmake_parse_arguments(ARG "" "" "PKG;LIBS" ${ARGN})
  add_library(dep_${name} INTERFACE)
  foreach(package IN LISTS ARG_PKG)
    string(MAKE_C_IDENTIFIER ${package} id)
    pkg_check_modules(${id} REQUIRED IMPORTED_TARGET GLOBAL ${package})
    target_link_libraries(dep_${name} INTERFACE PkgConfig::${id})
  endforeach()
  target_link_libraries(dep_${name} INTERFACE ${ARG_LIBS})
endfunction()

aa_dependency(fmt PKG fmt)
aa_dependency(spdlog PKG spdlog)
aa_dependency(openssl PKG openssl)
aa_dependency(boost_json LIBS boost_json)
aa_dependency(asio LIBS Threads::Threads)
aa_dependency(sodium PKG libsodium)
aa_dependency(sqlite PKG sqlite3)
aa_dependency(postgres PKG libpq)
aa_dependency(curl PKG libcurl)
aa_dependency(zlib PKG zlib)
aa_dependency(jpeg PKG libjpeg)
aa_dependency(png PKG libpng)
aa_dependency(webp PKG libwebp libwebpdemux)
aa_dependency(tiff PKG libtiff-4)
aa_dependency(avif PKG libavif)
aa_dependency(prometheus LIBS prometheus-cpp-core)
aa_dependency(archive PKG libarchive)
aa_dependency(fido PKG libfido2)
aa_dependency(cbor PKG libcbor)
aa_dependency(hiredis LIBS hiredis)  # its .pc file brings flags that no precompiled header has
aa_dependency(lasso PKG lasso libxml-2.0 xmlsec1-openssl gobject-2.0)  # annotateai_saml alone
aa_dependency(gtest LIBS gtest gmock Threads::Threads)
aa_dependency(dl LIBS ${CMAKE_DL_LIBS})
aa_dependency(benchmark LIBS benchmark Threads::Threads)

# Header-only: the library itself is loaded at run time on first use (driver/inference).
add_library(dep_onnxruntime INTERFACE)
target_include_directories(dep_onnxruntime SYSTEM INTERFACE
  ${CMAKE_SOURCE_DIR}/third_party/onnxruntime/include)
target_link_libraries(dep_onnxruntime INTERFACE dep_dl)

# Header-only, in the system's include folder.
find_path(HNSWLIB_INCLUDE hnswlib/hnswlib.h REQUIRED)
add_library(dep_hnswlib INTERFACE)
target_include_directories(dep_hnswlib SYSTEM INTERFACE ${HNSWLIB_INCLUDE})
