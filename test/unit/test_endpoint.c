/*-------------------------------------------------------------------------
 *
 * test_endpoint.c
 *	  Unit tests of api/endpoint.c: parsing and judging of endpoints and
 *	  proxies.
 *
 * IDENTIFICATION
 *	  test/unit/test_endpoint.c
 *
 *-------------------------------------------------------------------------
 */
#include "unit.h"

#include <string.h>

#include "api/endpoint.h"

typedef struct Accepted
{
	const char *text;
	bool		tls;
	bool		loopback;
	int			port;
	const char *host;
	const char *host_header;
	const char *url;
} Accepted;

typedef struct Refused
{
	const char *text;
	const char *complaint;		/* part of it, or NULL for any */
} Refused;

static void
check_accepted(const Accepted *expected, const char *complaint,
			   const BfEndpoint *endpoint)
{
	if (complaint != NULL)
		fail_msg("\"%s\" %s", expected->text, complaint);
	assert_string_equal(endpoint->host, expected->host);
	assert_string_equal(endpoint->host_header, expected->host_header);
	assert_string_equal(endpoint->url, expected->url);
	assert_int_equal(endpoint->port, expected->port);
	assert_int_equal(endpoint->tls, expected->tls);
	assert_int_equal(endpoint->loopback, expected->loopback);
}

static void
check_refused(const Refused *expected, const char *complaint)
{
	if (complaint == NULL)
		fail_msg("\"%s\" was accepted", expected->text);
	if (expected->complaint != NULL &&
		strstr(complaint, expected->complaint) == NULL)
		fail_msg("\"%s\" %s", expected->text, complaint);
}

static void
test_accepted(void **state)
{
	static const Accepted cases[] = {
		{"billing.tencentcloudapi.com", true, false, 443,
			"billing.tencentcloudapi.com", "billing.tencentcloudapi.com",
		"https://billing.tencentcloudapi.com/"},
		{"https://Billing.INTL.TencentCloudAPI.com/", true, false, 443,
			"billing.intl.tencentcloudapi.com",
			"billing.intl.tencentcloudapi.com",
		"https://billing.intl.tencentcloudapi.com/"},
		{"HTTPS://example.com", true, false, 443, "example.com",
		"example.com", "https://example.com/"},
		{"example.com:8443", true, false, 8443, "example.com",
		"example.com:8443", "https://example.com:8443/"},
		{"https://example.com:443", true, false, 443, "example.com",
		"example.com", "https://example.com/"},
		{"example.com:0443", true, false, 443, "example.com",
		"example.com", "https://example.com/"},
		{"https://example.com:80/", true, false, 80, "example.com",
		"example.com:80", "https://example.com:80/"},
		{"http://127.0.0.1:8080", false, true, 8080, "127.0.0.1",
		"127.0.0.1:8080", "http://127.0.0.1:8080/"},
		{"http://127.0.0.1", false, true, 80, "127.0.0.1", "127.0.0.1",
		"http://127.0.0.1/"},
		{"http://127.255.3.4:65535/", false, true, 65535, "127.255.3.4",
		"127.255.3.4:65535", "http://127.255.3.4:65535/"},
		{"http://[::1]:8080/", false, true, 8080, "[::1]", "[::1]:8080",
		"http://[::1]:8080/"},
		{"https://127.0.0.1:8443", true, true, 8443, "127.0.0.1",
		"127.0.0.1:8443", "https://127.0.0.1:8443/"},
		{"[2001:db8::1]", true, false, 443, "[2001:db8::1]",
		"[2001:db8::1]", "https://[2001:db8::1]/"},
		{"localhost:8443", true, false, 8443, "localhost",
		"localhost:8443", "https://localhost:8443/"}
	};

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		BfEndpoint	endpoint;
		const char *complaint = bf_endpoint_parse(cases[i].text, &endpoint);

		check_accepted(&cases[i], complaint, &endpoint);
	}
}

