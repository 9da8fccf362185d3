--
-- Required conditions: what is refused, before any call and never by EXPLAIN
--
\setenv SIM_CONFIG '{"rows": 40, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA required;
SET search_path = required, public;
SET datestyle = ISO;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO required;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;
CREATE TABLE months (m text, g text);
INSERT INTO months VALUES ('2023-01', 'payMode'), ('2023-03', 'region');

--
-- a month
--
SELECT * FROM modes; -- ERROR
SELECT * FROM modes WHERE pay_mode = 'prePay'; -- ERROR
SELECT * FROM modes WHERE real_total_cost > 0 OR month = '2023-04'; -- ERROR
SELECT * FROM modes WHERE month IS NOT NULL; -- ERROR
SELECT * FROM modes WHERE month >= '2018-01'; -- ERROR
SELECT * FROM modes WHERE month LIKE '%'; -- ERROR
SELECT * FROM modes LIMIT 1; -- ERROR
SELECT count(*) FROM bill_summary; -- ERROR
SELECT count(*) FROM bill_resource_summary_for_organization WHERE resource_id = 'x'; -- ERROR
SELECT count(*) FROM bill_summary_by_pay_mode_detail WHERE action_type = 'pre_renew'; -- ERROR
\set VERBOSITY sqlstate
SELECT * FROM modes; -- ERROR
\set VERBOSITY default
-- the example fits the type of the column
CREATE FOREIGN TABLE modes_date ("Tag eins" date OPTIONS (column_name 'month'), pay_mode text) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT * FROM modes_date; -- ERROR
-- one month less is enough
SELECT count(*) FROM (SELECT * FROM modes WHERE month > '2018-01' LIMIT 1) x;
\! simctl bodies | wc -l
\! simctl reset
SELECT count(*) FROM (SELECT * FROM modes WHERE month <> '2020-01' OFFSET 0 LIMIT 1) x;
\! simctl bodies | wc -l
\! simctl reset

--
-- a group
--
SELECT count(*) FROM bill_summary WHERE month = '2023-04'; -- ERROR
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type IS NOT NULL; -- ERROR
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type IN ('business', 'project', 'region', 'payMode', 'tag'); -- ERROR
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_key = '1'; -- ERROR
SELECT count(*) FROM bill_summary WHERE group_type = 'region'; -- ERROR
SELECT count(*) FROM bill_summary_business WHERE month = '2023-04'; -- ERROR
SELECT count(*) > 0 FROM bill_summary WHERE month = '2023-04' AND group_type IN ('business', 'project');
-- a tag key
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type = 'tag'; -- ERROR
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type IN ('tag', 'region'); -- ERROR
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type = 'tag' AND tag_key LIKE 'e%'; -- ERROR
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type = 'tag' AND tag_key IS NOT NULL; -- ERROR
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type = 'tag' AND group_key = 'env'; -- ERROR
:sent
-- a tag key implies the group
SELECT DISTINCT group_type, tag_key, group_key FROM bill_summary WHERE month = '2023-04' AND tag_key = 'env';
SELECT DISTINCT group_type, tag_key, group_key FROM bill_summary_business WHERE month = '2023-04' AND tag_key = 'env';
:sent

--
-- options satisfy it
--
CREATE FOREIGN TABLE quarter (month text, pay_mode text) SERVER sim
  OPTIONS (table_name 'bill_summary_by_pay_mode', first_month '2023-01', last_month '2023-03');
SELECT month, count(*) FROM quarter GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM quarter WHERE pay_mode = 'prePay';
-- months outside are not in the table, whoever asks
SELECT count(*) FROM quarter WHERE month = '2023-04';
SELECT count(*) FROM quarter WHERE month IN ('2022-12', '2023-01');
:sent
-- last_month alone is an end, not a beginning
ALTER FOREIGN TABLE quarter OPTIONS (DROP first_month);
SELECT count(*) FROM quarter; -- ERROR
SELECT count(*) FROM quarter WHERE month > '2023-02';
SELECT count(*) FROM quarter WHERE month IN ('2023-03', '2023-04', '2017-12') AND month > '2018';
:sent
ALTER FOREIGN TABLE quarter OPTIONS (ADD first_month '2023-04');
SELECT count(*) FROM quarter;
:sent
-- months before the current one
ALTER FOREIGN TABLE quarter OPTIONS (SET first_month '-2', SET last_month '-1');
SELECT min(month) = to_char(now() AT TIME ZONE 'Asia/Shanghai' - interval '2 months', 'YYYY-MM'),
       max(month) = to_char(now() AT TIME ZONE 'Asia/Shanghai' - interval '1 month', 'YYYY-MM'), count(DISTINCT month) FROM quarter;
ALTER FOREIGN TABLE quarter OPTIONS (DROP last_month, SET first_month '-0');
SELECT min(month) = to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), count(DISTINCT month) FROM quarter;
\! simctl bodies | wc -l
\! simctl reset
CREATE FOREIGN TABLE fixed (month text OPTIONS (value '2023-04'), group_type text OPTIONS (value 'payMode'), group_key text) SERVER sim
  OPTIONS (table_name 'bill_summary');
