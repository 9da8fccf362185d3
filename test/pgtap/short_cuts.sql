-- Values of the usual types, and tags, take a short cut past the type's input function.
-- They must be the same, bit for bit, as what that function makes of the text:
-- called here on the text itself, and by the wrapper for a column whose type
-- is a domain, which has no short cut.

\ir common.psql

SELECT plan(29);

CREATE DOMAIN long_text AS text;
CREATE DOMAIN long_numeric AS numeric;
CREATE DOMAIN long_bigint AS bigint;
CREATE DOMAIN long_timestamp AS timestamp;

-- All read the same member of a row.
CREATE FOREIGN TABLE texts (month text OPTIONS (value '2023-04'),
    v text OPTIONS (field 'V'), short varchar OPTIONS (field 'V'), long long_text OPTIONS (field 'V'))
    SERVER api OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE amounts (month text OPTIONS (value '2023-04'),
    v text OPTIONS (field 'V'), short numeric OPTIONS (field 'V'), long long_numeric OPTIONS (field 'V'))
    SERVER api OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE integers (month text OPTIONS (value '2023-04'),
    v text OPTIONS (field 'V'), short bigint OPTIONS (field 'V'), long long_bigint OPTIONS (field 'V'))
    SERVER api OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE moments (month text OPTIONS (value '2023-04'),
    v text OPTIONS (field 'V'), short timestamp OPTIONS (field 'V'), long long_timestamp OPTIONS (field 'V'))
    SERVER api OPTIONS (table_name 'bill_summary_by_pay_mode');

