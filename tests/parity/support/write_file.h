/* fs.writeFileSync() */
#ifndef ASYNCSCOPE_PARITY_WRITE_FILE_H
#define ASYNCSCOPE_PARITY_WRITE_FILE_H

void write_file(const char *path, const char *text);

#endif
