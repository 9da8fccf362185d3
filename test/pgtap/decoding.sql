-- From the bytes of an answer to the values of a column: what is read, as
-- what, and what is refused.
--
-- The simulator sends answers that the test writes byte by byte.  A refusal is
-- HV00M, or the error of the column's own type where the text is a possible
-- answer that only this type cannot hold; both name the foreign table, the
-- column, the action and the RequestId.

\ir common.psql

SELECT plan(938);

SET TimeZone = 'America/Los_Angeles';   -- must not matter

-- An answer of DescribeBillSummaryByPayMode with these rows.
CREATE FUNCTION rows_answer(rows text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format('{"Response":{"Ready":1,"SummaryOverview":%s,"RequestId":"req-7"}}', rows)
$$;

-- The types to read into.
CREATE DOMAIN positive AS numeric CHECK (VALUE > 0);
CREATE DOMAIN given AS text NOT NULL;
CREATE DOMAIN given_amount AS numeric(12,2) NOT NULL;
CREATE TYPE mood AS ENUM ('sad', 'glad');

-- What is read into which types.  All cases are members of one row, each
-- column reads one of them: only the columns of a query are decoded, so one
-- that is refused does not disturb the others.
CREATE TABLE datum (
    n serial,
    types text[],
    member text,                -- JSON; NULL = there is no member
    value text,                 -- as text; NULL = NULL
    message text,               -- of the refusal, a regular expression; NULL = none
    state text);                -- of a refusal by the type; NULL = by the grammar

-- ---- values: of each type, from each kind of JSON

INSERT INTO datum (types, member, value) VALUES
    -- no value: a missing member and null
    ('{text,varchar,varchar(5),char(3),name,numeric,"numeric(12,2)",bigint,int,smallint,float8,float4,timestamp,timestamptz,date,jsonb,json,boolean,mood,text[],uuid,positive}',
     NULL, NULL),
    ('{text,varchar,varchar(5),char(3),name,numeric,"numeric(12,2)",bigint,int,smallint,float8,float4,timestamp,timestamptz,date,jsonb,json,boolean,mood,text[],uuid,positive}',
     'null', NULL),
    -- "", "-": a value in text, none elsewhere
    ('{text,varchar,varchar(5),name,given}', '""', ''),
    ('{text,varchar,varchar(5),name,given}', '"-"', '-'),
    ('{numeric,"numeric(12,2)",bigint,int,smallint,float8,float4,timestamp,timestamptz,date,jsonb,json,boolean,mood,text[],uuid,positive}',
     '""', NULL),
    ('{numeric,"numeric(12,2)",bigint,int,smallint,float8,float4,timestamp,timestamptz,date,jsonb,json,boolean,mood,text[],uuid,positive}',
     '"-"', NULL),
    -- the placeholder date
    ('{text,varchar,given}', '"0002-11-30 00:00:00"', '0002-11-30 00:00:00'),
    ('{timestamp,timestamptz,date,numeric}', '"0002-11-30 00:00:00"', NULL),
    ('{timestamp,timestamptz,date}', '"0002-11-30"', NULL),
    ('{timestamp}', '"0002-11-29 00:00:00"', '0002-11-29 00:00:00'),

    -- text: strings as sent, anything else as its JSON text
    ('{text,varchar,name,given}', '"华南地区（广州）"', '华南地区（广州）'),
    ('{text,varchar,name,given}', '"  both ends "', '  both ends '),
    ('{text,varchar,given}', '"\ttab\nline\\ \"q\" \/ \u00e9 \ud83d\ude80"', E'\ttab\nline\\ "q" / é 🚀'),
    ('{text}', '"\u0001\u007f"', E'\u0001\u007f'),
    ('{text,varchar,given}', '"0.00000000"', '0.00000000'),
    ('{text,varchar(5),name,given}', '12.50', '12.5'),
    ('{text,varchar(5),name,given}', 'true', 'true'),
    ('{text,varchar(5),name,given}', 'false', 'false'),
    ('{text,given}', '{"a": [1, "x", null]}', '{"a":[1,"x",null]}'),
    ('{text,given}', '[]', '[]'),
    ('{varchar(5)}', '"12345"', '12345'),
    ('{varchar(5)}', '"云云云云云"', '云云云云云'),
    ('{char(3)}', '"a"', 'a'),
    ('{char(3)}', '"云云云"', '云云云'),

    -- amounts from strings keep every digit
    ('{numeric}', '"0.00000000"', '0.00000000'),
    ('{numeric}', '"35.5"', '35.5'),
    ('{numeric}', '"-43.67"', '-43.67'),
    ('{numeric}', '"+1.50"', '1.50'),
    ('{numeric}', '"007.10"', '7.10'),
    ('{numeric}', '"9007199254740993"', '9007199254740993'),
    ('{numeric}', '"0.1234567890123456789012345678901234567890"', '0.1234567890123456789012345678901234567890'),
    ('{numeric}', '"1000000000000000000000000000000000000000000000000000000000000001"',   -- 64 characters
     '1000000000000000000000000000000000000000000000000000000000000001'),
    ('{numeric}', '"-99999999999999999999999999999999999.999999999999999999999999999"',   -- with sign and point
     '-99999999999999999999999999999999999.999999999999999999999999999'),
    -- from numbers: the shortest text of the same double
    ('{numeric,text}', '0.1', '0.1'),
    ('{numeric,text}', '0.10', '0.1'),
    ('{numeric,text}', '1e-7', '0.0000001'),
    ('{numeric,text}', '1E+2', '100'),
    ('{numeric,text}', '1e22', '10000000000000000000000'),
    ('{numeric,text}', '1e23', '100000000000000000000000'),
    ('{numeric,text}', '123456789.12345678', '123456789.12345678'),
    ('{numeric,text}', '-0', '0'),
    ('{numeric,text}', '-0.0', '0'),
    ('{numeric,text}', '9007199254740992', '9007199254740992'),
    ('{numeric,text}', '9007199254740993', '9007199254740992'),     -- 2^53 + 1 is no double
    ('{numeric,text}', '0.30000000000000004', '0.30000000000000004'),
    ('{numeric,text}', '2.2250738585072015e-8', '0.000000022250738585072015'),
    ('{numeric,text}', '700000686592', '700000686592'),
    -- a declared scale rounds
    ('{"numeric(12,2)",given_amount}', '"0.005"', '0.01'),
    ('{"numeric(12,2)",given_amount}', '"-1.994999"', '-1.99'),
    ('{"numeric(12,2)",given_amount}', '7', '7.00'),
    ('{"numeric(12,2)"}', '"9999999999.99"', '9999999999.99'),
    ('{float8}', '"0.1"', '0.1'),
    ('{float8}', '1e22', '1e+22'),
    ('{float8,float4}', '"-2.5"', '-2.5'),
    ('{positive}', '"0.01"', '0.01'),
    -- integers
    ('{bigint,int,smallint}', '16', '16'),
    ('{bigint,int,smallint}', '"16"', '16'),
    ('{bigint,int,smallint}', '"-1"', '-1'),
    ('{bigint,int,smallint}', '"+1"', '1'),
    ('{bigint,int,smallint}', '12.0', '12'),
    ('{bigint}', '700000686592', '700000686592'),
    ('{bigint}', '"9223372036854775807"', '9223372036854775807'),
    ('{bigint}', '"-9223372036854775808"', '-9223372036854775808'),

    -- times are those of Beijing's clocks
    ('{timestamp}', '"2023-08-07 03:42:18"', '2023-08-07 03:42:18'),
    ('{timestamp}', '"2023-08-07T03:42:18"', '2023-08-07 03:42:18'),
    ('{timestamp}', '"2023-08-07 03:42:18.123456"', '2023-08-07 03:42:18.123456'),
    ('{timestamp}', '"2023-08-07"', '2023-08-07 00:00:00'),
    ('{timestamp}', '"2023-08"', '2023-08-01 00:00:00'),
    ('{timestamp}', '"2024-02-29 23:59:59"', '2024-02-29 23:59:59'),
    ('{date}', '"2023-08-07"', '2023-08-07'),
    ('{date}', '"2023-08-07 23:59:59"', '2023-08-07'),
    ('{date}', '"2023-08"', '2023-08-01'),
    ('{timestamptz}', '"2023-08-07 03:42:18"', '2023-08-06 12:42:18-07'),
    ('{timestamptz}', '"2023-08-07"', '2023-08-06 09:00:00-07'),
    ('{timestamptz}', '"2023-12-01 00:00:00"', '2023-11-30 08:00:00-08'),

    -- JSON of any kind
    ('{jsonb,json}', '"x"', '"x"'),
    ('{jsonb,json}', '" "', '" "'),
    ('{jsonb,json}', '"--"', '"--"'),
    ('{jsonb,json}', '"\"\""', '"\"\""'),
    ('{jsonb,json}', 'true', 'true'),
    ('{jsonb,json}', '35.5', '35.5'),
    ('{jsonb,json}', '1e22', '10000000000000000000000'),
    ('{jsonb,json}', '0.1', '0.1'),
    ('{jsonb,json}', '[]', '[]'),
    ('{jsonb,json}', '{}', '{}'),
    ('{jsonb}', '[{"b": null, "a": ["-", "", 0.30000000000000004]}]', '[{"a": ["-", "", 0.30000000000000004], "b": null}]'),
    ('{json}', '[{"b": null, "a": ["-", "", 0.30000000000000004]}]', '[{"b":null,"a":["-","",0.30000000000000004]}]'),

    -- types that the API does not have
    ('{boolean}', 'true', 'true'),
    ('{boolean}', 'false', 'false'),
    ('{boolean}', '"true"', 'true'),
    ('{boolean}', '1', 'true'),
    ('{boolean}', '"0"', 'false'),
    ('{mood}', '"glad"', 'glad'),
    ('{text[]}', '"{a,b}"', '{a,b}'),
    ('{uuid}', '"a93087e2-c03a-4058-b09b-0ecc8dd493cb"', 'a93087e2-c03a-4058-b09b-0ecc8dd493cb');

-- ---- refusals

-- by the grammar of amounts and dates, before the type sees them
INSERT INTO datum (types, member, message) VALUES
    ('{boolean}', '"maybe"', '"maybe" is neither true nor false');
INSERT INTO datum (types, member, message)
SELECT types, to_json(value)::text, format('"%s" is no %s', regexp_replace(value, '[.+$\\(){}\[\]]', '\\\&', 'g'), what)
  FROM (VALUES
    ('{numeric,"numeric(12,2)",bigint,float8,positive}'::text[], 'number',
     ARRAY['NaN', 'nan', 'Infinity', 'infinity', '-infinity', '+Inf', 'inf', '1e5', '1E5', '1e', '0x10', '0b1', '0o7', '1_000', '1 000',
           '1,000', '1,5', ' 1', '1 ', '1.', '.5', '+', '--1', '+-1', '-.', '1.2.3', '１２', '٣', '−1', '¥1', '$1', '1%', '#', 'null',
           'now', 'ab0.00000000c', '0.00000000c', '2023-04', repeat('9', 65), '0.' || repeat('1', 63)]),
    ('{timestamp,timestamptz,date}', 'date or time',
     ARRAY['now', 'today', 'tomorrow', 'yesterday', 'epoch', 'infinity', '-infinity', 'allballs', 'NaN', '0', '1', '2023', '20230807',
           '2023-8-7', '23-08-07', '07/08/2023', '2023/08/07', '2023-02-29', '2023-00-01', '2023-13-01', '2023-04-31', '0000-01-01',
           '2023-13', '2023-08-07 24:00:00', '2023-08-07 03:60:00', '2023-08-07 03:42:60', '2023-08-07 03:42',
           '2023-08-07 03:42:18.', '2023-08-07 03:42:18.1234567', '2023-08-07 03:42:18+08', '2023-08-07T03:42:18Z',
           '2023-08-07 03:42:18 PM', '2023-08-07 03:42:18 BC', '2023-08-07 03:42:18 Asia/Tokyo', ' 2023-08-07', '2023-08-07 ',
           '2023-08-07  03:42:18', '２０２３-08-07', 'J2460164', '-  ', '0002-11-30 00:00:00x'])) AS v(types, what, list),
       unnest(list) AS value;
INSERT INTO datum (types, member, message) VALUES
    ('{numeric,bigint,float8}', 'true', '"true" is no number'),
    ('{numeric,bigint,float8}', '[]', '"\[\]" is no number'),
    ('{numeric,bigint,float8}', '{"a": 1}', '"\{"a":1\}" is no number'),
    ('{timestamp,timestamptz,date}', '1691379738', '"1691379738" is no date or time'),
    ('{timestamp,timestamptz,date}', 'true', '"true" is no date or time'),
    ('{timestamp,timestamptz,date}', '["2023-08-07"]', '"\["2023-08-07"\]" is no date or time'),
    -- numbers whose plain text would be longer than 64 characters
    ('{numeric,text,bigint}', '1e64', 'number out of range'),
    ('{numeric,text,bigint}', '5e-324', 'number out of range'),
    -- control characters do not get into messages
    ('{numeric}', '"1\u0007\u001b[31m2"', '"1\\x07\\x1b\[31m2" is no number');
-- by the type: possible answers that it cannot hold
INSERT INTO datum (types, member, state, message) VALUES
    ('{varchar(5)}', '"123456"', '22001', 'value too long for type character varying\(5\)'),
    ('{char(3)}', '"1234"', '22001', 'value too long for type character\(3\)'),
    ('{"numeric(12,2)"}', '"10000000000"', '22003', 'numeric field overflow'),
    ('{float4}', '"1000000000000000000000000000000000000000"', '22003', '.* is out of range for type real'),
    ('{bigint,int,smallint}', '"35.5"', '22P02', 'invalid input syntax for type (bigint|integer|smallint): "35.5"'),
    ('{bigint}', '"9223372036854775808"', '22003', '.* is out of range for type bigint'),
    ('{int}', '700000686592', '22003', '.* is out of range for type integer'),
    ('{smallint}', '"32768"', '22003', '.* is out of range for type smallint'),
    ('{mood}', '"Glad"', '22P02', 'invalid input value for enum mood: "Glad"'),
    ('{text[]}', '["a", "b"]', '22P02', 'malformed array literal: .*'),
    ('{uuid}', '"ins-1"', '22P02', 'invalid input syntax for type uuid: "ins-1"'),
    ('{positive}', '"0.00"', '23514', 'value for domain positive violates check constraint "positive_check"'),
    ('{given}', 'null', '23502', 'domain given does not allow null values'),
    ('{given}', NULL, '23502', 'domain given does not allow null values'),
    ('{given_amount}', '"-"', '23502', 'domain given_amount does not allow null values'),
    ('{given_amount}', 'null', '23502', 'domain given_amount does not allow null values');

-- ---- reading them

SELECT sim_start() AS ignored
\gset
SELECT sim_answer(rows_answer(format('[{%s}]', string_agg(format('"V%s":%s', n, member), ',')))) AS ignored
  FROM datum WHERE member IS NOT NULL
\gset

CREATE SCHEMA one;
DO $$
DECLARE
    command text;
BEGIN
    FOR command IN
        SELECT format('CREATE FOREIGN TABLE one.%I (month text OPTIONS (value ''2023-04''), %s)
                       SERVER api OPTIONS (table_name ''bill_summary_by_pay_mode'')',
                      type, string_agg(format('v%s %s OPTIONS (field ''V%s'')', n, type, n), ', '))
          FROM datum, unnest(types) AS type GROUP BY type
    LOOP
        EXECUTE command;
    END LOOP;
END $$;

-- The value as text, or the error.
CREATE FUNCTION read(type text, n int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    -- a cast of char(n) to text takes the padding off, which is not ours
    query text := format('SELECT v%s::text FROM one.%I', n, type);
    result text;
BEGIN
    EXECUTE query INTO STRICT result;
    RETURN result;
EXCEPTION WHEN OTHERS THEN
    RETURN error_of(query);
END $$;

CREATE FUNCTION check_datum(d datum, type text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    name text := format('%s of %s', type, coalesce(d.member, 'a missing member'));
BEGIN
    IF d.message IS NULL THEN
        RETURN is(read(type, d.n), d.value, name);
    END IF;
    RETURN matches(read(type, d.n), format(
        CASE WHEN d.state IS NULL THEN '^HV00M: could not read column "v%1$s" of foreign table "%2$s": %3$s \|'
             ELSE '^%4$s: %3$s \|' END
        || '.*column "v%1$s" of foreign table "%2$s", action DescribeBillSummaryByPayMode, RequestId req-7',
        d.n, regexp_replace(type, '[()\[\]]', '\\\&', 'g'), d.message, d.state), name || ' is refused');
END $$;

SELECT check_datum(d, type) FROM datum d, unnest(types) AS type ORDER BY n, type;

-- The same in whatever zone and style of dates.
SELECT n AS moment FROM datum WHERE member = '"2023-08-07 03:42:18"' AND types = '{timestamp}'
\gset
SELECT n AS moment_tz FROM datum WHERE member = '"2023-08-07 03:42:18"' AND types = '{timestamptz}'
\gset
SELECT n AS day FROM datum WHERE member = '"2023-08-07"' AND types = '{date}'
\gset
SET TimeZone = 'Pacific/Auckland';
SELECT is(read('timestamp', :moment), '2023-08-07 03:42:18', 'a timestamp does not depend on the zone');
SELECT is(read('timestamptz', :moment_tz), '2023-08-07 07:42:18+12', 'a timestamptz is the same moment');
SET DateStyle = 'SQL, DMY';
SELECT is(read('date', :day), '07/08/2023', 'the order of day and month in the answer is fixed');
RESET DateStyle;
RESET TimeZone;

-- ---- the answer as a whole

-- What a query over the table finds when this is the answer: the number of
-- rows, or the error.  Bytes are given in hex: they need not be text.  Of
-- members that no query reads, only the bytes are checked.
CREATE FUNCTION rows_of_bytes(tab name, bytes text, counted text DEFAULT '*') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    query text := format('SELECT count(%s) FROM bill.%I WHERE month = ''2023-04''%s', counted, tab,
                         CASE WHEN tab IN ('bill_summary', 'bill_summary_business') THEN ' AND group_type = ''region''' ELSE '' END);
    result text;
BEGIN
    PERFORM simctl('config', jsonb_build_object('faults', jsonb_build_array(jsonb_build_object('raw_hex', bytes)))::text);
    EXECUTE query INTO STRICT result;
    RETURN result;
EXCEPTION WHEN OTHERS THEN
    RETURN error_of(query);
END $$;

CREATE FUNCTION hex(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(convert_to(value, 'UTF8'), 'hex')
$$;

CREATE FUNCTION rows_of(tab name, body text, counted text DEFAULT '*') RETURNS text LANGUAGE sql AS $$
    SELECT rows_of_bytes(tab, hex(body), counted)
$$;

CREATE FUNCTION no_answer(tab name, problem text, request_id text) RETURNS text LANGUAGE sql AS $$
    SELECT format('^HV00M: could not read the .* for foreign table "%s": %s \| Action %s, %s\. \|', tab, problem,
                  action_of(tab), CASE WHEN request_id = '' THEN 'no RequestId' ELSE 'RequestId ' || request_id END)
$$;

-- "?" in a body stands for what varies.
CREATE TABLE shape (
    n serial,
    tab name,
    body text,
    inside text[],
    found text,                 -- number of rows
    problem text,               -- or why there are none
    counted text DEFAULT '*',   -- the column that is read
    request_id text DEFAULT 'req-7');
INSERT INTO shape (tab, body, inside, found) VALUES
    -- no rows, some rows, the spellings of ready
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,"SummaryOverview":?,"RequestId":"req-7"}}', '{"null",[]}', '0'),
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,?"RequestId":"req-7"}}', '{""}', '0'),
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":?,"SummaryOverview":[{}],"RequestId":"req-7"}}', '{1,1.0,"\"1\""}', '1'),
    ('bill_summary_by_pay_mode', '?', ARRAY[E' \t\r\n{ "Response" : { "RequestId" : "r" , "Ready" : 1 , "SummaryOverview" : [ { } , { } ] } } \t\r\n'], '2'),
    ('bill_summary_by_pay_mode_detail', '{"Response":{"RequestId":"r","Ready":1,"SummaryOverview":[{"Detail":?},{"Detail":[{},{}]}]}}',
     '{"null",[]}', '2'),
    ('bill_summary_by_pay_mode_detail', '{"Response":{"RequestId":"r","Ready":1,"SummaryOverview":[{"New":?}]}}', '{1}', '0'),
    -- members that nobody knows
    ('bill_summary_by_pay_mode', '{"Response":{"RequestId":"r","Ready":1,"SummaryOverview":[{"New":?}],"New":{"a":[1]}},"New":[]}',
     ARRAY['1', '"x"', 'null', '[]', '{"a": {"b": [[], {}]}}'], '1'),
    ('bill_summary_by_pay_mode', '{"Response":{"RequestId":"r","Ready":1,"Error":?,"SummaryOverview":[{}]}}', '{"null"}', '1'),
    -- nested as deep as allowed
    ('bill_summary_by_pay_mode', '{"Response":{"RequestId":"r","Ready":1,"SummaryOverview":[{}],"New":?}}',
     ARRAY[repeat('[', 30) || repeat(']', 30), repeat('{"a":', 30) || '1' || repeat('}', 30)], '1'),
    -- a total of either kind
    ('bill_resource_summary_for_organization', '{"Response":{"RequestId":"r","ResourceSummarySet":[{},{}],"Total":?}}', '{2,"\"2\"",2.0}', '2');
