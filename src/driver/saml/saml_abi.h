// The border between the program and annotateai_saml.so: three C functions, JSON both ways.
// docs/adr/0008-saml-in-a-plugin.md says why there is a border.
#pragma once

#include <stddef.h>

#define AA_SAML_ABI 1
#define AA_SAML_DONE 0
#define AA_SAML_REFUSED 1

#ifdef __cplusplus
extern "C" {
#endif

typedef int (*aa_saml_abi_t)(void);
// `operation` is named in saml_plugin.cpp. The answer belongs to the caller, who gives it back to
// aa_saml_free; of a refusal it is a slug, a line break and the reason as plain
// text.
typedef int (*aa_saml_call_t)(const char* operation, const char* request, size_t size,
                              char** answer, size_t* answer_size);
typedef void (*aa_saml_free_t)(char* answer);

#ifdef __cplusplus
}
#endif
