/* The media type of a file, by the end of its name. */
#ifndef ASYNCSCOPE_SERVER_FILE_TYPE_H
#define ASYNCSCOPE_SERVER_FILE_TYPE_H

/* Static. */
const char *file_type(const char *path);

#endif