-- Sends rows with these texts.
CREATE FUNCTION answers(list text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    body jsonb := jsonb_build_object('Response', jsonb_build_object('Ready', 1, 'RequestId', 'req-7', 'SummaryOverview',
                      (SELECT jsonb_agg(jsonb_build_object('V', v) ORDER BY n) FROM unnest(list) WITH ORDINALITY AS u(v, n))));
BEGIN
    PERFORM sim_answer(body::text);
END $$;

-- Texts whose value is not the same on all three ways; "send" shows its bytes.
CREATE FUNCTION different(tab text, type text, send text, list text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM answers(list);
    RETURN QUERY EXECUTE format(
        'SELECT format(''%%L: %%s, %%s'', v, short, long) FROM %1$I
          WHERE %3$s(short) IS DISTINCT FROM %3$s(v::%2$s) OR %3$s(long) IS DISTINCT FROM %3$s(v::%2$s)', tab, type, send);
    IF (SELECT array_agg(v) FROM texts) IS DISTINCT FROM list THEN
        RETURN NEXT 'some texts did not arrive';
    END IF;
END $$;

-- Does the short way refuse a text with the words of the long way?
CREATE FUNCTION refusals(tab text, value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    short text;
    long text;
BEGIN
    PERFORM answers(ARRAY[value]);
    short := error_of(format('SELECT short FROM %I', tab));
    long := error_of(format('SELECT long FROM %I', tab));
    RETURN CASE WHEN short = 'no error' THEN short WHEN short = replace(long, '"long"', '"short"') THEN 'same' ELSE short || ' / ' || long END;
END $$;

-- ---- chosen values

SELECT is_empty($$ SELECT different('texts', 'text', 'textsend', ARRAY['', '-', ' ', 'a', '中文', '🚀', E'"\\/\b\f\n\r\t\x01\x7f', repeat('x', 3000),
    repeat('华南', 1500), 'null', '0002-11-30', '1.50']) $$, 'texts');
SELECT is_empty($$ SELECT different('amounts', 'numeric', 'numeric_send', ARRAY['0', '-0', '+0', '0.0', '-0.00', '00', '000.000', '1', '-1', '+1', '007', '-007.10', '1.0',
    '1.10', '0.1', '0.01', '0.001', '0.0001', '0.00001', '0.00000000', '-0.00000001', '9999', '10000', '99999999', '100000000',
    '1234.5678', '12345.67891', '0.00010000', '10000.0001', '100000000.00000001',
    '999999999999999999', '-999999999999999999', '1000000000000000000', '9223372036854775807', '-9223372036854775808',
    '0.999999999999999999', '0.000000000000000001', '-0.00000000000000001', '0.0000000000000000001',
    '99999999999999999.9', '9.99999999999999999', '000000000000000000', '0000000000000000000', '000000000000000001.5',
    '12345678901234567890123456789012345678901234567890.12345678901', '0.' || repeat('0', 61) || '1', repeat('9', 64),
    '700000686592', '-9.19506013']) $$, 'amounts');
SELECT is_empty($$ SELECT different('integers', 'bigint', 'int8send', ARRAY['0', '-0', '+0', '00', '7', '-7', '+7', '007', '-007', '2147483648',
    '999999999999999999', '-999999999999999999', '1000000000000000000', '9223372036854775806', '9223372036854775807',
    '+9223372036854775807', '-9223372036854775807', '-9223372036854775808', '0009223372036854775807', repeat('0', 63) || '1']) $$, 'integers');
SELECT is_empty($$ SELECT different('moments', 'timestamp', 'timestamp_send', ARRAY['0001-01-01', '0001-01-01 00:00:00', '0002-11-29 23:59:59.999999',
    '0002-12-01', '0999-12-31', '1000-01-01 00:00:00', '1582-10-04', '1582-10-15', '1899-12-31 23:59:59', '1900-02-28', '1970-01-01 00:00:00',
    '1999-12-31 23:59:59.999999', '2000-01-01', '2000-01-01 00:00:00.000001', '2000-02-29', '2023-08-07 03:42:18', '2023-08-07T03:42:18',
    '2023-08-07 03:42:18.1', '2023-08-07 03:42:18.12', '2023-08-07 03:42:18.123', '2023-08-07 03:42:18.1234', '2023-08-07 03:42:18.12345',
    '2023-08-07 03:42:18.123456', '2023-08-07 03:42:18.000000', '2023-08-07 03:42:18.000001', '2023-08-07 23:59:59.999999', '2024-02-29 12:00:00',
    '2100-02-28', '9999-12-31 23:59:59.999999', '2023-04-30', '2023-01-31T00:00:00.5']) $$, 'moments');
SELECT is_empty($$ SELECT different('moments', 'timestamp', 'timestamp_send', (SELECT array_agg(to_char(day, 'YYYY-MM-DD HH24:MI:SS'))
    FROM generate_series('1999-12-25'::timestamp, '2005-01-05', interval '25 hours 7 seconds') AS day)) $$, 'every day of some years');

-- ---- random ones

SELECT setseed(0.42) AS ignored
\gset
CREATE FUNCTION random_digits(n int) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(string_agg(CASE WHEN random() < 0.3 THEN '0' WHEN random() < 0.2 THEN '9' ELSE floor(random() * 10)::text END, ''), '')
      FROM generate_series(1, n)
$$;
CREATE FUNCTION random_sign() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT (ARRAY['', '', '-', '-', '+'])[1 + floor(random() * 5)]
$$;
SELECT is_empty(format($$ SELECT different('amounts', 'numeric', 'numeric_send', (SELECT array_agg(random_sign() || random_digits(1 + (n + %s) %% 21) ||
        CASE WHEN n %% 4 > 0 THEN '.' || random_digits(1 + floor(random() * 20)::int) ELSE '' END) FROM generate_series(1, 1500) AS n)) $$, batch),
        'random amounts ' || batch) FROM generate_series(1, 4) AS batch;
SELECT is_empty($$ SELECT different('integers', 'bigint', 'int8send', (SELECT array_agg(random_sign() || random_digits(1 + n % 18))
        FROM generate_series(1, 2000) AS n)) $$, 'random integers');
SELECT is_empty($$ SELECT different('moments', 'timestamp', 'timestamp_send', (SELECT array_agg(
        to_char('0003-01-01'::timestamp + random() * (timestamp '9999-12-31' - '0003-01-01'), 'YYYY-MM-DD HH24:MI:SS' ||
                CASE n % 3 WHEN 0 THEN '.US' WHEN 1 THEN '.MS' ELSE '' END)) FROM generate_series(1, 1500) AS n)) $$, 'random moments');

-- ---- no value

SELECT answers(ARRAY['', '-', '0002-11-30', '0002-11-30 00:00:00', '0002-11-30T12:34:56.7']) AS ignored
\gset
SELECT results_eq('SELECT short IS NULL FROM moments', ARRAY[true, true, true, true, true], 'no moment');
SELECT results_eq('SELECT short IS NULL FROM amounts', ARRAY[true, true, true, true, true], 'no amount');
SELECT results_eq('SELECT short IS NULL FROM integers', ARRAY[true, true, true, true, true], 'no integer');

-- ---- refusals

SELECT is(refusals('integers', value), 'same', format('bigint: %L', value))
  FROM unnest(ARRAY['9223372036854775808', '-9223372036854775809', '1.5', '12.0', '0.0']) AS value;
SELECT is(refusals('amounts', value), 'same', format('numeric: %L', value)) FROM unnest(ARRAY['1.', '.5', repeat('9', 65)]) AS value;
SELECT is(refusals('moments', value), 'same', format('timestamp: %L', value)) FROM unnest(ARRAY['2023-02-29', '2023-08-07 24:00:00']) AS value;

-- ---- tags

CREATE DOMAIN long_jsonb AS jsonb;
CREATE FOREIGN TABLE tagged (month text OPTIONS (value '2023-04'), resource_id text,
    sent json OPTIONS (field 'Tags'), short jsonb OPTIONS (column_name 'tags'), long long_jsonb OPTIONS (column_name 'tags'))
    SERVER api OPTIONS (table_name 'bill_resource_summary_for_organization');

-- Sends a row for each of these arrays.
CREATE FUNCTION tag_answers(list text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    body text := format('{"Response":{"Total":%s,"RequestId":"req-7","ResourceSummarySet":[%s]}}', cardinality(list),
                        (SELECT string_agg(format('{"ResourceId":"%s","Tags":%s}', n, v), ',' ORDER BY n) FROM unnest(list) WITH ORDINALITY AS u(v, n)));
BEGIN
    PERFORM sim_answer(body);
END $$;

SELECT tag_answers(ARRAY['[]', 'null', '[{"TagKey":"b","TagValue":"1"},{"TagKey":"a","TagValue":"2"},{"TagKey":"aa","TagValue":""},{"TagKey":"","TagValue":"x"}]',
    '[{"TagKey":"n","TagValue":null},{"TagKey":"m"}]', '[{"TagKey":7,"TagValue":8},{"TagKey":"f","TagValue":1.50},{"TagKey":0.10,"TagValue":1e22}]',
    '[{"TagKey":"部门\u0041\n","TagValue":"\"研发\"\\\ud83d\ude80"}]', '[{"TagValue":"x","More":{},"TagKey":"a"}]',
    (SELECT '[' || string_agg(format('{"TagKey":"k%s","TagValue":"%s"}', n * 7919 % 500, repeat('v', n % 50)), ',') || ']' FROM generate_series(1, 500) AS n)]) AS ignored
\gset
SELECT is_empty('SELECT * FROM tagged WHERE short IS DISTINCT FROM long OR jsonb_send(short) IS DISTINCT FROM jsonb_send(long)', 'tags');
SELECT results_eq($$ SELECT short, short::text FROM tagged WHERE resource_id <> '8' $$, $$ SELECT v, v::text FROM unnest(ARRAY['{}', NULL,
    '{"": "x", "a": "2", "b": "1", "aa": ""}', '{"m": null, "n": null}', '{"7": "8", "f": "1.5", "0.1": "10000000000000000000000"}',
    '{"部门A\n": "\"研发\"\\🚀"}', '{"a": "x"}']::jsonb[]) AS v $$, 'and what they are');
SELECT is((SELECT count(*) FROM tagged, jsonb_each(short) WHERE resource_id || '' = '8'), 500::bigint, 'many tags');
SELECT tag_answers(ARRAY['[{"TagKey":"a","TagValue":"1"},{"TagKey":"b"},{"TagKey":"a","TagValue":"1"}]']) AS ignored
\gset
SELECT is(error_of('SELECT short FROM tagged'), replace(error_of('SELECT long FROM tagged'), '"long"', '"short"'), 'a key twice');
SELECT matches(error_of('SELECT short FROM tagged'), 'could not read column "short" of foreign table "tagged": tag key "a" occurs more than once', 'is refused');

SELECT * FROM finish();