SELECT * FROM fixed;
CREATE FOREIGN TABLE fixed_tag (month text, group_type text OPTIONS (value 'tag'), tag_key text, group_value text) SERVER sim
  OPTIONS (table_name 'bill_summary', first_month '2023-04', last_month '2023-04');
SELECT count(*) FROM fixed_tag; -- ERROR
SELECT count(*) FROM fixed_tag WHERE tag_key = 'env';
:sent

--
-- custom and generic plans agree
--
PREPARE maybe(text) AS SELECT count(*) FROM modes WHERE $1 IS NULL OR month = $1;
PREPARE groups(text[]) AS SELECT count(*) > 0 FROM bill_summary WHERE month = '2023-04' AND group_type = ANY ($1);
SET plan_cache_mode = force_custom_plan;
EXECUTE maybe('2023-04');
EXECUTE maybe(NULL); -- ERROR
EXECUTE groups('{region}');
EXECUTE groups('{business,project,region,payMode,tag}'); -- ERROR
:sent
SET plan_cache_mode = force_generic_plan;
EXECUTE maybe('2023-04');
EXECUTE maybe(NULL); -- ERROR
EXECUTE groups('{region}');
EXECUTE groups('{business,project,region,payMode,tag}'); -- ERROR
:sent
RESET plan_cache_mode;
DEALLOCATE ALL;

--
-- EXPLAIN does not refuse, it tells
--
SELECT pg_temp.plan('SELECT * FROM modes');
SELECT pg_temp.plan($$SELECT * FROM bill_summary WHERE month = '2023-04'$$);
SELECT pg_temp.plan($$SELECT * FROM bill_summary WHERE month = '2023-04' AND group_type = 'tag'$$);
EXPLAIN (COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF) SELECT * FROM modes; -- ERROR
-- nothing is refused where nothing is fetched
SELECT * FROM quarter WHERE false;
SELECT pay_mode FROM modes LIMIT 0;
SELECT pay_mode FROM modes WHERE (SELECT false);
PREPARE never(bool) AS SELECT count(*) FROM modes WHERE $1;
SET plan_cache_mode = force_generic_plan;
EXECUTE never(false);
EXECUTE never(true); -- ERROR
RESET plan_cache_mode;
DEALLOCATE ALL;
SELECT m, CASE WHEN m > '2022' THEN 'known' ELSE (SELECT min(pay_mode) FROM modes) END FROM months;
BEGIN;
DECLARE c CURSOR FOR SELECT pay_mode FROM modes;
CLOSE c;
COMMIT;
-- a contradiction is not refused
SELECT count(*) FROM modes WHERE month < '2018-01' AND pay_mode = 'prePay';
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type = 'region' AND tag_key = 'env';
SELECT count(*) FROM bill_summary WHERE month > '2023-04' AND month < '2023-05';
SELECT count(*) FROM bill_summary WHERE month IS NULL;
:sent

--
-- a join satisfies it (see joins.sql), unless no plan can bring its values
--
SELECT m, count(*) FROM months JOIN modes ON month = m GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM months, bill_summary WHERE month = '2023-04' AND group_type = g;
:sent
SELECT count(*) FROM months JOIN bill_summary ON month = m; -- ERROR
SELECT count(*) FROM months JOIN bill_summary ON month = '2023-04' AND group_key = g; -- ERROR
SELECT count(*) FROM modes LEFT JOIN months ON month = m; -- ERROR
SELECT count(*) FROM modes FULL JOIN months ON month = m; -- ERROR
SELECT count(*) FROM modes WHERE NOT EXISTS (SELECT FROM months WHERE month = m); -- ERROR
SELECT count(*) FROM modes a JOIN modes b USING (month); -- ERROR
:sent
-- the ways out
SELECT m, count(*) FROM months, LATERAL (SELECT * FROM modes WHERE month = m OFFSET 0) x GROUP BY 1 ORDER BY 1;
SELECT m, count(*) FROM months JOIN modes ON month = m WHERE month BETWEEN '2023-01' AND '2023-03' GROUP BY 1 ORDER BY 1;
SELECT m FROM months WHERE EXISTS (SELECT FROM modes WHERE month = m OFFSET 0);
SELECT m FROM months WHERE NOT EXISTS (SELECT FROM modes WHERE month = m OFFSET 0);
SELECT count(*) FROM modes WHERE month = ANY (ARRAY(SELECT m FROM months));
SELECT m, g, count(*) > 0 FROM months, LATERAL (SELECT * FROM bill_summary WHERE month = m AND group_type = g OFFSET 0) x GROUP BY 1, 2 ORDER BY 1;
:sent

SET client_min_messages = warning;
DROP SCHEMA required CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
\! simctl reset
