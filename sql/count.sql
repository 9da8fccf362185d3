--
-- Option count_from_total: rows that no condition has to look at are counted
-- by the API's own total
--
\setenv SIM_CONFIG '{"rows": 40, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA count;
SET search_path = count, public;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO count;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;
ALTER FOREIGN TABLE bill_resource_summary_for_organization RENAME TO resources;
CREATE FOREIGN TABLE counted (month text, pay_mode text, business_code text, resource_id text, tag_key text, tag_value text, action_type text, tags jsonb, real_total_cost numeric)
  SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization', page_size '15');
CREATE TABLE local AS SELECT month, pay_mode, business_code, resource_id, tags, real_total_cost FROM resources WHERE month BETWEEN '2023-01' AND '2023-04';
CREATE TABLE periods AS SELECT * FROM (VALUES ('2023-01', 'p_cvm'), ('2023-03', 'p_cbs'), (NULL, 'p_cvm'), ('2023-03', NULL)) v(m, code);
:sent

-- off by default
SELECT count(*) FROM counted WHERE month = '2023-04';
:sent
ALTER FOREIGN TABLE counted OPTIONS (ADD count_from_total 'maybe'); -- ERROR
ALTER FOREIGN TABLE counted OPTIONS (ADD count_from_total 'on');
SELECT count(*) FROM counted WHERE month = '2023-04';
:sent

--
-- What is counted
--
SELECT count(*) FROM counted WHERE month BETWEEN '2023-01' AND '2023-04';
SELECT month, count(*) FROM counted WHERE month IN ('2023-01', '2023-03') GROUP BY month ORDER BY month;
SELECT count(*) - (SELECT count(*) FROM local WHERE business_code = 'p_cvm' AND month = '2023-04') AS difference FROM counted WHERE month = '2023-04' AND business_code = 'p_cvm';
:sent
-- of the columns that parameters feed, any use will do
SELECT count(*) AS groups, sum(c) AS rows,
       sum(c) - (SELECT count(*) FROM local WHERE month IN ('2023-03', '2023-04') AND business_code IN ('p_cvm', 'p_cbs') AND pay_mode IN ('prePay', 'postPay')) AS difference
  FROM (SELECT month, business_code, pay_mode, count(*) AS c FROM counted
         WHERE month IN ('2023-03', '2023-04') AND business_code IN ('p_cvm', 'p_cbs') AND pay_mode IN ('prePay', 'postPay')
         GROUP BY GROUPING SETS ((month, business_code, pay_mode)) HAVING count(*) > 0) x;
SELECT count(DISTINCT month), max(month), count(month), count(tag_key), bool_and(month LIKE '2023%') FROM counted WHERE month IN ('2023-03', '2023-04');
:sent
SELECT tag_key, count(*) FROM counted WHERE month = '2023-04' AND tag_key IN ('env', 'team') GROUP BY 1 ORDER BY 1;
SELECT tag_key, tag_value, action_type, count(*) - (SELECT count(*) FROM local WHERE month = '2023-04' AND tags ->> 'env' = 'prod') AS difference
  FROM counted WHERE month = '2023-04' AND tag_key = 'env' AND tag_value = 'prod' GROUP BY 1, 2, 3;
:sent
-- joins
SELECT m, code, count(month), count(month) = (SELECT count(*) FROM local WHERE month = m AND business_code = code) AS same
  FROM periods LEFT JOIN counted ON month = m AND business_code = code GROUP BY 1, 2 ORDER BY 1, 2;
:sent
SELECT m, (SELECT count(*) FROM counted WHERE month = m) FROM periods WHERE code IS NOT NULL ORDER BY m;
:sent
-- LIMIT, cursors that go back, prepared statements
SELECT month FROM counted WHERE month = '2023-04' LIMIT 3;
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT month FROM counted WHERE month = '2023-04';
MOVE 39 IN c;
FETCH ALL FROM c;
FETCH BACKWARD 2 FROM c;
COMMIT;
PREPARE by_code(text[]) AS SELECT count(*) - (SELECT count(*) FROM local WHERE month = '2023-04' AND business_code = ANY ($1)) AS difference
  FROM counted WHERE month = '2023-04' AND business_code = ANY ($1);
SET plan_cache_mode = force_generic_plan;
EXECUTE by_code('{p_cvm,p_cbs,p_none}');
EXECUTE by_code(NULL);
:sent
-- more values than are sent: the same plan reads the rows
SELECT format('EXECUTE by_code(%L)', array_agg('p_' || i) || '{p_cvm}') FROM generate_series(1, 40) i \gexec
RESET plan_cache_mode;
:sent

