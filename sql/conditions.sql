--
-- Which WHERE makes which requests
--
-- Bodies are what the simulator was asked; what is not sent is checked on the
-- rows, so counts are compared with those of a condition that is sent.
--
\setenv SIM_CONFIG '{"rows": 40, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA conditions;
SET search_path = conditions, public;
SET datestyle = ISO;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO conditions;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;
ALTER FOREIGN TABLE bill_resource_summary_for_organization RENAME TO resources;
CREATE FOREIGN TABLE modes_date (month date, pay_mode text) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE modes_time (month timestamp, pay_mode text) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE TABLE months (m text, d date);
INSERT INTO months VALUES ('2023-01', '2023-01-01'), ('2023-03', '2023-03-01');
-- the months that a query has seen
CREATE FUNCTION add_new(text[], text) RETURNS text[] LANGUAGE sql AS
  'SELECT CASE WHEN $2 = ANY ($1) THEN $1 ELSE array_append($1, $2) END';
CREATE AGGREGATE seen(text) (SFUNC = add_new, STYPE = text[]);

--
-- a month
--
SELECT seen(month), count(*) FROM modes WHERE month = '2023-04';
SELECT seen(month), count(*) FROM modes WHERE '2023-04' = month;
SELECT seen(month), count(*) FROM modes WHERE month IN ('2023-04', '2023-02', '2023-04', NULL);
SELECT seen(month), count(*) FROM modes WHERE month = ANY ('{2023-02,2023-02,NULL}');
SELECT seen(month), count(*) FROM modes WHERE month BETWEEN '2023-03' AND '2023-05';
SELECT seen(month), count(*) FROM modes WHERE month > '2023-03' AND month <= '2023-05' AND month <> '2023-04';
SELECT seen(month), count(*) FROM modes WHERE month = '2023-01' OR month = '2023-03' OR month LIKE '2022-1_';
SELECT seen(month), count(*) FROM modes WHERE month LIKE '2022-1%' AND month NOT LIKE '%1';
SELECT seen(month), count(*) FROM modes WHERE month ~ '^2022-0[12]$';
SELECT seen(month), count(*) FROM modes WHERE right(month, 2) = '07' AND left(month, 4) IN ('2021', '2022');
SELECT seen(month), count(*) FROM modes WHERE CASE WHEN month < '2018-03' THEN month <> '2018-01' ELSE false END;
SELECT seen(month), count(*) FROM modes WHERE NOT (month < '2023-03' OR month > '2023-03');
SELECT seen(month), count(*) FROM modes WHERE (month, pay_mode) IN (('2023-01', 'prePay'), ('2023-02', 'postPay'));
SELECT seen(month), count(*) FROM modes WHERE month IS NOT DISTINCT FROM '2023-04';
SELECT seen(month), count(*) FROM modes WHERE coalesce(month, '') = '2023-04';
SELECT seen(month), count(*) FROM modes WHERE (month = '2023-04') IS TRUE;
:sent
-- a month before the first one that an unqualified scan would read
SELECT seen(month) FROM modes WHERE month IN ('2017-12', '2018-01'); -- ERROR
SELECT seen(month) FROM modes WHERE month < '2018-02';
-- and one far in the future
SELECT seen(month) FROM modes WHERE month = '2999-12'; -- ERROR
:sent

