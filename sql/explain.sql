--
-- EXPLAIN: which conditions choose requests, which; nothing is sent without ANALYZE
--
\setenv SIM_CONFIG '{"rows": 40, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA explain;
SET search_path = explain, public;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO explain;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;
ALTER FOREIGN TABLE bill_resource_summary_for_organization RENAME TO resources;
CREATE FOREIGN TABLE one (month text, pay_mode text) SERVER sim
  OPTIONS (table_name 'bill_summary_by_pay_mode', first_month '2023-03', last_month '2023-04');
CREATE TABLE months (m text, mode text);
INSERT INTO months VALUES ('2023-01', 'prePay'), ('2023-02', 'postPay');
-- what differs between versions and runs
CREATE FUNCTION plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE document text; line text;
BEGIN
  FOR document IN EXECUTE query LOOP
    FOREACH line IN ARRAY string_to_array(document, E'\n') LOOP
      CONTINUE WHEN line ~ '^ *["<]?(Buffers|Planning|Execution|Disabled)';
      line := regexp_replace(line, ' \(returns \$\d+\)', '');
      line := regexp_replace(line, '\(InitPlan \d+\)\.col1|\$\d+', '$N', 'g');
      line := replace(line, 'EXISTS(SubPlan 1)', '(SubPlan 1)');
      line := regexp_replace(line, 'rows=(\d+)\.00', 'rows=\1');
      line := regexp_replace(line, 'bytes=\d+', 'bytes=N');
      line := regexp_replace(line, ' time=[0-9.]+ ms', ' time=N ms');
      line := regexp_replace(line, 'actual time=[0-9.]+', 'actual time=N');
      RETURN NEXT line;
    END LOOP;
  END LOOP;
END $$;

--
-- conditions
--
EXPLAIN (COSTS OFF) SELECT * FROM modes WHERE month = '2023-04';
EXPLAIN (COSTS OFF) SELECT * FROM modes WHERE month IN ('2023-04', '2023-05', '2023-04') AND pay_mode = 'prePay';
EXPLAIN (COSTS OFF) SELECT * FROM modes WHERE month BETWEEN '2023-01' AND '2023-12' AND real_total_cost > 5;
EXPLAIN (COSTS OFF) SELECT * FROM one WHERE pay_mode = 'prePay';
EXPLAIN (COSTS OFF) SELECT * FROM one;
EXPLAIN (COSTS OFF) SELECT * FROM bill_summary WHERE month = '2023-04' AND tag_key IN ('env', 'team') AND group_value <> '';
EXPLAIN (COSTS OFF) SELECT * FROM bill_summary WHERE (month = '2023-04' AND group_type = 'region' AND real_total_cost > 5) OR (month = '2023-05' AND group_type = 'project');
EXPLAIN (COSTS OFF) SELECT * FROM resources WHERE month = '2023-04' AND resource_id = 'x' AND business_code LIKE 'p%' AND tags @> '{"env": "prod"}';
EXPLAIN (COSTS OFF) SELECT * FROM resources WHERE month = '2023-04' AND pay_mode IN ('prePay', 'postPay') AND business_code IN ('p_cvm', 'p_cbs', 'p_cdb');
-- a contradiction that only the candidates show
EXPLAIN (COSTS OFF) SELECT * FROM modes WHERE month > '2023-05' AND month < '2023-04';
-- a value that can be none: the query fails, EXPLAIN says so too
EXPLAIN (COSTS OFF) SELECT * FROM modes WHERE month = '2023-4'; -- ERROR
-- too many requests
ALTER FOREIGN TABLE modes OPTIONS (ADD max_requests '3');
EXPLAIN (COSTS OFF) SELECT * FROM modes WHERE month BETWEEN '2023-01' AND '2023-05';
EXPLAIN (COSTS OFF) SELECT * FROM modes WHERE month BETWEEN '2023-01' AND '2023-03';
ALTER FOREIGN TABLE modes OPTIONS (DROP max_requests);
-- an input column
EXPLAIN (COSTS OFF) SELECT * FROM modes m WHERE m.month = '2023-04' AND m.payer_uin = '100000000001';
:sent

--
-- VERBOSE: the bodies, a few of them
--
EXPLAIN (COSTS OFF, VERBOSE) SELECT pay_mode FROM modes WHERE month = '2023-04';
EXPLAIN (COSTS OFF, VERBOSE) SELECT pay_mode FROM modes WHERE month BETWEEN '2023-01' AND '2023-05';
EXPLAIN (COSTS OFF, VERBOSE) SELECT pay_mode FROM modes WHERE month BETWEEN '2022-01' AND '2022-12';
EXPLAIN (COSTS OFF, VERBOSE) SELECT group_value FROM bill_summary WHERE month = '2023-04' AND tag_key IN ('部门分类', E'a"\\b\n');
EXPLAIN (COSTS OFF, VERBOSE) SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 5;
:sent

