# cmake -DFILES=a;b -DOUT=x.c -DGZIP=gzip -P pack_web.cmake: writes the table of
# server/listener/debug_asset.h, with each file as it is and gzipped.

function(bytes_of file ret_text)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "((0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,))" "\\1\n" bytes "${bytes}")
  set(${ret_text} "${bytes}" PARENT_SCOPE)
endfunction()

set(type_js "text/javascript; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_svg "image/svg+xml")
set(type_html "text/html; charset=utf-8")

set(rows "")
set(text "#include \"debug_asset.h\"\n\n")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME)
  string(REGEX REPLACE "[^a-z]" "_" symbol ${name})
  string(REGEX REPLACE ".*[.]" "" suffix ${name})
  file(SHA256 ${file} hash)
  string(SUBSTRING ${hash} 0 16 hash)
  # -n: neither name nor time, so that equal sources give equal bytes.
  execute_process(COMMAND ${GZIP} -9nc ${file} OUTPUT_FILE ${OUT}.gz
    COMMAND_ERROR_IS_FATAL ANY)
  bytes_of(${file} plain)
  bytes_of(${OUT}.gz packed)
  string(APPEND text "static const unsigned char ${symbol}[] = {\n${plain}};\n"
    "static const unsigned char ${symbol}_gzip[] = {\n${packed}};\n\n")
  string(APPEND rows "    {\"/debug/${name}\", \"${type_${suffix}}\", \"\\\"${hash}\\\"\",\n"
    "     ${symbol}, sizeof(${symbol}), ${symbol}_gzip, sizeof(${symbol}_gzip)},\n")
endforeach()
string(APPEND text "const debug_asset_t debug_assets[] = {\n${rows}"
  "    {NULL, NULL, NULL, NULL, 0, NULL, 0},\n};\n")
file(WRITE ${OUT} "${text}")
