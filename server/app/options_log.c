/* What the log looks like. */
#include "option.h"

const app_option_t app_options_log[] = {
    {.name = "--log-format",
     .value = "text|json",
     .help = "form of the lines on stderr",
     .set = app_option_set_word,
     .show = app_option_show_word,
     .at = offsetof(app_options_t, log_json)},
    {.name = "--access-log",
     .value = "off|on",
     .help = "a line for each request",
     .set = app_option_set_word,
     .show = app_option_show_word,
     .at = offsetof(app_options_t, access_log)},
    {.name = NULL},
};