-- months as dates and as timestamps
SELECT seen(month::text), count(*) FROM modes_date WHERE month = '2023-04-01';
SELECT seen(month::text), count(*) FROM modes_date WHERE month IN ('2023-04-01', '2023-02-01');
SELECT seen(month::text), count(*) FROM modes_date WHERE month BETWEEN '2023-03-15' AND '2023-05-31';
SELECT seen(month::text), count(*) FROM modes_date WHERE date_trunc('quarter', month) = '2022-04-01';
SELECT seen(month::text), count(*) FROM modes_date WHERE extract(year FROM month) = 2020 AND extract(month FROM month) > 10;
SELECT seen(month::text), count(*) FROM modes_date WHERE month = timestamp '2023-04-01';
SELECT seen(month::text), count(*) FROM modes_date WHERE to_char(month, 'YYYY"Q"Q') = '2019Q4';
SELECT seen(month::text), count(*) FROM modes_date WHERE daterange('2021-06-01', '2021-08-01') @> month;
SELECT seen(month::text), count(*) FROM modes_time WHERE month = '2023-04-01';
SELECT seen(month::text), count(*) FROM modes_time WHERE month >= '2023-04-01' AND month < '2023-06-01';
SELECT seen(month::text), count(*) FROM modes_time WHERE date_trunc('year', month) = '2018-01-01' AND month < '2018-03-01';
SELECT seen(month::text), count(*) FROM modes_time WHERE month = date '2023-04-01';
:sent
-- a session's time zone moves no month
SET timezone = 'Pacific/Kiritimati';
SELECT seen(month::text), count(*) FROM modes_time WHERE month = '2023-04-01';
RESET timezone;
:sent

-- relative to now: the same months as PostgreSQL finds
SELECT count(DISTINCT month), min(month) = to_char(now() AT TIME ZONE 'Asia/Shanghai' - interval '2 months', 'YYYY-MM')
  FROM modes WHERE month >= to_char(now() AT TIME ZONE 'Asia/Shanghai' - interval '2 months', 'YYYY-MM');
SELECT count(DISTINCT month), max(month) = date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai')::date
  FROM modes_date WHERE month > (now() AT TIME ZONE 'Asia/Shanghai')::date - 32 - extract(day FROM now() AT TIME ZONE 'Asia/Shanghai')::int + 1;
\! simctl bodies | sort | uniq -c | wc -l
:fresh

--
-- values from elsewhere
--
SELECT seen(month), count(*) FROM modes WHERE month = (SELECT max(m) FROM months);
SELECT seen(month), count(*) FROM modes WHERE month = ANY (ARRAY(SELECT m FROM months));
SELECT seen(month), count(*) FROM modes WHERE month >= (SELECT min(m) FROM months) AND month < (SELECT max(m) FROM months);
SELECT seen(month ORDER BY month DESC), count(*) FROM modes WHERE month IN (SELECT m FROM months OFFSET 0) AND month > '2022-12' AND month < '2023-05';
SELECT seen(month::text), count(*) FROM modes_date WHERE month = (SELECT max(d) FROM months);
SELECT seen(month), count(*) FROM modes WHERE month = (SELECT m FROM months WHERE m = 'none');
:sent
PREPARE equal(text) AS SELECT seen(month), count(*) FROM modes WHERE month = $1;
PREPARE list(text[]) AS SELECT seen(month), count(*) FROM modes WHERE month = ANY ($1);
PREPARE between_dates(date, date) AS SELECT seen(month::text), count(*) FROM modes_date WHERE month BETWEEN $1 AND $2;
SET plan_cache_mode = force_custom_plan;
EXECUTE equal('2023-04');
EXECUTE equal(NULL);
EXECUTE list('{2023-04,NULL,2023-05,2023-04}');
EXECUTE list('{}');
EXECUTE list(NULL);
EXECUTE between_dates('2023-01-15', '2023-02-15');
:sent
SET plan_cache_mode = force_generic_plan;
EXECUTE equal('2023-04');
EXECUTE equal(NULL);
EXECUTE list('{2023-04,NULL,2023-05,2023-04}');
EXECUTE list('{}');
EXECUTE list(NULL);
EXECUTE between_dates('2023-01-15', '2023-02-15');
:sent
RESET plan_cache_mode;
DEALLOCATE ALL;
DO $$
DECLARE wanted text; n int;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['2023-01', '2023-02', NULL] LOOP
    SELECT count(*) INTO n FROM modes WHERE month = wanted;
    RAISE NOTICE '%: %', wanted, n;
  END LOOP;
END $$;
:sent
-- a stable function is asked anew by each execution, also of a generic plan
CREATE FUNCTION wanted_month() RETURNS text STABLE LANGUAGE sql AS 'SELECT max(m) FROM conditions.months';
PREPARE stable AS SELECT seen(month), count(*) FROM modes WHERE month = wanted_month();
SET plan_cache_mode = force_generic_plan;
EXECUTE stable;
INSERT INTO months VALUES ('2023-06', '2023-06-01');
EXECUTE stable;
DELETE FROM months WHERE m = '2023-06';
RESET plan_cache_mode;
DEALLOCATE ALL;
:sent

