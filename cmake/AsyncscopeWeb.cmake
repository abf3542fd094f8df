# The page of /debug: what lies in web/, bundled by esbuild with d3's modules out
# of Debian's packages, and compiled in as it is sent: each file by its path,
# with its hash and a gzipped copy. Nothing is fetched, then or at run time.

option(ASYNCSCOPE_WEB "Compile the page of /debug into libasyncscope_debug" ON)

# Where node-d3-* of Debian lie.
set(ASYNCSCOPE_WEB_MODULES /usr/share/nodejs CACHE PATH
  "The directory with the modules d3-hierarchy, d3-scale, d3-shape, d3-zoom")

function(asyncscope_find_web_tools)
  find_program(ASYNCSCOPE_ESBUILD esbuild)
  find_program(ASYNCSCOPE_GZIP gzip REQUIRED)
  foreach(module IN ITEMS d3-hierarchy d3-scale d3-shape d3-zoom)
    if(NOT EXISTS ${ASYNCSCOPE_WEB_MODULES}/${module})
      set(missing "${missing} node-${module}")
    endif()
  endforeach()
  if(NOT ASYNCSCOPE_ESBUILD)
    set(missing "${missing} esbuild")
  endif()
  if(missing)
    message(FATAL_ERROR "the page of /debug needs the packages${missing}: "
      "run scripts/setup, or leave it out with -DASYNCSCOPE_WEB=OFF")
  endif()
endfunction()

# asyncscope_add_web(<target>): adds to the target a source that defines the
# assets of server/listener/debug_asset.h.
function(asyncscope_add_web target)
  set(web ${PROJECT_SOURCE_DIR}/web)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/web)
  set(source ${out}/debug_assets.c)
  set(pack ${PROJECT_SOURCE_DIR}/cmake/pack_web.cmake)
  set(files)
  if(ASYNCSCOPE_WEB)
    asyncscope_find_web_tools()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${web}/*.js ${web}/*.css)
    add_custom_command(OUTPUT ${out}/page.js ${out}/page.css
      COMMAND ${CMAKE_COMMAND} -E env NODE_PATH=${ASYNCSCOPE_WEB_MODULES}
        ${ASYNCSCOPE_ESBUILD} ${web}/page.js ${web}/page.css --bundle --minify
        --format=esm --target=es2020 --charset=utf8 --log-level=warning
        --outdir=${out}
      DEPENDS ${sources} VERBATIM)
    set(files ${out}/page.js ${out}/page.css ${web}/locked.html ${web}/icon.svg)
  endif()
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${files}" -DOUT=${source}
      -DGZIP=${ASYNCSCOPE_GZIP} -P ${pack}
    DEPENDS ${files} ${pack} VERBATIM)
  target_sources(${target} PRIVATE ${source})
endfunction()
