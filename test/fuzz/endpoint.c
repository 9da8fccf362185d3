/*-------------------------------------------------------------------------
 *
 * endpoint.c
 *	  Fuzz target of api/endpoint.c: what is accepted is what it says, means the
 *	  same when read again, and never leaves this machine in the clear; lists
 *	  of hosts match what fnmatch matches.
 *
 * Input: a text as endpoint and proxy, and a text of patterns.
 *
 * IDENTIFICATION
 *	  test/fuzz/endpoint.c
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include <arpa/inet.h>
#include <fnmatch.h>
#include <strings.h>

#include "api/endpoint.h"

/* Is the host an address of this machine, by the C library's reading? */
static bool
is_loopback(const char *host)
{
	char		inner[BF_ENDPOINT_HOST_MAX];
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return (ntohl(v4.s_addr) >> 24) == 127;
	if (host[0] != '[')
		return false;
	snprintf(inner, sizeof(inner), "%.*s", (int) strlen(host) - 2, host + 1);
	return inet_pton(AF_INET6, inner, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

static void
check_texts(const BfEndpoint *endpoint, bool always_port)
{
	static regex_t *pattern;
	const char *scheme = endpoint->tls ? "https" : "http";
	int			standard = endpoint->tls ? 443 : 80;
	char		url[BF_ENDPOINT_URL_MAX];
	char		header[BF_ENDPOINT_HOST_MAX + 8];

	REQUIRE(strnlen(endpoint->host, sizeof(endpoint->host)) <
			sizeof(endpoint->host));
	REQUIRE(fuzz_matches(&pattern, "^([a-z0-9_-][a-z0-9._-]*|\\[[0-9a-f:.]+\\])$",
						 endpoint->host));
	REQUIRE(endpoint->port >= 1 && endpoint->port <= 65535);
	REQUIRE(endpoint->loopback == is_loopback(endpoint->host));
	snprintf(header, sizeof(header),
			 endpoint->port == standard ? "%s" : "%s:%d",
			 endpoint->host, endpoint->port);
	REQUIRE(strcmp(endpoint->host_header, header) == 0);
	snprintf(url, sizeof(url),
			 endpoint->port == standard && !always_port ? "%s://%s/" :
			 "%s://%s:%d/", scheme, endpoint->host, endpoint->port);
	REQUIRE(strcmp(endpoint->url, url) == 0);
}

static void
check_same(const char *complaint, const BfEndpoint *again,
		   const BfEndpoint *endpoint)
{
	REQUIRE(complaint == NULL);
	REQUIRE(again->tls == endpoint->tls);
	REQUIRE(again->loopback == endpoint->loopback);
	REQUIRE(again->port == endpoint->port);
	REQUIRE(strcmp(again->host, endpoint->host) == 0);
	REQUIRE(strcmp(again->host_header, endpoint->host_header) == 0);
	REQUIRE(strcmp(again->url, endpoint->url) == 0);
}

/*
 * What the patterns say, one by one.  A star elsewhere than in "*" and "*.x"
 * means nothing.
 */
static bool
allowed(const char *host, char *patterns)
{
	static const char separators[] = ", \t\r\n\f\v";
	bool		found = false;

	for (char *one = strtok(patterns, separators); one != NULL;
		 one = strtok(NULL, separators))
	{
		size_t		len = strlen(one);
		char	   *star = strrchr(one, '*');

		if (strcmp(one, "*") == 0)
			return true;
		for (char *c = one; *c != '\0'; c++)
			if (*c >= 'A' && *c <= 'Z')
				*c = (char) (*c - 'A' + 'a');
		if (one[len - 1] == '.')
			one[len - 1] = '\0';
		if (star == NULL || (star == one && one[1] == '.'))
			found = found || fnmatch(one, host, 0) == 0;
	}
	return found;
}

static void
check_allowed(const BfEndpoint *endpoint, const char *patterns)
{
	char		host[BF_ENDPOINT_HOST_MAX];
	char	   *copy;
	size_t		len;

	REQUIRE(!bf_endpoint_allowed(endpoint->host, ""));
	REQUIRE(bf_endpoint_allowed(endpoint->host, "*"));
	REQUIRE(bf_endpoint_allowed(endpoint->host, endpoint->host));

	/* characters that mean something to fnmatch and nothing to us */
	if (strpbrk(patterns, "?[]\\") != NULL)
		return;
	snprintf(host, sizeof(host), "%s", endpoint->host);
	len = strlen(host);
	if (host[len - 1] == '.')
		host[len - 1] = '\0';
	copy = fuzz_block(patterns, strlen(patterns) + 1);
	REQUIRE(bf_endpoint_allowed(endpoint->host, patterns) ==
			allowed(host, copy));
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FuzzInput	input = {data, size};
	char	   *text = fuzz_text(&input);
	char	   *patterns = fuzz_text(&input);
	BfEndpoint	endpoint;
	BfEndpoint	again;
	const char *complaint;

	complaint = bf_endpoint_parse(text, &endpoint);
	REQUIRE(complaint == NULL || complaint[0] != '\0');
	if (complaint == NULL)
	{
		REQUIRE(endpoint.tls || endpoint.loopback);
		check_texts(&endpoint, false);
		check_same(bf_endpoint_parse(endpoint.url, &again), &again, &endpoint);
		check_allowed(&endpoint, patterns);
	}
	complaint = bf_endpoint_parse_proxy(text, &endpoint);
	REQUIRE(complaint == NULL || complaint[0] != '\0');
	if (complaint == NULL)
	{
		check_texts(&endpoint, true);
		check_same(bf_endpoint_parse_proxy(endpoint.url, &again), &again,
				   &endpoint);
	}
	free(patterns);
	free(text);
	return 0;
}