--
-- volatile conditions choose nothing, also inside a sub-select: they are
-- checked once per row, and never on a month
--
CREATE SEQUENCE calls;
SELECT count(*) FROM modes WHERE month = '2023-04' AND nextval('calls') > 0;
SELECT last_value FROM calls;
SELECT count(*) FROM modes WHERE month = '2023-04' AND (SELECT length(modes.month) + nextval('calls') FROM months LIMIT 1) > 0;
SELECT last_value FROM calls;
SELECT count(*) FROM modes WHERE month IN ('2023-06', '2023-07', '2023-08') AND month >= (SELECT '2023-0' || nextval('calls') FROM months LIMIT 1);
SELECT last_value FROM calls;
EXPLAIN (COSTS OFF) SELECT * FROM modes WHERE month = '2023-04' AND length(month) + random() > 0;
:sent

--
-- weakened conditions: what they imply for the months and the groups
--
SELECT seen(month || group_type), count(*) > 0 FROM bill_summary
 WHERE (month = '2023-04' AND group_type = 'payMode' AND real_total_cost > -1e9) OR (month = '2023-05' AND group_type = 'region' AND group_key <> 'x');
SELECT seen(month || group_type), count(*) > 0 FROM bill_summary
 WHERE group_type = 'payMode' AND (month = '2023-04' OR (month = '2023-05' AND group_key = 'prePay'));
SELECT seen(month), count(*) > 0 FROM modes WHERE month >= '2023-01' AND (month < '2023-02' OR pay_mode = 'prePay') AND month < '2023-03';
-- below NOT nothing may be lost
SELECT seen(month), count(*) FROM modes WHERE month IN ('2023-04', '2023-05') AND NOT (month = '2023-04' AND pay_mode = 'prePay');
:sent

--
-- nothing to ask
--
SELECT count(*) FROM modes WHERE month = '2023-04' AND month = '2023-05';
SELECT count(*) FROM modes WHERE month > '2023-05' AND month < '2023-04';
SELECT count(*) FROM modes WHERE month = NULL;
SELECT count(*) FROM modes WHERE month = (SELECT NULL::text);
SELECT count(*) FROM modes WHERE month = '2023-04' AND false;
SELECT count(*) FROM modes WHERE month = '2023-04' AND (SELECT false);
SELECT count(*) FROM modes WHERE month IS NULL;
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type NOT IN ('business', 'project', 'region', 'payMode', 'tag');
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type = 'region' AND tag_key = 'env';
SELECT * FROM modes WHERE month = '2023-04' LIMIT 0;
:sent

--
-- groups
--
SELECT seen(group_type), count(*) > 0 FROM bill_summary WHERE month = '2023-04' AND group_type IN ('region', 'payMode');
SELECT seen(group_type), count(*) > 0 FROM bill_summary WHERE month = '2023-04' AND group_type > 'p' AND group_type < 's';
SELECT seen(group_type), count(*) > 0 FROM bill_summary WHERE month = '2023-04' AND group_type NOT IN ('tag', 'business', 'project');
SELECT seen(group_type), count(*) > 0 FROM bill_summary WHERE month = '2023-04' AND lower(group_type) = 'paymode';
:sent
-- the table without a group keeps it out by itself
SELECT seen(group_type) FROM bill_summary_business WHERE month = '2023-04' AND group_type <> 'tag';
:sent
-- all tag keys in one request, after filtering
SELECT seen(tag_key) FROM bill_summary WHERE month = '2023-04' AND group_type = 'tag' AND tag_key = 'env';
SELECT seen(tag_key) FROM bill_summary WHERE month = '2023-04' AND tag_key IN ('env', 'owner', 'env', NULL);
SELECT seen(tag_key) FROM bill_summary WHERE month = '2023-04' AND tag_key = ANY ('{env,owner,team}') AND tag_key > 'f' AND tag_key <> 'team';
-- an OR names keys only when each of its arms does
SELECT seen(month || coalesce(tag_key, '-')) FROM bill_summary
 WHERE (month = '2023-04' AND group_type = 'tag' AND tag_key = 'env') OR (month = '2023-05' AND group_type = 'payMode'); -- ERROR
