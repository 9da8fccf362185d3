/*-------------------------------------------------------------------------
 *
 * endpoint.c
 *	  Where requests go: parsing and judging of endpoints and proxies.
 *
 * What a URL means is decided by libcurl, which will use it, so that there
 * can be no disagreement about it; the texts that we accept are narrower.
 * Complaints never quote the text, because it may hold a password.
 *
 * IDENTIFICATION
 *	  src/api/endpoint.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/endpoint.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#define TEXT_MAX	512			/* longest text looked at */

#define NO_MEMORY		"could not be checked: out of memory"
#define WRONG_FORM		"must have the form host:port or https://host:port"
#define WRONG_SCHEME	"must have the scheme https or http, or none"
#define WRONG_HOST		"must name a host"
#define WRONG_PORT		"must have a port number between 1 and 65535"

/* Characters that are refused by themselves, and what to say about them. */
typedef struct Forbidden
{
	const char *characters;
	const char *complaint;
} Forbidden;

static const Forbidden forbidden[] = {
	{"@", "must not contain a user name or password"},
	{"?#", "must not contain a query or fragment"},
	{"%", "must not contain percent-encoded characters or a zone"},
	{"\\", "must not contain a backslash"},
	{NULL, NULL}
};

/* Refuse what must not occur anywhere, whatever libcurl makes of it. */
static const char *
check_characters(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
	{
		unsigned char byte = (unsigned char) *c;

		if (byte <= 0x20 || byte == 0x7f)
			return "must not contain blanks or control characters";
		if (byte > 0x7f)
			return "must not contain characters other than ASCII";
	}
	if (strnlen(text, TEXT_MAX) == TEXT_MAX)
		return "is too long";
	for (const Forbidden *row = forbidden; row->characters != NULL; row++)
	{
		if (strpbrk(text, row->characters) != NULL)
			return row->complaint;
	}
	return NULL;
}

/*
 * Write text to url with its scheme, and refuse oddities that libcurl would
 * forgive: scheme:/host, scheme:///host, host: without a number.
 */
static const char *
complete_url(const char *text, const char *default_scheme,
			 char url[TEXT_MAX + 16])
{
	const char *scheme_end = strstr(text, "://");
	const char *authority = scheme_end != NULL ? scheme_end + 3 : text;
	size_t		len = strcspn(authority, "/");

	if (len == 0)
		return WRONG_HOST;
	if (authority[len] == '/' && authority[len + 1] != '\0')
		return "must not contain a path";
	if (authority[len - 1] == ':')
		return WRONG_PORT;

	snprintf(url, TEXT_MAX + 16, "%s%s%s",
			 scheme_end == NULL ? default_scheme : "",
			 scheme_end == NULL ? "://" : "", text);
	return NULL;
}

/*
 * Copy a part of a URL in lower case.  A part that is missing becomes "".
 */
static const char *
get_part(CURLU *handle, CURLUPart part, unsigned int flags,
		 char *buffer, size_t size)
{
	char	   *value = NULL;
	const char *complaint = NULL;
	CURLUcode	code = curl_url_get(handle, part, &value, flags);

	buffer[0] = '\0';
	if (code == CURLUE_OUT_OF_MEMORY)
		return NO_MEMORY;
	if (code != CURLUE_OK)
		return NULL;

	if (strlen(value) >= size)
		complaint = "is too long";
	else
	{
		size_t		i;

		for (i = 0; value[i] != '\0'; i++)
		{
			bool		upper = value[i] >= 'A' && value[i] <= 'Z';

			buffer[i] = (char) (upper ? value[i] - 'A' + 'a' : value[i]);
		}
		buffer[i] = '\0';
	}
	curl_free(value);
	return complaint;
}

/*
 * Whether a host consists of labels of letters, digits, "-" and "_", perhaps
 * with a dot at the end, or is an IPv6 address in brackets.
 */
static bool
host_is_plain(const char *host)
{
	size_t		len = strlen(host);

	if (host[0] == '[')
		return strspn(host + 1, "0123456789abcdef:.") == len - 2 &&
			host[len - 1] == ']';
	if (host[0] == '\0' || host[0] == '.' || strstr(host, "..") != NULL)
		return false;
	return strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == len;
}

/*
 * Whether a host is a literal address of this machine.  libcurl has brought
 * other notations of addresses into the usual form before; a name such as
 * "localhost" is not good enough, because anything may be behind it.
 */
static bool
host_is_loopback(const char *host)
{
	if (strcmp(host, "[::1]") == 0)
		return true;
	if (strncmp(host, "127.", 4) != 0)
		return false;

	/*
	 * Four numbers with three dots between them, and nothing else.  With a
	 * leading zero they are octal for libcurl, and where they cannot be, as
	 * in 127.0.0.08, the host is a name for it.
	 */
	for (int i = 0; i < 4; i++)
	{
		size_t		len;

		if (i > 0 && *host++ != '.')
			return false;
		len = strspn(host, "0123456789");
		if (len < 1 || len > 3 || (len > 1 && host[0] == '0') ||
			strtol(host, NULL, 10) > 255)
			return false;
		host += len;
	}
	return *host == '\0';
}