--
-- values that only a running query has
--
SET enable_memoize = off;
SELECT plan('EXPLAIN (COSTS OFF) SELECT * FROM modes WHERE month = (SELECT max(m) FROM months)');
SELECT plan('EXPLAIN (COSTS OFF, VERBOSE) SELECT pay_mode FROM modes WHERE month = ANY (ARRAY(SELECT m FROM months))');
SELECT plan('EXPLAIN (COSTS OFF) SELECT m, (SELECT count(*) FROM modes WHERE month = m) FROM months');
SELECT plan('EXPLAIN (COSTS OFF) SELECT m, x.pay_mode FROM months, LATERAL (SELECT * FROM modes WHERE month = m OFFSET 0) x');
SELECT plan('EXPLAIN (COSTS OFF) SELECT month FROM modes WHERE month LIKE ''2023-%'' AND EXISTS (SELECT FROM months WHERE m = modes.month OFFSET 0)');
PREPARE generic(text, text) AS SELECT pay_mode FROM modes WHERE month = $1 AND pay_mode = $2;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF, VERBOSE) EXECUTE generic('2023-04', 'prePay');
EXPLAIN (COSTS OFF) EXECUTE generic(NULL, 'prePay');
SET plan_cache_mode = force_custom_plan;
EXPLAIN (COSTS OFF, VERBOSE) EXECUTE generic('2023-04', 'prePay');
RESET plan_cache_mode;
DEALLOCATE ALL;
:sent

--
-- formats
--
SELECT plan($$EXPLAIN (COSTS OFF, VERBOSE, FORMAT JSON) SELECT pay_mode FROM modes WHERE month IN ('2023-04', '2023-05') AND pay_mode = 'prePay'$$);
SELECT plan($$EXPLAIN (COSTS OFF, VERBOSE, FORMAT YAML) SELECT pay_mode FROM modes WHERE month = '2023-04'$$);
SELECT plan($$EXPLAIN (COSTS OFF, FORMAT XML) SELECT pay_mode FROM modes WHERE month = '2023-04'$$);
SELECT plan($$EXPLAIN (COSTS OFF, FORMAT JSON) SELECT pay_mode FROM modes$$);
:sent

--
-- ANALYZE: what it cost
--
SELECT plan('EXPLAIN (COSTS OFF, ANALYZE, SUMMARY OFF, TIMING OFF) SELECT * FROM modes WHERE month IN (''2023-04'', ''2023-05'')');
SELECT plan('EXPLAIN (COSTS OFF, ANALYZE, SUMMARY OFF, TIMING ON) SELECT * FROM modes WHERE month = ''2023-04''');
ALTER FOREIGN TABLE resources OPTIONS (ADD page_size '15');
SELECT plan('EXPLAIN (COSTS OFF, ANALYZE, SUMMARY OFF, TIMING OFF) SELECT * FROM resources WHERE month = ''2023-04'' AND region_id < 0');
SELECT plan('EXPLAIN (COSTS OFF, ANALYZE, SUMMARY OFF, TIMING OFF) SELECT * FROM resources WHERE month = ''2023-04'' LIMIT 5');
SELECT plan('EXPLAIN (COSTS OFF, ANALYZE, SUMMARY OFF, TIMING OFF) SELECT * FROM modes WHERE month > ''2023-05'' AND month < ''2023-04''');
SELECT plan('EXPLAIN (COSTS OFF, ANALYZE, SUMMARY OFF, TIMING OFF) SELECT pay_mode FROM modes WHERE month = (SELECT max(m) FROM months)');
:sent
-- counters add up over the loops of a scan that is asked anew
SELECT line FROM plan('EXPLAIN (COSTS OFF, ANALYZE, SUMMARY OFF, TIMING OFF) SELECT m, (SELECT count(*) FROM modes WHERE month = m) FROM months') line WHERE line ~ 'API|Requests|Action';
-- retries, and a wait for a bill that was not ready
\! simctl config '{"faults": [{"times": 1, "error": {"code": "InternalError"}}]}'
SELECT plan('EXPLAIN (COSTS OFF, ANALYZE, SUMMARY OFF, TIMING OFF) SELECT pay_mode FROM modes WHERE month = ''2023-04''');
ALTER FOREIGN TABLE modes OPTIONS (ADD ready_interval '1s');
\! simctl config '{"faults": [{"times": 1, "not_ready": true}]}'
SELECT plan('EXPLAIN (COSTS OFF, ANALYZE, SUMMARY OFF, TIMING OFF) SELECT pay_mode FROM modes WHERE month = ''2023-04''');
\! simctl config '{"faults": [{"times": 1, "error": {"code": "RequestLimitExceeded"}}]}'
SELECT plan('EXPLAIN (COSTS OFF, ANALYZE, SUMMARY OFF, TIMING OFF) SELECT pay_mode FROM modes WHERE month = ''2023-04''');
:sent
-- all counters in the formats for programs
CREATE FUNCTION plan_as_json(query text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE document jsonb;
BEGIN
  EXECUTE 'EXPLAIN (COSTS OFF, ANALYZE, SUMMARY OFF, FORMAT JSON) ' || query INTO document;
  RETURN document -> 0 -> 'Plan';
END $$;
SELECT key, CASE WHEN key IN ('API Bytes', 'API Time') THEN (value::numeric > 0)::text ELSE value END AS value
  FROM jsonb_each_text(plan_as_json('SELECT pay_mode FROM modes WHERE month = ''2023-04'''))
 WHERE key ~ '^(API|Action|Request|Filter)' ORDER BY key COLLATE "C";

--
-- a plan shows no secret and no address
--
SELECT count(*) FROM plan('EXPLAIN (VERBOSE, ANALYZE) SELECT * FROM modes WHERE month = ''2023-04''') line WHERE line ~ 'AKID|EXAMPLEKEY|127\.0\.0\.1';
-- without a user mapping EXPLAIN works as well
DROP USER MAPPING FOR CURRENT_USER SERVER sim;
EXPLAIN (COSTS OFF) SELECT * FROM modes WHERE month = '2023-04';
\! simctl reset

SET client_min_messages = warning;
DROP SCHEMA explain CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