static void
test_refused(void **state)
{
	static const Refused cases[] = {
		{"", "host"}, {"https://", "host"}, {":443", NULL}, {"/", "host"},
		{"https:///example.com", "host"}, {"https:/example.com", NULL},
		{"https:example.com", NULL}, {".", NULL}, {".example.com", NULL},
		{"a..example.com", NULL},
		{"user@example.com", "user name"},
		{"https://user:secret@example.com", "user name"},
		{"https://@example.com", "user name"},
		{"https://example.com/path", "path"},
		{"https://example.com//", "path"}, {"https://example.com/.", "path"},
		{"example.com/x", "path"}, {"https://example.com/https://a", "path"},
		{"https://example.com?x=1", "query"},
		{"https://example.com/?", "query"},
		{"https://example.com/#", "fragment"}, {"example.com#x", "fragment"},
		{"ftp://example.com", NULL}, {"file:///etc/passwd", NULL},
		{"gopher://example.com", NULL}, {"socks5://example.com", NULL},
		{"nonsense://example.com", NULL}, {"://example.com", NULL},
		{"//example.com", NULL},
		{"example.com:0", "port"}, {"example.com:65536", "port"},
		{"example.com:", "port"}, {"https://example.com:/", "port"},
		{"example.com:x", NULL}, {"example.com:-1", NULL},
		{"example.com:1:2", NULL}, {"example.com:4294967739", "port"},
		{"exa mple.com", "blanks"}, {" example.com", "blanks"},
		{"example.com ", "blanks"}, {"example.com\n", "control"},
		{"example.com\r\nX-Evil: 1", "control"},
		{"example\x7f.com", "control"},
		{"ex%61mple.com", "percent"}, {"[fe80::1%25eth0]", "zone"},
		{"[fe80::1%eth0]:443", "zone"}, {"example.com\\@evil.org", NULL},
		{"b\xc3\xbc" "cher.example", "ASCII"}, {"exam*ple.com", NULL},
		{"[::1", NULL}, {"[]", NULL}, {"::1", NULL}, {"[1.2.3.4", NULL},
		{"a,b", NULL}, {"a'b", NULL}, {"a\"b", NULL}, {"<a>", NULL}
	};

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		BfEndpoint	endpoint;

		check_refused(&cases[i], bf_endpoint_parse(cases[i].text, &endpoint));
	}
}

static void
test_plain_http_refused(void **state)
{
	static const char *const texts[] = {
		"http://example.com", "http://localhost", "http://localhost:8080",
		"http://127.0.0.1.example.com", "http://128.0.0.1", "http://1.2.3.4",
		"http://0.0.0.0", "http://0", "http://[::]", "http://[::2]",
		"http://[::ffff:127.0.0.1]", "http://[::ffff:8.8.8.8]",
		"http://127.example.com", "http://127.0.0.256", "http://127.0.0.1.1",
		"http://127.0.0.1x", "http://127..0.1", "http://127.0.0.1..",
		"http://134744072", "http://10.127.0.1", "http://0x08.8.8.8",
		"http://127.0.0.08", "http://127.09.0.1", "http://127.0.0.008", NULL
	};

	(void) state;
	for (int i = 0; texts[i] != NULL; i++)
	{
		BfEndpoint	endpoint;

		if (bf_endpoint_parse(texts[i], &endpoint) == NULL)
			fail_msg("\"%s\" was accepted", texts[i]);
	}
}

/*
 * Other notations of a loopback address, where libcurl knows them, lead to
 * nothing but that address.
 */
static void
test_plain_http_normalized(void **state)
{
	static const char *const texts[] = {
		"http://127.1", "http://0x7f.1", "http://2130706433",
		"http://0177.0.0.1", "http://0x7f000001", "http://127.0.0.1.", NULL
	};

	(void) state;
	for (int i = 0; texts[i] != NULL; i++)
	{
		BfEndpoint	endpoint;

		if (bf_endpoint_parse(texts[i], &endpoint) != NULL)
			continue;
		assert_true(endpoint.loopback);
		assert_string_equal(endpoint.host, "127.0.0.1");
		assert_string_equal(endpoint.host_header, "127.0.0.1");
		assert_string_equal(endpoint.url, "http://127.0.0.1/");
	}
}

static void
test_too_long(void **state)
{
	char		text[4096];
	BfEndpoint	endpoint;

	(void) state;
	memset(text, 'a', sizeof(text));
	for (size_t len = 1; len < sizeof(text); len++)
	{
		const char *complaint;

		text[len] = '\0';
		complaint = bf_endpoint_parse(text, &endpoint);
		if (len < BF_ENDPOINT_HOST_MAX)
			assert_null(complaint);
		else
			assert_string_equal(complaint, "is too long");
		text[len] = 'a';
	}
}

/* Complaints hold nothing of what was given. */
static void
test_complaints_quote_nothing(void **state)
{
	BfEndpoint	endpoint;
	const char *complaint;

	(void) state;
	complaint = bf_endpoint_parse("https://zzq:xxq@yyq.com", &endpoint);
	assert_non_null(complaint);
	assert_null(strstr(complaint, "zzq"));
	assert_null(strstr(complaint, "xxq"));
	assert_null(strstr(complaint, "yyq"));
}

