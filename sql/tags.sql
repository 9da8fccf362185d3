--
-- Conditions on members of the column tags choose requests, too
--
\setenv SIM_CONFIG '{"rows": 60, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA tags;
SET search_path = tags, public;
CREATE FOREIGN TABLE resources (month text, resource_id text, business_code text, tag_key text, tag_value text, tags jsonb, real_total_cost numeric)
  SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization');
CREATE TABLE local AS SELECT * FROM resources WHERE month IN ('2020-12', '2023-03', '2023-04');
CREATE TABLE keys AS SELECT * FROM (VALUES ('env', 'prod', '{"env": "prod"}'::jsonb), ('team', 'search', '{"team": "search"}'), ('env', 'none', '{"env": "none"}'), ('env', '', '{"env": ""}'), (NULL, 'x', NULL), ('env', NULL, '[]')) v(k, v, o);
ANALYZE keys;
:sent
SELECT count(*) > 0 AS found, count(*) FILTER (WHERE tags @> '{"env": "prod"}') > 0 AS prod, count(*) FILTER (WHERE tags @> '{"env": "prod", "team": "search"}') > 0 AS both,
       count(*) FILTER (WHERE tags = '{}') > 0 AS none, count(*) FILTER (WHERE tags ->> 'env' = '') > 0 AS empty FROM local WHERE month = '2023-04';

-- the same rows as the local copy has for a condition, and how many
CREATE FUNCTION compared(condition text, month text DEFAULT '= ''2023-04''', OUT equal boolean, OUT rows bigint) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format($q$WITH f AS MATERIALIZED (SELECT * FROM resources WHERE month %2$s AND (%1$s)), l AS (SELECT * FROM local WHERE month %2$s AND (%1$s))
    SELECT NOT EXISTS (TABLE f EXCEPT ALL TABLE l) AND NOT EXISTS (TABLE l EXCEPT ALL TABLE f), (SELECT count(*) FROM l)$q$, condition, month) INTO equal, rows;
END $$;

--
-- What is sent
--
SELECT * FROM compared($$tags ->> 'env' = 'prod'$$);
SELECT * FROM compared($$'prod' = tags ->> 'env'$$);
SELECT * FROM compared($$tags @> '{"env": "prod"}'$$);
SELECT * FROM compared($$'{"env": "prod"}' <@ tags$$);
:sent
-- several values of a key, each in a request of its own; twice is once
SELECT * FROM compared($$tags ->> 'env' IN ('prod', 'test', 'prod', NULL)$$);
SELECT * FROM compared($$tags ->> 'env' = ANY ('{prod,none}')$$);
:sent
-- two keys: one of them is sent, the other is looked at
SELECT * FROM compared($$tags ->> 'env' = 'prod' AND tags ->> 'team' = 'search'$$);
SELECT * FROM compared($$tags @> '{"team": "search", "env": "prod"}'$$);
SELECT * FROM compared($$tags @> '{"x": {"y": 1}, "env": "prod"}'$$);
:sent
-- with other conditions
SELECT * FROM compared($$tags ->> 'env' = 'prod' AND business_code IN ('p_cvm', 'p_cbs') AND real_total_cost > 1$$, $$BETWEEN '2023-03' AND '2023-04'$$);
:sent
-- tag filters began in 2021-01
SELECT * FROM compared($$tags ->> 'env' IN ('prod', 'test')$$, $$IN ('2020-12', '2023-04')$$);
:sent
-- expressions, parameters, subqueries
SELECT * FROM compared($$tags ->> lower('ENV') = concat('pr', 'od')$$);
SELECT * FROM compared($$tags ->> 'env' = (SELECT v FROM keys WHERE k = 'env' AND v = 'prod')$$);
SELECT * FROM compared($$tags @> (SELECT o FROM keys WHERE k = 'env' AND v = 'prod')$$);
PREPARE tagged(text, text) AS SELECT count(*) - (SELECT count(*) FROM local WHERE month = '2023-04' AND tags ->> $1 = $2) AS difference FROM resources WHERE month = '2023-04' AND tags ->> $1 = $2;
PREPARE held(jsonb) AS SELECT count(*) - (SELECT count(*) FROM local WHERE month = '2023-04' AND tags @> $1) AS difference FROM resources WHERE month = '2023-04' AND tags @> $1;
SET plan_cache_mode = force_generic_plan;
EXECUTE tagged('team', 'search');
EXECUTE held('{"team": "search"}');
:sent
-- NULL matches nothing
EXECUTE tagged(NULL, 'search');
EXECUTE tagged('team', NULL);
EXECUTE held(NULL);
:sent
-- objects that name no tag, and other kinds of values: all rows are looked at
EXECUTE held('{}');
EXECUTE held('{"env": 1}');
EXECUTE held('"env"');
EXECUTE held('["env"]');
EXECUTE tagged('env', '');
EXECUTE tagged('', 'prod');
RESET plan_cache_mode;
:sent_sorted

