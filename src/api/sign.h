/*-------------------------------------------------------------------------
 *
 * sign.h
 *	  Request signing, TC3-HMAC-SHA256.
 *
 * IDENTIFICATION
 *	  src/api/sign.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_SIGN_H
#define BF_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BF_SIGN_SECRET_MAX			512 /* longest secret id or key, bytes */
#define BF_SIGN_AUTHORIZATION_SIZE	1024

/* What is signed; nothing here is owned. */
typedef struct BfSignInput
{
	const char *secret_id;
	const char *secret_key;
	const char *host;			/* as in the Host header, with any port */
	const char *content_type;	/* as in the Content-Type header */
	const char *body;
	size_t		body_len;
	int64_t		timestamp;		/* Unix seconds, as in X-TC-Timestamp */
} BfSignInput;

extern bool bf_sign_authorization(const BfSignInput *input,
								  char authorization[BF_SIGN_AUTHORIZATION_SIZE]);
extern void bf_sign_wipe(void *memory, size_t size);

#endif							/* BF_SIGN_H */
