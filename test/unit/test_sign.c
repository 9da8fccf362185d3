/*-------------------------------------------------------------------------
 *
 * test_sign.c
 *	  Unit tests of api/sign.c: signatures, against what the vendor's own
 *	  clients compute.
 *
 * IDENTIFICATION
 *	  test/unit/test_sign.c
 *
 *-------------------------------------------------------------------------
 */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "api/sign.h"

#define SECRET_ID	"AKIDEXAMPLE0123456789abcdefghijkl"
#define SECRET_KEY	"EXAMPLEKEY0123456789ABCDEFGHIJ"

#define DOMESTIC	"billing.tencentcloudapi.com"
#define INTL		"billing.intl.tencentcloudapi.com"
#define JSON		"application/json"

/* Computed by the official Node and Python clients with a fixed clock. */
typedef struct Vector
{
	const char *name;
	int64_t		timestamp;
	const char *host;
	const char *content_type;
	const char *body;
	const char *date;
	const char *signature;
} Vector;

static const Vector vectors[] = {
	{"V1", 1551113065, DOMESTIC, JSON,
		"{\"Month\":\"2023-04\",\"GroupType\":\"region\"}", "2019-02-25",
	"ce4700fec2e0203b592778b4aaab287be637197f4d4d45d698b9d4690794da66"},
	{"V2", 1704067199, DOMESTIC, JSON "; charset=utf-8",
		"{\"Month\":\"2023-05\",\"GroupType\":\"tag\","
		"\"TagKey\":[\"测试键\",\"部门分类\"]}",
		"2023-12-31",
	"08b986d73c3d262cd85b3942dd1247c21534d74619b823a84f2f60f5876ee706"},
	{"V2b", 1704067199, DOMESTIC, JSON,
		"{\"Month\":\"2023-05\",\"GroupType\":\"tag\","
		"\"TagKey\":[\"测试键\",\"部门分类\"]}",
		"2023-12-31",
	"45fa449a83b1be3b7542a3e02bbb11b474afa932c7a9a88ed4d70ca4f127f5df"},
	{"V3", 1704067199, DOMESTIC, JSON,
		"{\"Month\": \"2023-05\", \"GroupType\": \"tag\", \"TagKey\": "
		"[\"\\u6d4b\\u8bd5\\u952e\", \"\\u90e8\\u95e8\\u5206\\u7c7b\"]}",
		"2023-12-31",
	"a067482ee1041ecbdc67b3c3714a64ac7e782c25113111725a04b1e007bb909e"},
	{"V4", 1704067200, INTL, JSON,
		"{\"BeginTime\": \"2018-11\", \"EndTime\": \"2018-11\"}", "2024-01-01",
	"77f228b95cde8c56141439bbbded7193a1252c5be4443ba1d506fa5c9da8845f"},
	{"V5", 1704067200, DOMESTIC, JSON, "{}", "2024-01-01",
	"9ed9ffc74b67ccdb79d4430d588ff70d97cd24499a0e765e237fe0df2185a6e0"},
	{"V7", 1704067200, "127.0.0.1:8080", JSON,
		"{\"Month\": \"2023-04\", \"GroupType\": \"region\"}", "2024-01-01",
	"b0deb71440c6600dafe48a06c351054892a9eaf41bbc390a3d511b61fc5b5c69"},
	/* Signed without the port, by the other client. */
	{"V7n", 1704067200, "127.0.0.1", JSON,
		"{\"Month\": \"2023-04\", \"GroupType\": \"region\"}", "2024-01-01",
	"3e0849662b6991a73cf99aab1356528ef0c0f16511508673e082d8681f04eb9b"},
	/* All four HMAC results hold zero bytes. */
	{"V9", 1728518407, DOMESTIC, JSON,
		"{\"Month\":\"2023-04\",\"GroupType\":\"region\"}", "2024-10-10",
	"4f1354c80c3e9e756730845e264524ff034ca176654a406a4a77e16992fb00a7"}
};

static BfSignInput
input_of(const Vector *vector)
{
	BfSignInput input = {
		.secret_id = SECRET_ID,
		.secret_key = SECRET_KEY,
		.host = vector->host,
		.content_type = vector->content_type,
		.body = vector->body,
		.body_len = strlen(vector->body),
		.timestamp = vector->timestamp
	};

	return input;
}