SELECT seen(group_type || coalesce(tag_key, '-')) FROM bill_summary
 WHERE month = '2023-04' AND (tag_key IS NULL AND group_type = 'payMode' OR tag_key = 'env'); -- ERROR
SELECT seen(tag_key) FROM bill_summary WHERE month = '2023-04' AND group_type = 'tag' AND tag_key IN (SELECT unnest('{env,owner}'::text[]) OFFSET 0);
:sent

--
-- parameters that rows show as well
--
CREATE TEMP TABLE april AS SELECT * FROM resources WHERE month = '2023-04';
:sent
SELECT count(*) = (SELECT count(*) FROM april WHERE pay_mode = 'prePay') AS same FROM resources WHERE month = '2023-04' AND pay_mode = 'prePay';
SELECT count(*) = (SELECT count(*) FROM april WHERE pay_mode IN ('prePay', 'postPay')) AS same FROM resources WHERE month = '2023-04' AND pay_mode IN ('postPay', 'prePay');
:sent
-- the API does not take riPay: all rows are read, and filtered here
SELECT count(*) = (SELECT count(*) FROM april WHERE pay_mode = 'riPay') AS same, count(*) > 0 AS some FROM resources WHERE month = '2023-04' AND pay_mode = 'riPay';
SELECT count(*) = (SELECT count(*) FROM april WHERE pay_mode IN ('riPay', 'prePay')) AS same FROM resources WHERE month = '2023-04' AND pay_mode IN ('riPay', 'prePay');
SELECT count(*) = (SELECT count(*) FROM april WHERE pay_mode <> 'prePay') AS same FROM resources WHERE month = '2023-04' AND pay_mode <> 'prePay';
SELECT count(*) AS same FROM resources WHERE month = '2023-04' AND pay_mode IS NULL;
:sent
SELECT count(*) = (SELECT count(*) FROM april WHERE business_code = 'p_cvm') AS same FROM resources WHERE month = '2023-04' AND business_code = 'p_cvm';
SELECT count(*) = (SELECT count(*) FROM april WHERE business_code LIKE 'p_c%') AS same FROM resources WHERE month = '2023-04' AND business_code LIKE 'p_c%';
SELECT count(*) = (SELECT count(*) FROM april WHERE business_code = 'p_cvm' OR business_code = 'p_cbs') AS same
  FROM resources WHERE month = '2023-04' AND (business_code = 'p_cvm' OR business_code = 'p_cbs');
-- an OR with an arm that names no value
SELECT count(*) = (SELECT count(*) FROM april WHERE business_code = 'p_cvm' OR region_id = 1) AS same
  FROM resources WHERE month = '2023-04' AND (business_code = 'p_cvm' OR region_id = 1);
-- the first condition chooses the values, the second filters them
SELECT count(*) = (SELECT count(*) FROM april WHERE business_code IN ('p_cbs')) AS same
  FROM resources WHERE month = '2023-04' AND business_code IN ('p_cvm', 'p_cbs') AND business_code IN ('p_cbs', 'p_cos');
-- an empty value is not sent: the API may take it for none
SELECT count(*) FROM resources WHERE month = '2023-04' AND business_code = '';
SELECT count(*) = (SELECT count(*) FROM april WHERE business_code = 'p_cvm') AS same FROM resources WHERE month = '2023-04' AND business_code IN ('p_cvm', '');
:sent
-- several parameters multiply
SELECT count(*) = (SELECT count(*) FROM april WHERE business_code IN ('p_cvm', 'p_cbs') AND pay_mode IN ('prePay', 'postPay')) AS same
  FROM resources WHERE month = '2023-04' AND business_code IN ('p_cvm', 'p_cbs') AND pay_mode IN ('prePay', 'postPay');