--
-- What is not
--
SELECT condition, c.* FROM unnest(ARRAY[
  $$tags ->> 'env' <> 'prod'$$, $$NOT tags ->> 'env' = 'prod'$$, $$tags ->> 'env' LIKE 'p%'$$, $$tags ->> 'env' IS NULL$$, $$tags ? 'env'$$,
  -- a resource with both would come twice
  $$tags ->> 'env' = 'prod' OR tags ->> 'team' = 'search'$$, $$tags @> ANY ('{"{\"env\": \"prod\"}","{\"team\": \"search\"}"}'::jsonb[])$$,
  $$tags <@ '{"env": "prod", "team": "search"}'$$, $$tags ->> 'env' = business_code$$, $$tags ->> 'env' = tags ->> 'team'$$,
  $$lower(tags ->> 'env') = 'prod'$$, $$tags ->> 'env' = 'prod' COLLATE "C" OR random() < 0$$, $$tags = '{"env": "prod"}'$$,
  -- more values than are sent
  $$tags ->> 'env' = ANY (ARRAY(SELECT 'v' || i FROM generate_series(1, 40) i) || 'prod'::text)$$
]) condition, LATERAL compared(condition) c;
:sent_sorted
CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
SELECT count(*) = (SELECT count(*) FROM local WHERE month = '2023-04' AND tags ->> 'env' = 'PROD' COLLATE blind) AS equal, count(*) > 0 AS found
  FROM resources WHERE month = '2023-04' AND tags ->> 'env' = 'PROD' COLLATE blind;
:sent

--
-- The columns tag_key and tag_value hold what was asked for through them only
--
SELECT DISTINCT tag_key, tag_value FROM resources WHERE month = '2023-04' AND tags ->> 'env' = 'prod';
SELECT DISTINCT tag_key, tag_value, tags ->> 'team' AS team FROM resources WHERE month = '2023-04' AND tag_key = 'env' AND tag_value = 'prod' AND tags ->> 'team' = 'search';
SELECT DISTINCT tag_key, tag_value = tags ->> 'env' AS same FROM resources WHERE month = '2023-04' AND tag_key = 'env' AND tags ->> 'env' = 'prod';
SELECT DISTINCT tag_key, tag_value FROM resources WHERE month = '2023-04' AND tag_key IS NULL AND tags ->> 'env' = 'prod';
SELECT count(*) FROM resources WHERE month = '2023-04' AND tag_value = 'prod' AND tags ->> 'env' = 'prod'; -- ERROR
SELECT count(*) FROM resources WHERE month = '2023-04' AND tag_key <> 'env' AND tags ->> 'env' = 'prod'; -- ERROR
:sent
-- a table without these columns, and tags as json
CREATE FOREIGN TABLE plain (month text, resource_id text, labels json OPTIONS (column_name 'tags')) SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization');
SELECT count(*) = (SELECT count(*) FROM local WHERE month = '2023-04' AND tags ->> 'env' = 'prod') AS equal FROM plain WHERE month = '2023-04' AND labels ->> 'env' = 'prod';
:sent
-- the raw member is none
CREATE FOREIGN TABLE raw (month text, tags jsonb OPTIONS (field 'Tags')) SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization');
SELECT count(*) FROM raw WHERE month = '2023-04' AND tags @> '{"env": "prod"}';
:sent
-- a fixed key is a column of its own
CREATE FOREIGN TABLE fixed (month text, tag_key text OPTIONS (value 'env'), tag_value text, tags jsonb) SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization');
SELECT tag_key, count(*) = (SELECT count(*) FROM local WHERE month = '2023-04' AND tags ->> 'team' = 'search') AS equal FROM fixed WHERE month = '2023-04' AND tags ->> 'team' = 'search' GROUP BY 1;
:sent

