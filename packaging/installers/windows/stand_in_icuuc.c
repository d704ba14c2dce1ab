/* Wine 8 has no icuuc.dll, which Qt asks for. This one knows no encoding: enough for trials in a prefix of their own, where
   nothing but UTF-8, which Qt reads by itself, is read. Never part of a package. */

#define API __declspec(dllexport)
enum { UNSUPPORTED = 16 };

API void *ucnv_open(const char *name, int *error) { (void)name; if (error) *error = UNSUPPORTED; return 0; }
#define NOTHING(name) API int name(void) { return 0; }
NOTHING(ucnv_close) NOTHING(UCNV_FROM_U_CALLBACK_SUBSTITUTE) NOTHING(UCNV_TO_U_CALLBACK_SUBSTITUTE)
NOTHING(ucnv_reset) NOTHING(ucnv_getMaxCharSize) NOTHING(ucnv_getToUCallBack) NOTHING(ucnv_getFromUCallBack)
NOTHING(ucnv_setToUCallBack) NOTHING(ucnv_setFromUCallBack) NOTHING(ucnv_cbToUWriteUChars) NOTHING(ucnv_toUnicode)
NOTHING(ucnv_cbFromUWriteUChars) NOTHING(ucnv_toUCountPending) NOTHING(ucnv_fromUCountPending)
NOTHING(ucnv_countAvailable) NOTHING(ucnv_fromUnicode)
API const char *ucnv_getName(void) { return 0; }
API const char *ucnv_getStandardName(void) { return 0; }
API const char *ucnv_getAvailableName(void) { return 0; }
