/*-------------------------------------------------------------------------
 *
 * auth.c
 *	  Verifies who sent a request: TC3-HMAC-SHA256.
 *
 * Everything is computed anew from the bytes that were received.  Of the
 * signed headers, content-type and host count exactly as sent, all others
 * in lower case; the host may have been signed with or without its port,
 * because the vendor's own clients differ in that.
 *
 * IDENTIFICATION
 *	  test/sim/auth.c
 *
 *-------------------------------------------------------------------------
 */
#include <ctype.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "log.h"

#define MAX_SECRETS 64
#define MAX_SKEW 300			/* seconds */
#define HASH_LEN 32
#define HEX_LEN (2 * HASH_LEN)

typedef struct Secret
{
	char	   *id;
	char	   *key;
	char	   *token;			/* NULL = permanent key */
} Secret;

/* The parts of an Authorization header, all owned. */
typedef struct Authorization
{
	char	   *secret_id;
	char	   *date;
	char	   *service;
	char	   *signed_headers;
	char	   *signature;
} Authorization;

static Secret secrets[MAX_SECRETS];
static int	nsecrets;

/* ID:KEY or ID:KEY:TOKEN, of the command line. */
bool
sim_auth_add_secret(const char *text)
{
	const char *key = strchr(text, ':');
	const char *token = key ? strchr(key + 1, ':') : NULL;
	Secret	   *secret = &secrets[nsecrets];

	if (key == NULL || key == text || key[1] == '\0' ||
		nsecrets == MAX_SECRETS)
		return false;
	secret->id = sim_strndup(text, (size_t) (key - text));
	secret->key = token ? sim_strndup(key + 1, (size_t) (token - key - 1)) :
		sim_strdup(key + 1);
	secret->token = token ? sim_strdup(token + 1) : NULL;
	nsecrets++;
	return true;
}

/* Was any secret added? */
bool
sim_auth_has_secrets(void)
{
	return nsecrets > 0;
}

static void
hex_of(const unsigned char *bytes, char out[HEX_LEN + 1])
{
	for (int i = 0; i < HASH_LEN; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static void
sha256_hex(const void *data, size_t len, char out[HEX_LEN + 1])
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (EVP_Digest(data, len, digest, NULL, EVP_sha256(), NULL) != 1)
		abort();
	hex_of(digest, out);
}

static void
hmac(const void *key, size_t keylen, const char *text,
	 unsigned char out[HASH_LEN])
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (HMAC(EVP_sha256(), key, (int) keylen, (const unsigned char *) text,
			 strlen(text), digest, NULL) == NULL)
		abort();
	memcpy(out, digest, HASH_LEN);
}

/* Cuts off what stands before a separator; NULL when there is none. */
static char *
cut(const char **text, const char *separator)
{
	const char *at = strstr(*text, separator);
	char	   *part;

	if (at == NULL || at == *text)
		return NULL;
	part = sim_strndup(*text, (size_t) (at - *text));
	*text = at + strlen(separator);
	return part;
}

static bool
expect(const char **text, const char *word)
{
	size_t		len = strlen(word);

	if (strncmp(*text, word, len) != 0)
		return false;
	*text += len;
	return true;
}

static bool
parse_authorization(const char *text, Authorization *a)
{
	return expect(&text, "TC3-HMAC-SHA256 Credential=") &&
		(a->secret_id = cut(&text, "/")) != NULL &&
		(a->date = cut(&text, "/")) != NULL &&
		(a->service = cut(&text, "/")) != NULL &&
		expect(&text, "tc3_request, SignedHeaders=") &&
		(a->signed_headers = cut(&text, ", ")) != NULL &&
		expect(&text, "Signature=") &&
		strlen(text) == HEX_LEN &&
		strspn(text, "0123456789abcdef") == HEX_LEN &&
		(a->signature = sim_strdup(text)) != NULL;
}

static void
free_authorization(Authorization *a)
{
	free(a->secret_id);
	free(a->date);
	free(a->service);
	free(a->signed_headers);
	free(a->signature);
}

/* The timestamp as a number; negative when it is not plain digits. */
static int64_t
timestamp_of(const SimRequest *rq)
{
	const char *text = sim_request_header(rq, "x-tc-timestamp");

	if (text == NULL || *text == '\0' || strlen(text) > 11 ||
		strspn(text, "0123456789") != strlen(text))
		return -1;
	return strtoll(text, NULL, 10);
}

/* How long a host is without the port at its end, if it has one. */
static size_t
length_without_port(const char *host)
{
	const char *colon = strrchr(host, ':');

	if (colon != NULL && colon[1 + strspn(colon + 1, "0123456789")] == '\0')
		return (size_t) (colon - host);
	return strlen(host);
}

/*
 * Appends the canonical lines of the signed headers.  False when the list
 * names one that was not sent, is not in order, or lacks a needed one.
 */
static bool
add_headers(const SimRequest *rq, const char *list, bool with_port,
			SimText *text)
{
	char	   *copy = sim_strdup(list);
	char	   *rest = copy;
	char	   *name;
	const char *before = "";
	int			needed = 0;
	bool		fine = true;

	while (fine && (name = strsep(&rest, ";")) != NULL)
	{
		const char *value = sim_request_header(rq, name);
		bool		is_host = strcmp(name, "host") == 0;
		bool		exact = is_host || strcmp(name, "content-type") == 0;
		size_t		len = value ? strlen(value) : 0;

		fine = value != NULL && strcmp(before, name) < 0 &&
			strcmp(name, "authorization") != 0;
		needed += exact;
		if (is_host && !with_port && value != NULL)
			len = length_without_port(value);
		sim_text_add(text, name, strlen(name));
		sim_text_add(text, ":", 1);
		for (size_t i = 0; i < len; i++)
		{
			char		c = exact ? value[i] :
				(char) tolower((unsigned char) value[i]);

			sim_text_add(text, &c, 1);
		}
		sim_text_add(text, "\n", 1);
		before = name;
	}
	free(copy);
	return fine && needed == 2;
}