--
-- Joins.  Rows are made dear and calls cheap, so that the planner prefers to
-- send what it can.
--
ALTER SERVER sim OPTIONS (ADD call_cost '1', ADD tuple_cost '1000');
SELECT k, v, count(r.*), count(r.*) = (SELECT count(*) FROM local WHERE month = '2023-04' AND tags ->> k = v) AS equal
  FROM keys LEFT JOIN resources r ON month = '2023-04' AND tags ->> k = v GROUP BY 1, 2 ORDER BY 1, 2;
:sent
SELECT k, v, count(*) > 0 AS found, count(*) = (SELECT count(*) FROM local WHERE month = '2023-04' AND tags @> o) AS equal
  FROM keys JOIN resources r ON month = '2023-04' AND tags @> o AND v <> '' GROUP BY 1, 2, o ORDER BY 1, 2;
:sent
SELECT v, count(*) = (SELECT count(*) FROM local WHERE month = '2023-04' AND tags ->> 'env' = v) AS equal
  FROM keys, LATERAL (SELECT * FROM resources WHERE month = '2023-04' AND tags ->> 'env' = v OFFSET 0) r GROUP BY 1 ORDER BY 1;
:sent

--
-- EXPLAIN
--
EXPLAIN (VERBOSE, COSTS OFF) SELECT resource_id FROM resources WHERE month = '2023-04' AND tags ->> 'env' IN ('prod', 'test');
EXPLAIN (COSTS OFF) SELECT resource_id FROM resources WHERE month = '2023-04' AND tags @> '{"env": "prod"}' LIMIT 3;
EXPLAIN (COSTS OFF) SELECT k, resource_id FROM keys LEFT JOIN resources ON month = '2023-04' AND tags ->> k = v;
ALTER SERVER sim OPTIONS (DROP call_cost, DROP tuple_cost);

--
-- Whatever the API makes of it
--
\! simctl config '{"tag_value_empty": "ignored", "tag_key_alone": "tagged"}'
SELECT * FROM compared($$tags ->> 'env' = ''$$);
SELECT * FROM compared($$tags ->> 'env' = 'prod'$$);
:sent
\! simctl config '{"ignore_filters": ["TagValue"]}'
SELECT * FROM resources WHERE month = '2023-04' AND tags ->> 'env' = 'prod'; -- ERROR
ALTER SERVER sim OPTIONS (ADD answer_check 'off');
SELECT * FROM compared($$tags ->> 'env' = 'prod'$$);
ALTER SERVER sim OPTIONS (DROP answer_check);
:sent
-- tags that are missing
\! simctl config '{"empty_array": "missing"}'
SELECT count(*) FILTER (WHERE tags ->> 'env' = 'prod') > 0 AS found FROM resources WHERE month = '2023-04' AND tags ->> 'env' = 'prod';
:sent

SET client_min_messages = warning;
DROP SCHEMA tags CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
\! simctl reset