INSERT INTO shape (tab, body, inside, problem) VALUES
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,"SummaryOverview":[{}],"New":?,"RequestId":"req-7"}}',
     ARRAY[repeat('[', 31) || repeat(']', 31), repeat('{"a":', 31) || '1' || repeat('}', 31)], 'nested deeper than 32 levels'),
    ('bill_summary_by_pay_mode', '{"Response":{?"SummaryOverview":[{}],"RequestId":"req-7"}}',
     ARRAY['', '"ready":1,', '"Ready":null,', '"Ready":2,', '"Ready":-1,', '"Ready":0.5,', '"Ready":true,', '"Ready":"yes",',
           '"Ready":"",', '"Ready":[1],'], 'no usable member Ready'),
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,"SummaryOverview":?,"RequestId":"req-7"}}',
     ARRAY['{}', '{"0":{}}', '"x"', '""', '1', 'true', 'false'], 'member "SummaryOverview" is no array'),
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,"SummaryOverview":[{},?],"RequestId":"req-7"}}',
     ARRAY['null', '[]', '"x"', '1', 'true'], 'an element of "SummaryOverview" is no object'),
    ('bill_summary_business', '{"Response":{"Ready":1,"SummaryDetail":[{"Business":[{}]},{"Business":?}],"RequestId":"req-7"}}',
     ARRAY['{}', '"x"', '""', '0', 'false'], 'member "Business" is no array'),
    ('bill_summary_business', '{"Response":{"Ready":1,"SummaryDetail":[{"Business":[{},?]}],"RequestId":"req-7"}}',
     ARRAY['null', '[]', '"x"', '1'], 'an element of "Business" is no object'),
    ('bill_summary_by_pay_mode_detail', '{"Response":{"Ready":1,"SummaryOverview":[{"Detail":?}],"RequestId":"req-7"}}',
     ARRAY['{}', '"[]"', '1'], 'member "Detail" is no array'),
    ('bill_resource_summary_for_organization', '{"Response":{"ResourceSummarySet":?,"Total":0,"RequestId":"req-7"}}',
     ARRAY['{}', '"x"', '1'], 'member "ResourceSummarySet" is no array'),
    ('bill_resource_summary_for_organization', '{"Response":{"ResourceSummarySet":[{}],"Total":?,"RequestId":"req-7"}}',
     ARRAY['-1', '1.5', '"x"', '""', '"-1"', '" 1"', '1e300', 'true', '[]', '{}'], 'no usable member "Total"'),
    ('bill_summary_by_pay_mode', '{"Response":{"Error":?,"Ready":1,"SummaryOverview":[{}],"RequestId":"req-7"}}',
     ARRAY['{}', '{"Code":""}', '{"Code":null}', '{"Code":1}', '{"Message":"x"}', '"x"', '[]'], 'an error without a usable Code'),
    -- one name twice, however it is spelt, wherever
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,"SummaryOverview":[{}],"RequestId":"req-7",?}}',
     ARRAY['"Ready":1', '"R\u0065ady":1'], 'duplicate member "Ready"');