SELECT count(*) = (SELECT count(*) FROM april WHERE (business_code, pay_mode) IN (('p_cvm', 'prePay'), ('p_cbs', 'postPay'))) AS same
  FROM resources WHERE month = '2023-04' AND (business_code, pay_mode) IN (('p_cvm', 'prePay'), ('p_cbs', 'postPay'));
:sent
-- a parameter that the site does not take, of a column that was declared all the same
CREATE FOREIGN TABLE lines (month text, business_code text, pay_mode text) SERVER sim OPTIONS (table_name 'cost_detail');
SELECT DISTINCT business_code FROM lines WHERE month = '2023-04' AND business_code = 'p_cvm' AND pay_mode = 'prePay';
:sent
-- one id more than is sent one by one
SELECT array_agg(resource_id) AS ids FROM (SELECT DISTINCT resource_id FROM april ORDER BY 1 LIMIT 2) x \gset
SELECT count(*) = (SELECT count(*) FROM april WHERE resource_id = ANY (:'ids')) AS same FROM resources WHERE month = '2023-04' AND resource_id = ANY (:'ids');
\! simctl bodies | wc -l
:fresh
SELECT count(*) AS resources FROM (SELECT DISTINCT resource_id FROM april) x;
SELECT count(*) = (SELECT count(*) FROM april WHERE resource_id = ANY (ARRAY(SELECT 'x' || i FROM generate_series(1, 31) i) || array[(:'ids'::text[])[1]])) AS same
  FROM resources WHERE month = '2023-04' AND resource_id = ANY (ARRAY(SELECT 'x' || i FROM generate_series(1, 31) i) || array[(:'ids'::text[])[1]]);
\! simctl bodies | wc -l
:fresh
SELECT count(*) = (SELECT count(*) FROM april WHERE resource_id = ANY (ARRAY(SELECT 'x' || i FROM generate_series(1, 32) i) || array[(:'ids'::text[])[1]])) AS same, count(*) > 0 AS some
  FROM resources WHERE month = '2023-04' AND resource_id = ANY (ARRAY(SELECT 'x' || i FROM generate_series(1, 32) i) || array[(:'ids'::text[])[1]]);
:sent
-- a clause that mentions what was left out is skipped, the others still choose
SELECT count(*) FROM resources WHERE month IN ('2023-04', '2023-05') AND resource_id = ANY (ARRAY(SELECT 'x' || i FROM generate_series(1, 40) i))
   AND (month = '2023-04' OR resource_id = 'x1') AND business_code = 'p_cvm';
:sent

--
-- as many requests as allowed
--
ALTER SERVER sim OPTIONS (ADD max_requests '2');
SELECT seen(month) FROM modes WHERE month IN ('2023-01', '2023-02', '2023-03'); -- ERROR
SELECT seen(month) FROM modes WHERE month IN ('2023-01', '2023-02', '2023-01');
SELECT count(*) FROM bill_summary WHERE month LIKE '2022-%' AND group_type <> 'tag'; -- ERROR
ALTER FOREIGN TABLE modes OPTIONS (ADD max_requests '3');
SELECT seen(month) FROM modes WHERE month IN ('2023-01', '2023-02', '2023-03');
ALTER FOREIGN TABLE modes OPTIONS (DROP max_requests);
ALTER SERVER sim OPTIONS (DROP max_requests);
:sent