/* Fill scheme, host and port from a parsed URL; port 0 when not given. */
static const char *
read_parts(CURLU *handle, BfEndpoint *endpoint)
{
	char		scheme[16];
	char		port[16];
	const char *complaint;

	if ((complaint = get_part(handle, CURLUPART_SCHEME, 0, scheme,
							  sizeof(scheme))) != NULL ||
		(complaint = get_part(handle, CURLUPART_HOST, 0, endpoint->host,
							  sizeof(endpoint->host))) != NULL ||
		(complaint = get_part(handle, CURLUPART_PORT, 0, port,
							  sizeof(port))) != NULL)
		return complaint;

	endpoint->tls = strcmp(scheme, "https") == 0;
	if (!endpoint->tls && strcmp(scheme, "http") != 0)
		return WRONG_SCHEME;
	if (!host_is_plain(endpoint->host))
		return WRONG_HOST;
	endpoint->loopback = host_is_loopback(endpoint->host);

	/* A port of 0 that was written down is not the same as none. */
	endpoint->port = port[0] == '\0' ? 0 : (int) strtol(port, NULL, 10);
	if (port[0] != '\0' && (endpoint->port < 1 || endpoint->port > 65535))
		return WRONG_PORT;
	return NULL;
}

/* Parse scheme, host and port; port 0 when none is given. */
static const char *
parse_url(const char *text, const char *default_scheme, BfEndpoint *endpoint)
{
	char		url[TEXT_MAX + 16];
	CURLU	   *handle;
	const char *complaint;

	memset(endpoint, 0, sizeof(*endpoint));
	complaint = check_characters(text);
	if (complaint == NULL)
		complaint = complete_url(text, default_scheme, url);
	if (complaint != NULL)
		return complaint;

	handle = curl_url();
	if (handle == NULL)
		return NO_MEMORY;
	switch (curl_url_set(handle, CURLUPART_URL, url, CURLU_PATH_AS_IS))
	{
		case CURLUE_OK:
			complaint = read_parts(handle, endpoint);
			break;
		case CURLUE_OUT_OF_MEMORY:
			complaint = NO_MEMORY;
			break;
		case CURLUE_BAD_PORT_NUMBER:
			complaint = WRONG_PORT;
			break;
		case CURLUE_UNSUPPORTED_SCHEME:
			complaint = WRONG_SCHEME;
			break;
		default:
			complaint = WRONG_FORM;
			break;
	}
	curl_url_cleanup(handle);
	return complaint;
}

/*
 * Fill in the texts made of scheme, host and port.  The port is left out of
 * the Host header where it is the scheme's default, as libcurl does.
 */
static void
write_texts(BfEndpoint *endpoint, bool always_port)
{
	const char *scheme = endpoint->tls ? "https" : "http";
	bool		standard = endpoint->port == (endpoint->tls ? 443 : 80);
	char		port[8];		/* ":65535" */

	snprintf(port, sizeof(port), ":%hu", (unsigned short) endpoint->port);
	snprintf(endpoint->host_header, sizeof(endpoint->host_header), "%s%s",
			 endpoint->host, standard ? "" : port);
	snprintf(endpoint->url, sizeof(endpoint->url), "%s://%s%s/", scheme,
			 endpoint->host, standard && !always_port ? "" : port);
}

/*
 * Parse where requests go: host[:port], meaning https, or
 * http(s)://host[:port][/].  Plain http is for literal loopback addresses.
 *
 * Returns NULL on success, else what is wrong as the end of a sentence that
 * begins with the name of the option; the text is static and *endpoint is
 * then not to be used.
 */
const char *
bf_endpoint_parse(const char *text, BfEndpoint *endpoint)
{
	const char *complaint = parse_url(text, "https", endpoint);

	if (complaint != NULL)
		return complaint;
	if (!endpoint->tls && !endpoint->loopback)
		return "must use https, except for an address in 127.0.0.0/8 or [::1]";
	if (endpoint->port == 0)
		endpoint->port = endpoint->tls ? 443 : 80;
	write_texts(endpoint, false);
	return NULL;
}

/*
 * Parse a proxy: host:port, meaning http, or http(s)://host:port[/].  The
 * port must be given, because nobody remembers that libcurl's default for
 * http proxies is 1080.  Returns as bf_endpoint_parse does.
 */
const char *
bf_endpoint_parse_proxy(const char *text, BfEndpoint *proxy)
{
	const char *complaint = parse_url(text, "http", proxy);

	if (complaint != NULL)
		return complaint;
	if (proxy->port == 0)
		return "must have a port number";

	/* Here too the port must not be left to that default. */
	write_texts(proxy, true);
	return NULL;
}

/* Length of a host name without a dot at its end. */
static size_t
host_length(const char *host, size_t len)
{
	return len > 0 && host[len - 1] == '.' ? len - 1 : len;
}

/* Whether a host matches one pattern: "*", "*.suffix", or a host. */
static bool
host_matches(const char *host, const char *pattern, size_t pattern_len)
{
	size_t		len = host_length(host, strlen(host));

	if (pattern_len == 1 && pattern[0] == '*')
		return true;
	pattern_len = host_length(pattern, pattern_len);

	if (pattern_len > 2 && pattern[0] == '*' && pattern[1] == '.')
	{
		/* Compare with the suffix, its dot included. */
		pattern++;
		pattern_len--;
		if (len <= pattern_len)
			return false;
		host += len - pattern_len;
		len = pattern_len;
	}
	return len > 0 && len == pattern_len &&
		strncasecmp(host, pattern, len) == 0;
}

/*
 * Whether a host (as in BfEndpoint.host) matches one of a list of patterns
 * separated by commas, with or without blanks: a host, "*.suffix" for every
 * name that ends so, or "*" for all.  An empty list matches nothing.
 */
bool
bf_endpoint_allowed(const char *host, const char *patterns)
{
	static const char separators[] = ", \t\r\n\f\v";

	while (*patterns != '\0')
	{
		size_t		len;

		patterns += strspn(patterns, separators);
		len = strcspn(patterns, separators);
		if (len > 0 && host_matches(host, patterns, len))
			return true;
		patterns += len;
	}
	return false;
}
