/*-------------------------------------------------------------------------
 *
 * sign.c
 *	  Fuzz target of api/sign.c: the header is the one that is computed here
 *	  another way, or none, for exactly the inputs that are out of bounds.
 *
 * Input: 8 bytes of time, the texts id, key, host and content type, and the
 * body.
 *
 * IDENTIFICATION
 *	  test/fuzz/sign.c
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include <time.h>

#include <openssl/sha.h>

#include "api/sign.h"

#define BLOCK_SIZE		64		/* of SHA-256 in HMAC, bytes */
#define HASH_SIZE		SHA256_DIGEST_LENGTH
#define CANONICAL_MAX	1023	/* longest canonical request, see sign.c */
#define LAST_SECOND		INT64_C(253402300799)	/* 9999-12-31T23:59:59Z */

/* Longer than any text made of an input below. */
#define TEXT_SIZE		(1 << 17)

static char canonical[TEXT_SIZE];
static char expected[TEXT_SIZE];

/* HMAC by its definition (RFC 2104). */
static void
hmac(const void *key, size_t key_len, const char *text,
	 unsigned char result[HASH_SIZE])
{
	unsigned char inner[BLOCK_SIZE + 512] = {0};
	unsigned char outer[BLOCK_SIZE + HASH_SIZE] = {0};
	size_t		len = strlen(text);

	REQUIRE(len <= sizeof(inner) - BLOCK_SIZE);
	if (key_len > BLOCK_SIZE)
		SHA256(key, key_len, outer);
	else
		memcpy(outer, key, key_len);
	for (int i = 0; i < BLOCK_SIZE; i++)
	{
		inner[i] = outer[i] ^ 0x36;
		outer[i] ^= 0x5C;
	}
	memcpy(inner + BLOCK_SIZE, text, len);
	SHA256(inner, BLOCK_SIZE + len, outer + BLOCK_SIZE);
	SHA256(outer, sizeof(outer), result);
}

static void
hex_of(const unsigned char hash[HASH_SIZE], char hex[2 * HASH_SIZE + 1])
{
	for (int i = 0; i < HASH_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", hash[i]);
}

/* Writes the header to "expected"; returns false when there must be none. */
static bool
sign(const BfSignInput *input)
{
	unsigned char hash[HASH_SIZE];
	char		hex[2 * HASH_SIZE + 1];
	char		date[40];
	char		to_sign[256];
	char		seed[3 + BF_SIGN_SECRET_MAX + 1];
	time_t		at = (time_t) input->timestamp;
	struct tm	parts;

	if (strlen(input->secret_id) > BF_SIGN_SECRET_MAX ||
		strlen(input->secret_key) > BF_SIGN_SECRET_MAX ||
		input->timestamp < 0 || input->timestamp > LAST_SECOND)
		return false;

	SHA256((const unsigned char *) input->body, input->body_len, hash);
	hex_of(hash, hex);
	if (snprintf(canonical, TEXT_SIZE, "POST\n/\n\ncontent-type:%s\nhost:%s\n\n"
				 "content-type;host\n%s", input->content_type, input->host,
				 hex) > CANONICAL_MAX)
		return false;
	SHA256((unsigned char *) canonical, strlen(canonical), hash);
	hex_of(hash, hex);

	REQUIRE(gmtime_r(&at, &parts) != NULL);
	snprintf(date, sizeof(date), "%04d-%02d-%02d", parts.tm_year + 1900,
			 parts.tm_mon + 1, parts.tm_mday);
	snprintf(to_sign, sizeof(to_sign),
			 "TC3-HMAC-SHA256\n%lld\n%s/billing/tc3_request\n%s",
			 (long long) input->timestamp, date, hex);
	snprintf(seed, sizeof(seed), "TC3%s", input->secret_key);
	hmac(seed, strlen(seed), date, hash);
	hmac(hash, HASH_SIZE, "billing", hash);
	hmac(hash, HASH_SIZE, "tc3_request", hash);
	hmac(hash, HASH_SIZE, to_sign, hash);
	hex_of(hash, hex);
	return snprintf(expected, TEXT_SIZE,
					"TC3-HMAC-SHA256 Credential=%s/%s/billing/tc3_request, "
					"SignedHeaders=content-type;host, Signature=%s",
					input->secret_id, date, hex) < BF_SIGN_AUTHORIZATION_SIZE;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FuzzInput	input = {data, size};
	BfSignInput sign_input;
	char	   *texts[4];
	char	   *body;
	char	   *header = malloc(BF_SIGN_AUTHORIZATION_SIZE);

	REQUIRE(header != NULL);
	REQUIRE(size < TEXT_SIZE / 2);
	sign_input.timestamp = (int64_t) fuzz_number(&input, 8);
	for (int i = 0; i < 4; i++)
		texts[i] = fuzz_text(&input);
	body = fuzz_block(input.at, input.left);
	sign_input.secret_id = texts[0];
	sign_input.secret_key = texts[1];
	sign_input.host = texts[2];
	sign_input.content_type = texts[3];
	sign_input.body = body;
	sign_input.body_len = input.left;

	memset(header, 'x', BF_SIGN_AUTHORIZATION_SIZE);
	if (bf_sign_authorization(&sign_input, header))
	{
		REQUIRE(sign(&sign_input));
		REQUIRE(strcmp(header, expected) == 0);
	}
	else
	{
		REQUIRE(!sign(&sign_input));
		REQUIRE(header[0] == '\0');
	}

	for (int i = 0; i < 4; i++)
		free(texts[i]);
	free(body);
	free(header);
	return 0;
}