static void
test_vectors(void **state)
{
	(void) state;
	for (size_t i = 0; i < lengthof(vectors); i++)
	{
		BfSignInput input = input_of(&vectors[i]);
		char		authorization[BF_SIGN_AUTHORIZATION_SIZE];
		char		expected[BF_SIGN_AUTHORIZATION_SIZE];

		snprintf(expected, sizeof(expected),
				 "TC3-HMAC-SHA256 Credential=" SECRET_ID
				 "/%s/billing/tc3_request, SignedHeaders=content-type;host, "
				 "Signature=%s", vectors[i].date, vectors[i].signature);
		assert_true(bf_sign_authorization(&input, authorization));
		if (strcmp(authorization, expected) != 0)
			fail_msg("%s: %s", vectors[i].name, authorization);
	}
}

/* The date is that of UTC, whatever the zone of this machine. */
static void
check_date(int64_t timestamp, const char *date)
{
	BfSignInput input = input_of(&vectors[0]);
	char		authorization[BF_SIGN_AUTHORIZATION_SIZE];
	char		expected[64];

	input.timestamp = timestamp;
	snprintf(expected, sizeof(expected), "/%s/billing/tc3_request, ", date);
	assert_true(bf_sign_authorization(&input, authorization));
	assert_non_null(strstr(authorization, expected));
}

static void
test_dates(void **state)
{
	(void) state;
	check_date(1704067199, "2023-12-31");	/* 23:59:59Z */
	check_date(1704067200, "2024-01-01");
	check_date(1709164800, "2024-02-29");
	check_date(1709251199, "2024-02-29");
	check_date(1709251200, "2024-03-01");
	check_date(0, "1970-01-01");
	check_date(INT64_C(4107542400), "2100-03-01");
	check_date(INT64_C(253402300799), "9999-12-31");
}

static void
check_refused(const BfSignInput *input)
{
	char		authorization[BF_SIGN_AUTHORIZATION_SIZE] = "before";

	assert_false(bf_sign_authorization(input, authorization));
	assert_string_equal(authorization, "");
}

static void
test_time_out_of_range(void **state)
{
	BfSignInput input = input_of(&vectors[0]);

	(void) state;
	input.timestamp = -1;
	check_refused(&input);
	input.timestamp = INT64_C(253402300800);
	check_refused(&input);
	input.timestamp = INT64_MAX;
	check_refused(&input);
	input.timestamp = INT64_MIN;
	check_refused(&input);
}

static void
test_longest_secrets(void **state)
{
	BfSignInput input = input_of(&vectors[0]);
	char		secret[BF_SIGN_SECRET_MAX + 2];
	char		authorization[BF_SIGN_AUTHORIZATION_SIZE];

	(void) state;
	memset(secret, 'a', sizeof(secret));
	secret[BF_SIGN_SECRET_MAX + 1] = '\0';
	input.secret_id = secret;
	check_refused(&input);
	input.secret_id = SECRET_ID;
	input.secret_key = secret;
	check_refused(&input);

	secret[BF_SIGN_SECRET_MAX] = '\0';
	input.secret_id = secret;
	assert_true(bf_sign_authorization(&input, authorization));
	assert_true(strlen(authorization) > BF_SIGN_SECRET_MAX + 64);
}

static void
test_long_header_values(void **state)
{
	BfSignInput input = input_of(&vectors[0]);
	char		value[2000];

	(void) state;
	memset(value, 'a', sizeof(value));
	value[sizeof(value) - 1] = '\0';
	input.host = value;
	check_refused(&input);
	input.host = DOMESTIC;
	input.content_type = value;
	check_refused(&input);
}

/* The body is bytes: its length counts, not a NUL in it. */
static void
test_body_is_bytes(void **state)
{
	static const char body[] = "{}\0{}";
	BfSignInput input = input_of(&vectors[5]);
	char		first[BF_SIGN_AUTHORIZATION_SIZE];
	char		second[BF_SIGN_AUTHORIZATION_SIZE];

	(void) state;
	input.body = body;
	assert_true(bf_sign_authorization(&input, first));
	assert_non_null(strstr(first, vectors[5].signature));
	input.body_len = sizeof(body) - 1;
	assert_true(bf_sign_authorization(&input, second));
	assert_string_not_equal(first, second);
	input.body = NULL;
	input.body_len = 0;
	assert_true(bf_sign_authorization(&input, second));
}

static void
test_wipe(void **state)
{
	char		secret[] = "secret";
	static const char zeroes[sizeof(secret)];

	(void) state;
	bf_sign_wipe(secret, sizeof(secret));
	assert_memory_equal(secret, zeroes, sizeof(secret));
	bf_sign_wipe(NULL, 10);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_time_out_of_range),
		cmocka_unit_test(test_longest_secrets),
		cmocka_unit_test(test_long_header_values),
		cmocka_unit_test(test_body_is_bytes),
		cmocka_unit_test(test_wipe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