INSERT INTO shape (tab, body, inside, problem, counted) VALUES
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,"SummaryOverview":[{"PayMode":"prePay"},?],"RequestId":"req-7"}}',
     ARRAY['{"PayMode":"prePay","PayMode":"prePay"}', '{"PayMode":"prePay","PayMod\u0065":"postPay"}',
           '{"PayMode":null,"RealTotalCost":"1","PayMode":null}'],
     'duplicate member "PayMode"', 'pay_mode'),
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,"SummaryOverview":[{"Detail":[{"PayMode":1,"a":2,"PayMode":1}]},?],"RequestId":"req-7"}}',
     '{"{}"}', 'duplicate member "PayMode"', 'detail'),
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,"SummaryOverview":[{"TotalCost":?}],"RequestId":"req-7"}}',
     ARRAY['1e999', '-1e999'], 'a number is out of range', 'total_cost');
INSERT INTO shape (tab, body, inside, problem, request_id) VALUES
    ('bill_summary_by_pay_mode', '?',
     ARRAY['null', '1', '"x"', '[]', '{}', '[{"Response":{"Ready":1}}]', '{"response":{"Ready":1,"SummaryOverview":[{}]}}',
           '{"Response":null}', '{"Response":[]}', '{"Response":"x"}'], 'no object Response', ''),
    ('bill_summary_by_pay_mode', '?', '{""}', 'the answer is empty', ''),
    ('bill_summary_by_pay_mode', '?', ARRAY['x', ' ', '<html><body>502 Bad Gateway</body></html>'],
     'the answer is no valid JSON', ''),
    -- what is no JSON, although some parsers take it
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,"SummaryOverview":[{"TotalCost":?}],"RequestId":"req-7"}}',
     ARRAY['01', '-', '+1', '1.', '.5', '1e', '1e+', '0x10', 'NaN', 'Infinity', '-Infinity', 'nul', 'True', 'None', 'undefined', '''1''',
           '"1"2', '"1" "2"', '"a\x41"', '"\u12G4"', '"\u12"', '"\q"', '1,', '1/**/', '[1,]', '[,1]', '[1 2]', '{"a"}', '{"a":}', '{a:1}',
           '{"a":1,}', '{1:1}', '[1}', '(1)'], 'the answer is no valid JSON', 'req-7'),
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,"SummaryOverview":[{"TotalCost":"1"}],"RequestId":"req-7"}}?',
     ARRAY['x', '}', ',', '{}', 'null', '""', ' {"Response":{"Ready":1}}', '//'], 'the answer is no valid JSON', 'req-7'),
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,"SummaryOverview":[{"TotalCost":?}],"RequestId":"req-7"}}',
     ARRAY[repeat('1', 64), '0.' || repeat('1', 62)], 'a number is longer than 63 characters', 'req-7'),
    -- characters that JSON, or a text of PostgreSQL, cannot have
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,"SummaryOverview":[{?}],"RequestId":"req-7"}}',
     ARRAY['"PayModeName":"a\u0000b"', '"PayMode\u0000":"a"', '"New":["\u0000"]', '"TotalCost":"1\u00002"'], 'text holds a NUL character',
     'req-7'),
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,"SummaryOverview":[{"PayModeName":"?"}],"RequestId":"req-7"}}',
     ARRAY[E'a\nb', E'a\tb', E'\x01', E'\x1f'], 'text holds an unescaped control character', 'req-7'),
    ('bill_summary_by_pay_mode', '{"Response":{"Ready":1,"SummaryOverview":[{"PayModeName":"?"}],"RequestId":"req-7"}}',
     ARRAY['\ud83d', '\ude80', '\ud83dx', '\ud83d\n', '\ud83d\ud83d', '\ud83d\u0041', '\ude80\ud83d'],
     'text holds one half of a surrogate pair', 'req-7');

