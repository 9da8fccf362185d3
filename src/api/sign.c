/*-------------------------------------------------------------------------
 *
 * sign.c
 *	  Request signing, TC3-HMAC-SHA256.
 *
 * IDENTIFICATION
 *	  src/api/sign.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/sign.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "api/month.h"

#define HASH_SIZE		32		/* SHA-256, bytes */
#define HEX_SIZE		(2 * HASH_SIZE + 1)
#define DATE_SIZE		11		/* "YYYY-MM-DD" and its NUL */

/*
 * Room for a canonical request: two hashes' worth of fixed text, and the two
 * header values, which are short unless someone plays tricks with options.
 */
#define CANONICAL_SIZE	1024
#define TO_SIGN_SIZE	256

#define KEY_PREFIX		"TC3"
#define SCOPE			"billing/tc3_request"
#define SIGNED_HEADERS	"content-type;host"

#define SECONDS_PER_DAY 86400
#define LAST_SECOND		INT64_C(253402300799)	/* 9999-12-31T23:59:59Z */

static bool print(char *buffer, size_t size, const char *format,...)
			__attribute__((format(printf, 3, 4)));

/* snprintf that fails rather than cuts. */
static bool
print(char *buffer, size_t size, const char *format,...)
{
	va_list		args;
	int			len;

	va_start(args, format);
	len = vsnprintf(buffer, size, format, args);
	va_end(args);
	return len >= 0 && (size_t) len < size;
}

static void
to_hex(const unsigned char hash[HASH_SIZE], char hex[HEX_SIZE])
{
	static const char hex_digits[] = "0123456789abcdef";

	for (int i = 0; i < HASH_SIZE; i++)
	{
		hex[2 * i] = hex_digits[hash[i] >> 4];
		hex[2 * i + 1] = hex_digits[hash[i] & 15];
	}
	hex[HEX_SIZE - 1] = '\0';
}

static bool
sha256_hex(const char *data, size_t len, char hex[HEX_SIZE])
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int hash_len = 0;

	if (EVP_Digest(data, len, hash, &hash_len, EVP_sha256(), NULL) != 1 ||
		hash_len != HASH_SIZE)
		return false;
	to_hex(hash, hex);
	return true;
}

/* The result is binary: it may contain zero bytes. */
static bool
hmac_sha256(const void *key, size_t key_len, const char *text,
			unsigned char result[HASH_SIZE])
{
	unsigned int result_len = 0;

	return HMAC(EVP_sha256(), key, (int) key_len,
				(const unsigned char *) text, strlen(text),
				result, &result_len) != NULL && result_len == HASH_SIZE;
}

/*
 * The key of one day.  The caller wipes it; everything in between is wiped
 * here.
 */
static bool
derive_key(const char *secret_key, const char *date,
		   unsigned char key[HASH_SIZE])
{
	char		seed[sizeof(KEY_PREFIX) + BF_SIGN_SECRET_MAX];
	unsigned char date_key[HASH_SIZE];
	unsigned char service_key[HASH_SIZE];
	bool		ok;

	ok = print(seed, sizeof(seed), KEY_PREFIX "%s", secret_key) &&
		hmac_sha256(seed, strlen(seed), date, date_key) &&
		hmac_sha256(date_key, HASH_SIZE, "billing", service_key) &&
		hmac_sha256(service_key, HASH_SIZE, "tc3_request", key);

	OPENSSL_cleanse(seed, sizeof(seed));
	OPENSSL_cleanse(date_key, sizeof(date_key));
	OPENSSL_cleanse(service_key, sizeof(service_key));
	return ok;
}

/* Hash of the canonical request. */
static bool
hash_request(const BfSignInput *input, char hex[HEX_SIZE])
{
	char		canonical[CANONICAL_SIZE];
	char		payload[HEX_SIZE];

	return sha256_hex(input->body, input->body_len, payload) &&
		print(canonical, sizeof(canonical),
			  "POST\n/\n\ncontent-type:%s\nhost:%s\n\n" SIGNED_HEADERS "\n%s",
			  input->content_type, input->host, payload) &&
		sha256_hex(canonical, strlen(canonical), hex);
}

/* The UTC date of a timestamp of the years 1970 to 9999. */
static bool
format_date(int64_t timestamp, char date[DATE_SIZE])
{
	int			year;
	int			month;
	int			day;

	if (timestamp < 0 || timestamp > LAST_SECOND)
		return false;
	bf_month_date_of_day(timestamp / SECONDS_PER_DAY, &year, &month, &day);
	return print(date, DATE_SIZE, "%04d-%02d-%02d", year, month, day);
}

static bool
compute_signature(const BfSignInput *input, const char *date,
				  char signature[HEX_SIZE])
{
	char		request[HEX_SIZE];
	char		to_sign[TO_SIGN_SIZE];
	unsigned char key[HASH_SIZE];
	unsigned char hash[HASH_SIZE];
	bool		ok;

	if (!hash_request(input, request) ||
		!print(to_sign, sizeof(to_sign),
			   "TC3-HMAC-SHA256\n%lld\n%s/" SCOPE "\n%s",
			   (long long) input->timestamp, date, request))
		return false;

	ok = derive_key(input->secret_key, date, key) &&
		hmac_sha256(key, HASH_SIZE, to_sign, hash);
	OPENSSL_cleanse(key, sizeof(key));
	if (ok)
		to_hex(hash, signature);
	return ok;
}

/*
 * Write the value of the Authorization header of a request.  Returns false,
 * leaving an empty text, when a secret or a header value is too long, the
 * timestamp is outside the years 1970 to 9999, or the cryptographic library
 * refuses.  No key is left in memory that is ours.
 */
bool
bf_sign_authorization(const BfSignInput *input,
					  char authorization[BF_SIGN_AUTHORIZATION_SIZE])
{
	char		date[DATE_SIZE];
	char		signature[HEX_SIZE];

	authorization[0] = '\0';
	if (strlen(input->secret_id) > BF_SIGN_SECRET_MAX ||
		strlen(input->secret_key) > BF_SIGN_SECRET_MAX)
		return false;
	if (!format_date(input->timestamp, date) ||
		!compute_signature(input, date, signature))
		return false;

	return print(authorization, BF_SIGN_AUTHORIZATION_SIZE,
				 "TC3-HMAC-SHA256 Credential=%s/%s/" SCOPE
				 ", SignedHeaders=" SIGNED_HEADERS ", Signature=%s",
				 input->secret_id, date, signature);
}

/*
 * Overwrite memory that held a secret, in a way that the compiler does not
 * leave out.  NULL is fine.
 */
void
bf_sign_wipe(void *memory, size_t size)
{
	if (memory != NULL)
		OPENSSL_cleanse(memory, size);
}
