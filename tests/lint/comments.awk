# Prints each ASYNC_EXTERN declaration of a public header that no comment
# stands above, as FILE:LINE. Declarations without an empty line between them,
# with the macros that go before them, share the comment above the first.
FNR == 1 { covered = 0; inside = 0; declaring = 0; macro = 0 }
inside { if (/\*\//) inside = 0; next }
/^\/\*/ { covered = 1; if (!/\*\//) inside = 1; next }
macro { if (!/\\$/) macro = 0; next }
/^#define/ { if (/\\$/) macro = 1; next }
declaring { if (/;/) declaring = 0; next }
/^$/ { covered = 0; next }
/ASYNC_EXTERN/ {
  if (!covered) print FILENAME ":" FNR
  if (!/;/) declaring = 1
}