CREATE FUNCTION check_shape(s shape) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    piece text;
    name text;
BEGIN
    FOREACH piece IN ARRAY s.inside LOOP
        name := format('%s: %s with %s', s.tab, s.body, left(to_json(piece)::text, 60));
        IF s.problem IS NULL THEN
            RETURN NEXT is(rows_of(s.tab, replace(s.body, '?', piece)), s.found, name);
        ELSE
            RETURN NEXT matches(rows_of(s.tab, replace(s.body, '?', piece), s.counted), no_answer(s.tab, s.problem, s.request_id), name);
        END IF;
    END LOOP;
END $$;
SELECT check_shape(s) FROM shape s ORDER BY n;

-- Bytes that are no UTF-8, and NUL, in a value, a name, a member nobody reads.
SELECT matches(rows_of_bytes('bill_summary_by_pay_mode',
                             hex('{"Response":{"Ready":1,"SummaryOverview":[{' || before) || bytes ||
                             hex(after || '}],"RequestId":"req-7"}}')),
               no_answer('bill_summary_by_pay_mode', problem, 'req-7'), format('bytes %s after %s', bytes, before))
  FROM (VALUES ('"PayModeName":"a', 'b"'), ('"a', 'b":1'), ('"New":{"x":["', '"]}')) AS p(before, after),
       (VALUES ('80', 'text is not valid UTF-8'), ('c0af', 'text is not valid UTF-8'), ('c1bf', 'text is not valid UTF-8'),
               ('e4ba', 'text is not valid UTF-8'), ('e08080', 'text is not valid UTF-8'), ('eda080', 'text is not valid UTF-8'),
               ('f0808080', 'text is not valid UTF-8'), ('f4908080', 'text is not valid UTF-8'),
               ('f8888080', 'text is not valid UTF-8'), ('ff', 'text is not valid UTF-8'), ('b9e3d6dd', 'text is not valid UTF-8'),
               ('00', 'text holds a NUL character')) AS b(bytes, problem);