--
-- What is not: a row has to be looked at
--
SELECT count(*) = (SELECT count(*) FROM local WHERE month = '2023-04' AND real_total_cost > 100) AS same FROM counted WHERE month = '2023-04' AND real_total_cost > 100;
SELECT count(*) = (SELECT count(*) FROM local WHERE month = '2023-04' AND business_code LIKE 'p_c%') AS same FROM counted WHERE month = '2023-04' AND business_code LIKE 'p_c%';
SELECT count(*) = (SELECT count(*) FROM local WHERE month = '2023-04' AND pay_mode = 'riPay') AS same FROM counted WHERE month = '2023-04' AND pay_mode = 'riPay';
SELECT count(*) = (SELECT count(*) FROM local WHERE month = '2023-04' AND pay_mode IN ('riPay', 'prePay')) AS same FROM counted WHERE month = '2023-04' AND pay_mode IN ('riPay', 'prePay');
SELECT count(*) FROM counted WHERE month = '2023-04' AND random() >= 0;
:sent
SELECT count(resource_id), count(DISTINCT business_code) = (SELECT count(DISTINCT business_code) FROM local WHERE month = '2023-04') AS same FROM counted WHERE month = '2023-04';
SELECT count(*) FILTER (WHERE tag_value <> '') = (SELECT count(*) FROM local WHERE month = '2023-04' AND tags ->> 'env' <> '') AS same FROM counted WHERE month = '2023-04' AND tag_key = 'env';
SELECT count(*) = (SELECT count(*) FROM local WHERE month = '2023-04' AND coalesce(tags ->> 'env', '') = '') AS same FROM counted WHERE month = '2023-04' AND tag_key = 'env' AND tag_value = '';
SELECT count(c) FROM counted c WHERE month = '2023-04';
:sent
-- tag filters began in 2021-01
SELECT month, count(*) > 0 AS some FROM counted WHERE month IN ('2020-12', '2021-01') AND tag_key = 'env' AND tag_value = 'prod' GROUP BY 1 ORDER BY 1;
:sent
-- an option "value" that is not sent
CREATE FOREIGN TABLE reserved (month text, pay_mode text OPTIONS (value 'riPay'))
  SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization', count_from_total 'on');
SELECT count(*) = (SELECT count(*) FROM local WHERE month = '2023-04' AND pay_mode = 'riPay') AS same FROM reserved WHERE month = '2023-04';
-- an action that knows no total
ALTER FOREIGN TABLE modes OPTIONS (ADD count_from_total 'on');
SELECT count(*) FROM modes WHERE month = '2023-04';
:sent

--
-- EXPLAIN
--
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*) FROM counted WHERE month IN ('2023-03', '2023-04');
EXPLAIN (COSTS OFF) SELECT count(*) FROM counted WHERE month = '2023-04' AND pay_mode = 'riPay';
EXPLAIN (COSTS OFF) SELECT count(*) FROM counted WHERE month = '2023-04' AND real_total_cost > 0;
EXPLAIN (COSTS OFF) SELECT (SELECT count(*) FROM counted WHERE month = m) FROM periods;
CREATE FUNCTION run(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query LOOP
    CONTINUE WHEN line !~ 'Requests|Count|API';
    RETURN NEXT line;
  END LOOP;
END $$;
SELECT run($$SELECT FROM counted WHERE month IN ('2023-03', '2023-04')$$);
SELECT run($$SELECT resource_id FROM counted WHERE month IN ('2023-03', '2023-04')$$);
-- the planner knows that it is one call
SELECT round((pg_temp.explained($$SELECT resource_id FROM counted WHERE month = '2022-01'$$, 'Total Cost') - pg_temp.explained($$SELECT month FROM counted WHERE month = '2022-01'$$, 'Total Cost')) / 1000) AS calls;
:sent

--
-- Answers of other kinds
--
-- a total that is none: the rows are read
\! simctl config '{"total": "null"}'
SELECT count(*) FROM counted WHERE month = '2023-04';
:sent
\! simctl config '{"total": "absent"}'
SELECT count(*) FROM counted WHERE month = '2023-04';
\! simctl config '{"total": "zero"}'
SELECT count(*) FROM counted WHERE month = '2023-04';
:sent
-- no rows
\! simctl config '{"rows": 0}'
SELECT count(*) FROM counted WHERE month = '2023-04';
SELECT month, count(*) FROM counted WHERE month = '2023-04' GROUP BY 1;
:sent
-- rows are counted and none is there
\! simctl config '{"rows": 0, "faults": [{"patch": [{"op": "replace", "path": "/Response/Total", "value": 7}]}]}'
SELECT count(*) FROM counted WHERE month = '2023-04'; -- ERROR
ALTER SERVER sim OPTIONS (ADD answer_check 'warning');
SELECT count(*) FROM counted WHERE month = '2023-04';
ALTER SERVER sim OPTIONS (DROP answer_check);
:sent
-- a filter that the API ignores shows when the one row has another value
\! simctl config '{"ignore_filters": ["ResourceId"]}'
SELECT count(*) FROM counted WHERE month = '2023-04' AND resource_id = 'none'; -- ERROR
:sent
-- a bill that is being prepared is none of no rows
SET billing_fdw.ready_timeout = 0;
\! simctl config '{"faults": [{"error": {"code": "FailedOperation.SummaryDataNotReady"}}]}'
SELECT count(*) FROM counted WHERE month = '2023-04'; -- ERROR
RESET billing_fdw.ready_timeout;
\! simctl config '{"faults": [{"error": {"code": "InvalidParameter"}}]}'
SELECT count(*) FROM counted WHERE month = '2023-04'; -- ERROR
:sent
-- a wrong total is a wrong count: that is why the option is off by default
\! simctl config '{"total": "stale"}'
SELECT count(*) FROM counted WHERE month = '2023-04';
:sent
-- of the server, for all its tables; a table's own wins
ALTER SERVER sim OPTIONS (ADD count_from_total 'true');
ALTER FOREIGN TABLE counted OPTIONS (SET count_from_total 'false');
SELECT count(*) FROM resources WHERE month = '2023-04';
SELECT count(*) FROM counted WHERE month = '2023-04';
:sent

SET client_min_messages = warning;
DROP SCHEMA count CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
\! simctl reset