/* The signature that the request should have, in lower-case hex. */
static bool
signature_of(const SimRequest *rq, const Authorization *a, const char *key,
			 bool with_port, char out[HEX_LEN + 1])
{
	SimText		text = {0};
	char		hex[HEX_LEN + 1];
	unsigned char mac[HASH_LEN];
	char	   *head = sim_format("%s\n/\n%s\n", rq->method,
								  strcmp(rq->method, "GET") == 0 ?
								  rq->query : "");
	char	   *start = sim_format("TC3%s", key);
	char	   *to_sign;
	bool		fine;

	sim_text_add(&text, head, strlen(head));
	fine = add_headers(rq, a->signed_headers, with_port, &text);
	sim_text_add(&text, "\n", 1);
	sim_text_add(&text, a->signed_headers, strlen(a->signed_headers));
	sim_text_add(&text, "\n", 1);
	sha256_hex(rq->body.data ? rq->body.data : "", rq->body.len, hex);
	sim_text_add(&text, hex, HEX_LEN);
	sha256_hex(text.data, text.len, hex);
	to_sign = sim_format("TC3-HMAC-SHA256\n%s\n%s/%s/tc3_request\n%s",
						 sim_request_header(rq, "x-tc-timestamp"),
						 a->date, a->service, hex);

	hmac(start, strlen(start), a->date, mac);
	hmac(mac, HASH_LEN, a->service, mac);
	hmac(mac, HASH_LEN, "tc3_request", mac);
	hmac(mac, HASH_LEN, to_sign, mac);
	hex_of(mac, out);

	free(head);
	free(start);
	free(to_sign);
	sim_text_free(&text);
	return fine;
}

/* The scope must name this service and the UTC date of the timestamp. */
static bool
check_scope(const Authorization *a, int64_t timestamp, SimError *error)
{
	time_t		t = (time_t) timestamp;
	struct tm	tm;
	char		date[32];

	gmtime_r(&t, &tm);
	strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	if (strcmp(a->service, "billing") != 0)
		return sim_fail(error, "AuthFailure.InvalidAuthorization",
						"The service of the credential scope is not "
						"billing.");
	if (strcmp(a->date, date) != 0)
		return sim_fail(error, "AuthFailure.SignatureFailure",
						"The date of the credential scope is not the UTC "
						"date of X-TC-Timestamp.");
	return true;
}

/* The secret of that id whose token is the one sent, if any. */
static const Secret *
find_secret(const char *id, const char *token, SimError *error)
{
	bool		known = false;

	for (int i = 0; i < nsecrets; i++)
	{
		if (strcmp(secrets[i].id, id) != 0)
			continue;
		known = true;
		if (secrets[i].token == NULL ? token == NULL :
			token != NULL && strcmp(secrets[i].token, token) == 0)
			return &secrets[i];
	}
	if (known)
		sim_fail(error, "AuthFailure.TokenFailure",
				 "The token is missing, wrong or expired.");
	else
		sim_fail(error, "AuthFailure.SecretIdNotFound",
				 "The SecretId is not found, please ensure that your "
				 "SecretId is correct.");
	return NULL;
}

static bool
check_signature(const SimRequest *rq, const Authorization *a,
				const Secret *secret, SimError *error)
{
	char		right[HEX_LEN + 1];

	for (int with_port = 1; with_port >= 0; with_port--)
	{
		if (!signature_of(rq, a, secret->key, with_port, right))
			return sim_fail(error, "AuthFailure.InvalidAuthorization",
							"The list of signed headers must be sorted, name "
							"headers that were sent, and contain "
							"content-type and host.");
		if (CRYPTO_memcmp(right, a->signature, HEX_LEN) == 0)
			return true;
	}
	return sim_fail(error, "AuthFailure.SignatureFailure",
					"The provided credentials could not be validated.  "
					"Please check your signature is correct.");
}

/*
 * Verifies a request at the simulator's time; *secret_id is then the id it
 * was signed with, which lives as long as the program.
 */
bool
sim_auth_check(const SimRequest *rq, int64_t now, const char **secret_id,
			   SimError *error)
{
	const char *header = sim_request_header(rq, "authorization");
	int64_t		timestamp = timestamp_of(rq);
	Authorization a = {0};
	const Secret *secret;
	bool		fine;

	if (timestamp < 0)
		return sim_fail(error, "InvalidParameterValue",
						"X-TC-Timestamp is no number of seconds.");
	if (header == NULL || !parse_authorization(header, &a))
	{
		free_authorization(&a);
		return sim_fail(error, "AuthFailure.InvalidAuthorization",
						"The Authorization header is missing or malformed.");
	}
	fine = check_scope(&a, timestamp, error);
	if (fine && (timestamp < now - MAX_SKEW || timestamp > now + MAX_SKEW))
		fine = sim_fail(error, "AuthFailure.SignatureExpire",
						"The signature is expired: X-TC-Timestamp differs "
						"from the time of the server by more than five "
						"minutes.");
	if (fine)
	{
		secret = find_secret(a.secret_id,
							 sim_request_header(rq, "x-tc-token"), error);
		fine = secret != NULL && check_signature(rq, &a, secret, error);
		if (fine)
		{
			*secret_id = secret->id;
			sim_log_secret(rq, (int) (secret - secrets) + 1);
		}
	}
	free_authorization(&a);
	return fine;
}