-- And around the answer.
SELECT matches(rows_of_bytes('bill_summary_by_pay_mode', before || hex('{"Response":{"Ready":1}}') || after),
               no_answer('bill_summary_by_pay_mode', 'the answer is no valid JSON', ''), name)
  FROM (VALUES ('', '00', 'a NUL at the end'), ('00', '', 'a NUL at the start'), ('', 'ff', 'a byte at the end'),
               ('efbbbf', '', 'a byte order mark')) AS v(before, after, name);

-- Cut anywhere, it is no answer.
SELECT is(count(*) FILTER (WHERE rows_of('bill_summary_by_pay_mode', left(body, n)) LIKE 'HV00M: could not read the bill summary by billing mode %'),
          (length(body) - 1)::bigint, 'every beginning of an answer is refused')
  FROM (SELECT '{"Response":{"Ready":1,"SummaryOverview":[{"PayMode":"a\n"}]}}' AS body) AS b, generate_series(1, length(body) - 1) AS n
 GROUP BY body;

-- ---- tags

CREATE FUNCTION resource_answer(member text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT '{"Response":{"ResourceSummarySet":[{"ResourceId":"i"' || member || '}],"Total":1,"RequestId":"req-7"}}'
$$;

-- A member, the object that it becomes, and the value of key k.
CREATE TABLE tag_form (n serial, member text, tags text, k text, problem text);
INSERT INTO tag_form (member, tags, k) VALUES
    ('', NULL, ''),
    (',"Tags":null', NULL, ''),
    (',"Tags":[]', '{}', ''),
    (',"Tags":[{"TagKey":"k","TagValue":"v"}]', '{"k": "v"}', 'v'),
    (',"Tags":[{"TagKey":"部门","TagValue":" 支付 "},{"TagValue":"x","TagKey":"k"}]', '{"k": "x", "部门": " 支付 "}', 'x'),
    (',"Tags":[{"TagKey":"K","TagValue":"v"}]', '{"K": "v"}', ''),
    (',"Tags":[{"TagKey":"k","TagValue":""}]', '{"k": ""}', ''),
    (',"Tags":[{"TagKey":"k","TagValue":"-"}]', '{"k": "-"}', '-'),
    (',"Tags":[{"TagKey":"k","TagValue":null}]', '{"k": null}', ''),
    (',"Tags":[{"TagKey":"k"}]', '{"k": null}', ''),
    (',"Tags":[{"TagKey":"","TagValue":"v"}]', '{"": "v"}', ''),
    (',"Tags":[{"TagKey":5,"TagValue":0.10}]', '{"5": "0.1"}', ''),
    (',"Tags":[{"TagKey":"k","TagValue":7,"New":[1]}]', '{"k": "7"}', '7'),
    (',"Tags":[{"TagKey":"\"q\\","TagValue":"{}"}]', '{"\"q\\": "{}"}', ''),
    -- as text, which the API sends of consumption
    (',"Tags":""', '{}', ''),
    (',"Tags":"{}"', '{}', ''),
    (',"Tags":"{\"k\": \"v\", \"x\": \"\"}"', '{"k": "v", "x": ""}', 'v');
INSERT INTO tag_form (member, problem)
SELECT ',"Tags":' || form, 'not the JSON text of an object of keys and texts'
  FROM unnest(ARRAY['"x"', '"-"', '"[]"', '"{\"k\": 1}"', '"{\"k\": {}}"', '"{\"k\": \"v\"} x"']) AS form;
INSERT INTO tag_form (member, problem) VALUES
    (',"Tags":"{\"k\": \"v\", \"k\": \"v\"}"', 'tag key "k" occurs more than once');
INSERT INTO tag_form (member, problem) VALUES
    (',"Tags":[{"TagKey":"k","TagValue":"v"},{"TagKey":"k","TagValue":"v"}]', 'tag key "k" occurs more than once'),
    (',"Tags":[{"TagKey":"a"},{"TagKey":"k","TagValue":"1"},{"TagKey":"b"},{"TagKey":"\u006b","TagValue":"2"}]',
     'tag key "k" occurs more than once');
INSERT INTO tag_form (member, problem)
SELECT ',"Tags":' || form, 'not an array of objects with TagKey and TagValue'
  FROM unnest(ARRAY['{}', '{"k":"v"}', '1', 'true', '[1]', '[null]', '["k"]', '[[]]', '[{}]', '[{"TagValue":"v"}]',
                    '[{"TagKey":null,"TagValue":"v"}]', '[{"TagKey":["k"],"TagValue":"v"}]', '[{"TagKey":true}]',
                    '[{"TagKey":"k","TagValue":{}}]', '[{"TagKey":"k","TagValue":["v"]}]', '[{"TagKey":"k","TagValue":false}]',
                    '[{"tagkey":"k","tagvalue":"v"}]']) AS form;
CREATE FUNCTION check_tags(t tag_form) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    name text := 'Tags ' || coalesce(nullif(t.member, ''), 'missing');
    query text := 'SELECT %s FROM bill.bill_resource_summary_for_organization WHERE month = ''2023-04'' AND tag_key = ''k''';
    shown text;
BEGIN
    PERFORM sim_answer(resource_answer(t.member));
    IF t.problem IS NULL THEN
        RETURN NEXT results_eq(format(query, 'tags, tag_value'), format('VALUES (%L::jsonb, %L)', t.tags, t.k), name);
        RETURN;
    END IF;
    FOREACH shown IN ARRAY '{tags,tag_value}'::text[] LOOP
        RETURN NEXT matches(error_of(format(query, shown)),
            format('^HV00M: could not read column "%1$s" of foreign table "bill_resource_summary_for_organization": %2$s \|' ||
                   '.*column "%1$s" of foreign table "bill_resource_summary_for_organization", ' ||
                   'action DescribeBillResourceSummaryForOrganization, RequestId req-7', shown, t.problem),
            format('%s: column %s', name, shown));
    END LOOP;
    -- what a query does not need cannot fail
    RETURN NEXT results_eq(format(query, 'resource_id'), ARRAY['i'], name || ': other columns');
END $$;
SELECT check_tags(t) FROM tag_form t ORDER BY n;

-- ---- a nested array in its parent's table is shown as sent

CREATE FUNCTION business_of(member text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sim_answer('{"Response":{"Ready":1,"SummaryDetail":[{' || member || '}],"RequestId":"req-7"}}');
    RETURN business::text FROM bill.bill_summary WHERE month = '2023-04' AND group_type = 'region';
END $$;
SELECT is(business_of(member), shown, format('business of {%s}', member))
  FROM (VALUES ('', NULL), ('"Business":null', NULL), ('"Business":[]', '[]'), ('"Business":{}', '{}'), ('"Business":"-"', NULL),
               ('"Business":[{"TotalCost":"0.00","N":1e2,"x":null}]', '[{"N": 100, "x": null, "TotalCost": "0.00"}]')) AS v(member, shown);

-- ---- any member, by option field

CREATE FOREIGN TABLE other_names (
    month text OPTIONS (value '2023-04'),
    added text OPTIONS (field 'AddedByTheAPI'),
    added_number numeric OPTIONS (field 'AddedByTheAPI'),
    lower_case text OPTIONS (field 'totalcost'),
    spaced text OPTIONS (field 'a "name" with 空格'),
    cost numeric OPTIONS (column_name 'total_cost'),
    cost_text text OPTIONS (column_name 'total_cost'),
    total_cost float8,
    label varchar(10) OPTIONS (column_name 'pay_mode_name')
) SERVER api OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT sim_answer(rows_answer('[{"AddedByTheAPI":"7.50","TotalCost":"1.20","PayModeName":" 预留 ","a \"name\" with 空格":"x"},
                             {"totalcost":"small","TotalCost":"-"}]')) AS ignored
\gset
SELECT results_eq('SELECT added, added_number::text, lower_case, spaced, cost::text, cost_text, total_cost::text, label, month FROM other_names',
                  $$VALUES ('7.50', '7.50', NULL, 'x', '1.20', '1.20', '1.2', ' 预留 '::varchar(10), '2023-04'),
                           (NULL, NULL, 'small', NULL, NULL, '-', NULL, NULL, '2023-04')$$,
                  'members by name, also twice, with the case as written');
CREATE FOREIGN TABLE other_detail (
    month text OPTIONS (value '2023-04'),
    added text OPTIONS (field 'Added'),
    pay_mode text
) SERVER api OPTIONS (table_name 'bill_summary_by_pay_mode_detail');
SELECT sim_answer(rows_answer('[{"PayMode":"prePay","Added":"outer","Detail":[{"Added":"inner","PayMode":"wrong"},{}]}]')) AS ignored
\gset
SELECT results_eq('SELECT pay_mode, added FROM other_detail', $$VALUES ('prePay', 'inner'), ('prePay', NULL)$$,
                  'a field of an unnested table is one of the inner row');

-- ---- strings and numbers exchanged in the columns of all tables

CREATE FUNCTION exchanged(value jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    CASE jsonb_typeof(value)
        WHEN 'object' THEN
            RETURN (SELECT coalesce(jsonb_object_agg(m.key, exchanged(m.value)), '{}') FROM jsonb_each(value) AS m);
        WHEN 'array' THEN
            RETURN (SELECT coalesce(jsonb_agg(exchanged(i)), '[]') FROM jsonb_array_elements(value) AS i);
        WHEN 'number' THEN
            RETURN to_jsonb(value #>> '{}');
        WHEN 'string' THEN
            RETURN CASE WHEN value #>> '{}' ~ '^-?[0-9]+\.[0-9]+$' THEN (value #>> '{}')::jsonb ELSE value END;
        ELSE
            RETURN value;
    END CASE;
END $$;
CREATE FUNCTION check_exchanged(tab name, more text, member text, params jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    query text;
    sent jsonb;
BEGIN
    -- numeric columns without the zeros at their ends: a double has none
    SELECT format('SELECT %s FROM bill.%I WHERE month = ''2023-04''%s',
                  string_agg(CASE atttypid WHEN 'numeric'::regtype THEN format('trim_scale(%1$I) AS %1$I', attname)
                                           WHEN 'jsonb'::regtype THEN format('%1$I IS NULL AS %1$I', attname)
                                           ELSE attname END, ', '), tab, more)
      INTO query FROM pg_attribute WHERE attrelid = format('bill.%I', tab)::regclass AND attnum > 0;
    -- an answer has to fit into an argument of a command
    PERFORM sim_start('{"rows": 20}');
    EXECUTE 'CREATE TEMP TABLE straight AS ' || query;
    sent := exchanged(sim_dump(action_of(tab), params));
    RETURN NEXT is(jsonb_typeof(sent #> '{0,CashPayAmount}'), 'number', tab || ': amounts sent as numbers');
    PERFORM sim_answer(jsonb_build_object('Response', jsonb_build_object('Ready', 1, 'Total', 20, 'RequestId', 'req-7', member, sent))::text);
    RETURN NEXT same_rows(query, 'SELECT * FROM straight', tab || ': the same from numbers and strings exchanged');
    RETURN NEXT isnt((SELECT count(*) FROM straight), 0::bigint, tab || ': of some rows');
    DROP TABLE straight;
END $$;
SELECT check_exchanged(tab, more, member, params::jsonb) FROM (VALUES
    ('bill_summary', ' AND group_type = ''region''', 'SummaryDetail', '{"Month": "2023-04", "GroupType": "region"}'),
    ('bill_summary_business', ' AND group_type = ''region''', 'SummaryDetail', '{"Month": "2023-04", "GroupType": "region"}'),
    ('bill_summary_by_pay_mode', '', 'SummaryOverview', '{"BeginTime": "2023-04", "EndTime": "2023-04"}'),
    ('bill_summary_by_pay_mode_detail', '', 'SummaryOverview', '{"BeginTime": "2023-04", "EndTime": "2023-04"}'),
    ('bill_resource_summary_for_organization', '', 'ResourceSummarySet', '{"Month": "2023-04"}')
    ) AS v(tab, more, member, params);

-- ---- labels of billing modes

SELECT sim_start() AS ignored
\gset
SELECT sim_answer('{"Response":{"ResourceSummarySet":[' || string_agg('{"ResourceId":"i","PayModeName":' || label || '}', ',') ||
               '],"Total":8,"RequestId":"req-7"}}') AS ignored
  FROM unnest(ARRAY['"包年包月"', '"Pay by moon\u001b"', '"pay-as-you-go"', '"Pay by moon\u001b"', 'null', '"Standard RI"', '" 包年包月"',
                    '"Pay-as-you-go"']) AS label
\gset
\set said `psql -XqAt -c "SELECT pay_mode, pay_mode_name IS NULL FROM bill.bill_resource_summary_for_organization WHERE month = '2023-04'" 2>&1`
SELECT is(ARRAY(SELECT line FROM regexp_split_to_table(:'said', '\n') AS line WHERE line ~ '[|][tf]$'),
          '{prePay|f,|f,|f,|f,|t,riPay|f,|f,postPay|f}', 'an unknown label gives NULL; every character matters');
SELECT is(ARRAY(SELECT line FROM regexp_split_to_table(:'said', '\n') AS line WHERE line ~ 'WARNING'),
          ARRAY(SELECT format('WARNING:  unknown billing mode "%s" in rows of foreign table "bill_resource_summary_for_organization", pay_mode is NULL there', label)
                  FROM unnest(ARRAY['Pay by moon\x1b', 'pay-as-you-go', ' 包年包月']) AS label),
          'and one warning for each label, without control characters');

-- ---- databases that are not UTF-8

SELECT sim_answer(rows_answer('[{"PayMode":"é","PayModeName":"测试键"},{"PayMode":"x","PayModeName":"🚀"}]')) AS ignored
\gset
\set query 'SELECT pay_mode_name, char_length(pay_mode_name), octet_length(pay_mode_name) FROM bill.bill_summary_by_pay_mode WHERE month = \'2023-04\' LIMIT 1'
\set all 'SELECT pay_mode_name FROM bill.bill_summary_by_pay_mode WHERE month = \'2023-04\''
\set mode 'SELECT pay_mode, octet_length(pay_mode) FROM bill.bill_summary_by_pay_mode WHERE month = \'2023-04\' LIMIT 1'
\set setup `sed '/^-- ---- the simulator/,$d' test/pgtap/common.psql >"$TMPDIR/setup.psql"; for e in euc_cn latin1; do createdb -T template0 -l C -E $e decoding_$e && psql -XqAt -d decoding_$e -f "$TMPDIR/setup.psql"; done 2>&1`
SELECT is(:'setup'::text, '', 'databases of other encodings');
\set said `PGCLIENTENCODING=UTF8 psql -XqAt -d decoding_euc_cn -c :'query' 2>&1`
SELECT is(:'said'::text, '测试键|3|6', 'text arrives in the encoding of the database');
\set said `PGCLIENTENCODING=UTF8 psql -XqAt -d decoding_euc_cn -c :'all' 2>&1`
SELECT matches(:'said'::text, 'ERROR:  character with byte sequence 0xf0 0x9f 0x9a 0x80 in encoding "UTF8" has no equivalent in encoding "EUC_CN"\n' ||
               'CONTEXT:  column "pay_mode_name" of foreign table "bill_summary_by_pay_mode", action DescribeBillSummaryByPayMode, RequestId req-7',
               'a character that it does not have is refused, not replaced');
\set said `PGCLIENTENCODING=UTF8 psql -XqAt -d decoding_latin1 -c :'mode' 2>&1`
SELECT is(:'said'::text, 'é|1', 'LATIN1, too');
SELECT sim_answer('{"Response":{"Error":{"Code":"FailedOperation","Message":"é: 出错"},"RequestId":"req-7"}}') AS ignored
\gset
\set said `PGCLIENTENCODING=UTF8 psql -XqAt -d decoding_latin1 -c :'mode' 2>&1`
SELECT matches(:'said'::text, '^ERROR:  could not read the bill summary by billing mode for foreign table "bill_summary_by_pay_mode": .*: \?+\n' ||
               'DETAIL:  Action DescribeBillSummaryByPayMode, error code FailedOperation, RequestId req-7\.',
               'a message that cannot be converted does not hide the error');
\set said `for e in euc_cn latin1; do dropdb decoding_$e; done 2>&1`
SELECT is(:'said'::text, '', 'and they are gone');

SELECT * FROM finish();