--
-- equality that is not that of the texts is not sent, and finds the rows all the same
--
CREATE COLLATION ignore_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TYPE code_enum AS ENUM ('p_cvm', 'p_cbs', 'p_cdb', 'p_cls', 'p_nat', 'p_eip', 'p_rav', 'p_tencentmeeting_saas', 'p_cos', 'p_clb', 'p_redis');
CREATE DOMAIN code AS text CHECK (VALUE LIKE 'p\_%');
CREATE FOREIGN TABLE codes (
  month text,
  as_text text OPTIONS (column_name 'business_code'),
  as_varchar varchar(40) OPTIONS (column_name 'business_code'),
  as_char char(30) OPTIONS (column_name 'business_code'),
  as_name name OPTIONS (column_name 'business_code'),
  as_domain code OPTIONS (column_name 'business_code'),
  as_enum code_enum OPTIONS (column_name 'business_code'),
  no_case text OPTIONS (column_name 'business_code') COLLATE ignore_case
) SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization', first_month '2023-04', last_month '2023-04');
SELECT count(*) FROM april WHERE business_code = 'p_cvm';
-- sent
SELECT count(*) FROM codes WHERE as_text = 'p_cvm';
SELECT count(*) FROM codes WHERE as_varchar = 'p_cvm';
SELECT count(*) FROM codes WHERE as_varchar = 'p_cvm'::text;
SELECT count(*) FROM codes WHERE as_domain = 'p_cvm';
SELECT count(*) FROM codes WHERE no_case = 'p_cvm' COLLATE "C";
SELECT count(*) FROM codes WHERE as_text = 'p_cvm' COLLATE "C";
:sent
-- not sent
SELECT count(*) FROM codes WHERE as_char = 'p_cvm';
SELECT count(*) FROM codes WHERE as_name = 'p_cvm';
SELECT count(*) FROM codes WHERE as_enum = 'p_cvm';
SELECT count(*) FROM codes WHERE no_case = 'P_CVM';
SELECT count(*) FROM codes WHERE as_text = 'P_CVM' COLLATE ignore_case;
SELECT count(*) FROM codes WHERE as_text::char(30) = 'p_cvm';
SELECT count(*) FROM codes WHERE as_text::bpchar = 'p_cvm ';
SELECT count(*) FROM codes WHERE as_text IS NOT DISTINCT FROM 'p_cvm';
SELECT count(*) FROM codes WHERE lower(as_text) = 'p_cvm';
:sent
-- months are compared as PostgreSQL compares them, whatever the collation
CREATE FOREIGN TABLE months_no_case (month text COLLATE ignore_case, pay_mode text) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT seen(month) FROM months_no_case WHERE month = '2023-04';
SELECT seen(month) FROM months_no_case WHERE month IN ('2023-04', '2023-05') AND month > '2023-04';
:sent
-- numbers: a column for an argument may be one, a column of the rows is not sent as one
CREATE FOREIGN TABLE numbers (
  month text, group_type text OPTIONS (value 'payMode'), payer_uin bigint, small int2 OPTIONS (column_name 'operate_uin'), group_key text
) SERVER sim OPTIONS (table_name 'bill_summary');
SELECT DISTINCT payer_uin, small FROM numbers WHERE month = '2023-04' AND payer_uin = 100000000001;
SELECT DISTINCT payer_uin, small FROM numbers WHERE month = '2023-04' AND payer_uin = 5::int2;
SELECT DISTINCT payer_uin, small FROM numbers WHERE month = '2023-04' AND payer_uin IN (5, 6) AND small IS NULL;
:sent
-- a number that the column cannot hold
SELECT count(*) FROM numbers WHERE month = '2023-04' AND small = 70000;
SELECT count(*) FROM numbers WHERE month = '2023-04' AND small = ANY ('{70000,7}'::int[]);
:sent
CREATE FOREIGN TABLE region_numbers (month text, business_code text, id int OPTIONS (column_name 'region_id')) SERVER sim
  OPTIONS (table_name 'bill_resource_summary_for_organization');
SELECT count(*) = (SELECT count(*) FROM april WHERE region_id = 1) AS same FROM region_numbers WHERE month = '2023-04' AND id = 1;
:sent

--
-- an error of a condition names the candidate on which it failed
--
SELECT count(*) FROM modes WHERE month LIKE '2018-%' AND 1 / (right(month, 2)::int - 2) > 5; -- ERROR
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type IN ('payMode', 'region') AND 1 / (length(group_type) - 7) > 5; -- ERROR
SELECT seen(month) FROM modes WHERE month > '2018-06' AND month < '2018-09' AND 1 / (right(month, 2)::int - 2) < 1;
SELECT seen(month) FROM modes WHERE CASE WHEN month > '2018-06' AND month < '2018-09' THEN 1 / (right(month, 2)::int - 2) < 1 ELSE false END;
:sent

SET client_min_messages = warning;
DROP TABLE april;
DROP SCHEMA conditions CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
\! simctl reset
