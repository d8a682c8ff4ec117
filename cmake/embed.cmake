# cmake -D FILES=a.js;b.css -D OUTPUT=x.cpp -D GZIP=gzip -P embed.cmake: writes a source that defines page::embedded(),
# each file as it is and packed by gzip.

set(types_html "text/html; charset=utf-8")
set(types_css "text/css; charset=utf-8")
set(types_js "text/javascript; charset=utf-8")
set(types_svg "image/svg+xml")
set(types_tsv "text/tab-separated-values; charset=utf-8")

# The bytes of a file as a constant array.
function(bytes_of file name result)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
  string(REGEX REPLACE "(.........................................................................................................)" "\\1\n    " bytes "${bytes}")
  set(${result} "constexpr char ${name}[] = {\n    ${bytes}};\n" PARENT_SCOPE)
endfunction()

set(arrays "")
set(rows "")
set(number 0)
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  get_filename_component(extension ${file} LAST_EXT)
  string(SUBSTRING ${extension} 1 -1 extension)
  execute_process(COMMAND ${GZIP} -9nc ${file} OUTPUT_FILE ${OUTPUT}.gz COMMAND_ERROR_IS_FATAL ANY)
  bytes_of(${file} plain_${number} plain)
  bytes_of(${OUTPUT}.gz packed_${number} packed)
  file(SHA256 ${file} digest)
  string(SUBSTRING ${digest} 0 16 etag)
  string(APPEND arrays "${plain}${packed}")
  string(APPEND rows "    {\"${name}\", \"${types_${extension}}\", \"${etag}\", {plain_${number}, sizeof plain_${number}}, "
    "{packed_${number}, sizeof packed_${number}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(REMOVE ${OUTPUT}.gz)

file(WRITE ${OUTPUT} "// Made by cmake/embed.cmake.\n#include \"server/page/page_file.h\"\n\n#include <array>\n
namespace page {\nnamespace {\n
${arrays}
constexpr std::array<PageFile, ${number}> files{{\n${rows}}};
}  // namespace\n
std::span<const PageFile> embedded() {\n    return files;\n}\n
}  // namespace page\n")