static void
test_proxy_accepted(void **state)
{
	static const Accepted cases[] = {
		{"proxy.example.com:3128", false, false, 3128, "proxy.example.com",
		"proxy.example.com:3128", "http://proxy.example.com:3128/"},
		{"http://proxy.example.com:80", false, false, 80,
			"proxy.example.com", "proxy.example.com",
		"http://proxy.example.com:80/"},
		{"https://proxy.example.com:443/", true, false, 443,
			"proxy.example.com", "proxy.example.com",
		"https://proxy.example.com:443/"},
		{"127.0.0.1:3128", false, true, 3128, "127.0.0.1",
		"127.0.0.1:3128", "http://127.0.0.1:3128/"}
	};

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		BfEndpoint	proxy;
		const char *complaint = bf_endpoint_parse_proxy(cases[i].text,
														&proxy);

		check_accepted(&cases[i], complaint, &proxy);
	}
}

static void
test_proxy_refused(void **state)
{
	static const Refused cases[] = {
		{"", "host"}, {"proxy.example.com", "port"},
		{"http://proxy.example.com", "port"},
		{"https://proxy.example.com/", "port"},
		{"socks5://proxy.example.com:1080", NULL},
		{"socks5h://proxy.example.com:1080", NULL},
		{"http://user:secret@proxy.example.com:3128", "user name"},
		{"http://proxy.example.com:3128/path", "path"},
		{"http://proxy.example.com:0", "port"}, {"a b:1", "blanks"}
	};

	(void) state;
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		BfEndpoint	proxy;

		check_refused(&cases[i],
					  bf_endpoint_parse_proxy(cases[i].text, &proxy));
	}
}

static void
test_allowed(void **state)
{
	static const char *const both = " *.tencentcloudapi.com ,\tlocalhost,";

	(void) state;
	assert_true(bf_endpoint_allowed("billing.tencentcloudapi.com", both));
	assert_true(bf_endpoint_allowed("billing.intl.tencentcloudapi.com", both));
	assert_true(bf_endpoint_allowed("a.b.c.tencentcloudapi.com", both));
	assert_true(bf_endpoint_allowed("BILLING.TencentCloudAPI.com", both));
	assert_true(bf_endpoint_allowed("billing.tencentcloudapi.com.", both));
	assert_true(bf_endpoint_allowed("localhost", both));
	assert_true(bf_endpoint_allowed("example.com", "a.b,*"));
	assert_true(bf_endpoint_allowed("example.com", "Example.COM."));
	assert_true(bf_endpoint_allowed("x.example.com", "*.example.com."));
	assert_true(bf_endpoint_allowed("[::1]", "[::1]"));
	assert_true(bf_endpoint_allowed("127.0.0.1", "127.0.0.1"));
	assert_true(bf_endpoint_allowed("b", "a b"));
}

static void
test_not_allowed(void **state)
{
	static const char *const one = "*.tencentcloudapi.com";

	(void) state;
	assert_false(bf_endpoint_allowed("tencentcloudapi.com", one));
	assert_false(bf_endpoint_allowed(".tencentcloudapi.com", one));
	assert_false(bf_endpoint_allowed("eviltencentcloudapi.com", one));
	assert_false(bf_endpoint_allowed("a.tencentcloudapi.com.evil.org", one));
	assert_false(bf_endpoint_allowed("a.tencentcloudapi.co", one));
	assert_false(bf_endpoint_allowed("", one));
	assert_false(bf_endpoint_allowed("example.com", ""));
	assert_false(bf_endpoint_allowed("example.com", " , ,, "));
	assert_false(bf_endpoint_allowed("", ""));
	assert_false(bf_endpoint_allowed("", "."));
	assert_false(bf_endpoint_allowed("x.example.com", "example.com"));
	assert_false(bf_endpoint_allowed("example.com", "*example.com"));
	assert_false(bf_endpoint_allowed("xexample.com", "*example.com"));
	assert_false(bf_endpoint_allowed("example.com", "**"));
	assert_false(bf_endpoint_allowed("example.com", "*."));
	assert_false(bf_endpoint_allowed("a.example.com", "a.*.com"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_plain_http_refused),
		cmocka_unit_test(test_plain_http_normalized),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_complaints_quote_nothing),
		cmocka_unit_test(test_proxy_accepted),
		cmocka_unit_test(test_proxy_refused),
		cmocka_unit_test(test_allowed),
		cmocka_unit_test(test_not_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
