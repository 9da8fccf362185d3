--
-- Costs: a call is what counts, so the planner sends values while that saves
-- calls, and reads the month once when it does not
--
\setenv SIM_CONFIG '{"rows": 20000, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA costs;
SET search_path = costs, public;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO costs;
ALTER FOREIGN TABLE bill_summary RENAME TO summary;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;
ALTER FOREIGN TABLE bill_resource_summary_for_organization RENAME TO resources;

-- the joins of a plan, and what chooses the requests
CREATE FUNCTION plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
  RETURN (SELECT string_agg(type #>> '{}', ', ') FROM jsonb_path_query(plan, 'strict $.**."Node Type"') type WHERE type::text ~ 'Join|Loop') ||
    (SELECT ', ' || CASE WHEN string_agg(filter::text, '') ~ 'resource_id' THEN 'month and resource_id' ELSE 'month' END
       FROM jsonb_path_query(plan, 'strict $.**."Request Filter"') filter);
END $$;
CREATE FUNCTION try(command text, OUT state text, OUT message text, OUT hint text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE command;
  state := 'none';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
END $$;

--
-- Rows: candidates are counted
--
SELECT condition, pg_temp.explained('SELECT * FROM modes WHERE ' || condition) AS rows
  FROM unnest(ARRAY[
    $$month = '2023-04'$$, $$month BETWEEN '2023-01' AND '2023-03'$$, $$month IN ('2023-01', '2023-04')$$, $$month IN ('2023-01', '2023-01')$$,
    $$month > '2022-12' AND month <> '2023-02' AND month < '2023-05'$$, $$month = '2023-01' OR month = '2023-03'$$,
    $$month >= '2022' || '-11' AND month <= '2023-04'$$, $$month = '2023-01' AND payer_uin = '1'$$, $$month = '2023-01' AND payer_uin IN ('1', '2', '3')$$
  ]) condition;
SELECT condition, pg_temp.explained('SELECT * FROM summary WHERE month = ''2023-04'' AND ' || condition) AS rows
  FROM unnest(ARRAY[
    $$group_type = 'region'$$, $$group_type IN ('region', 'payMode')$$, $$group_type <> 'tag'$$, $$group_type > 'p' AND group_type < 't'$$
  ]) condition;
-- months of other types
CREATE FOREIGN TABLE modes_date (month date, pay_mode text) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE modes_time (month timestamp, pay_mode text) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT pg_temp.explained($$SELECT * FROM modes_date WHERE month BETWEEN '2022-12-02' AND '2023-03-31'$$) AS rows1,
       pg_temp.explained($$SELECT * FROM modes_time WHERE month >= '2022-12-02' AND month < '2023-03-01'$$) AS rows2;
-- a table of some months
CREATE FOREIGN TABLE quarter (month text, pay_mode text) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode', first_month '2023-01', last_month '2023-03');
SELECT pg_temp.explained('SELECT * FROM quarter') AS rows1, pg_temp.explained($$SELECT * FROM quarter WHERE month > '2023-01'$$) AS rows2;
-- a value that is not known yet counts as one
PREPARE one(text) AS SELECT * FROM modes WHERE month = $1;
SET plan_cache_mode = force_generic_plan;
SELECT pg_temp.explained($$EXECUTE one('2023-04')$$) AS generic;
SET plan_cache_mode = force_custom_plan;
SELECT pg_temp.explained($$EXECUTE one('2023-04')$$) AS custom, pg_temp.explained('SELECT * FROM modes WHERE month = (SELECT max(month) FROM quarter)') AS subquery;
RESET plan_cache_mode;
-- a function runs a few times while planning, not once a month
CREATE SEQUENCE runs;
CREATE FUNCTION latest() RETURNS text STABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('runs'); RETURN '2023-04'; END $$;
SELECT pay_mode FROM modes WHERE month >= latest() AND month <= '2023-06' LIMIT 0;
SELECT last_value < 10 AS few FROM runs;
SELECT pg_temp.explained('SELECT * FROM modes WHERE month >= latest() AND month <= ''2023-06''') AS rows;

--
-- Rows of a request are learnt from scans that read all of a month
--
SELECT pg_temp.explained($$SELECT * FROM resources WHERE month = '2023-04'$$) AS usual;
SELECT count(*) FROM (SELECT FROM resources WHERE month = '2023-04' LIMIT 50) x;
SELECT count(*) > 0 FROM resources WHERE month = '2023-04' AND business_code = 'p_cvm';
SELECT pg_temp.explained($$SELECT * FROM resources WHERE month = '2023-04'$$) AS nothing_learnt;
SELECT count(*) FROM resources WHERE month = '2023-04';
SELECT pg_temp.explained($$SELECT * FROM resources WHERE month = '2023-04'$$) AS learnt,
       pg_temp.explained($$SELECT * FROM resources WHERE month IN ('2022-01', '2022-02')$$) AS of_two_months;
-- of each table for itself
CREATE FOREIGN TABLE others (month text, resource_id text) SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization');
SELECT pg_temp.explained($$SELECT * FROM others WHERE month = '2023-04'$$) AS usual;

--
-- The choice of the planner
--
CREATE TABLE assets AS SELECT 'ins-' || i AS id FROM generate_series(1, 1000) i;
CREATE TABLE few AS SELECT * FROM assets LIMIT 3;
CREATE TABLE fifteen AS SELECT * FROM assets LIMIT 15;
ANALYZE assets, few, fifteen;
\set few '$$SELECT * FROM few JOIN resources ON resource_id = id WHERE month = \'2023-04\'$$'
\set fifteen '$$SELECT * FROM fifteen JOIN resources ON resource_id = id WHERE month = \'2023-04\'$$'
\set all '$$SELECT * FROM assets JOIN resources ON resource_id = id WHERE month = \'2023-04\'$$'
SELECT plan(:few) AS few, plan(:fifteen) AS fifteen, plan(:all) AS all;
:fresh
SELECT count(*) FROM few JOIN resources ON resource_id = id WHERE month = '2023-04';
\! simctl bodies
:fresh
SELECT count(*) FROM assets JOIN resources ON resource_id = id WHERE month = '2023-04';
\! simctl bodies | wc -l
-- when calls are cheap, reading all is
ALTER SERVER sim OPTIONS (ADD call_cost '1');
SELECT plan(:few) AS few, plan(:fifteen) AS fifteen, plan(:all) AS all;
-- unless starting is free
ALTER SERVER sim OPTIONS (ADD startup_cost '0');
SELECT plan(:fifteen) AS fifteen;
-- or rows are dear
ALTER SERVER sim OPTIONS (DROP startup_cost, ADD tuple_cost '1');
SELECT plan(:fifteen) AS fifteen;
ALTER SERVER sim OPTIONS (DROP call_cost, DROP tuple_cost);
-- months are bound by the join: one call each, not the history
CREATE TABLE months AS SELECT '2023-0' || i AS m FROM generate_series(1, 3) i;
ANALYZE months;
SELECT plan('SELECT * FROM months JOIN modes ON month = m') AS bound, plan($$SELECT * FROM months JOIN modes ON month = m WHERE month BETWEEN '2023-02' AND '2023-03'$$) AS own;

--
-- The numbers
--
-- a call counts
SELECT pg_temp.explained($$SELECT * FROM modes WHERE month BETWEEN '2022-01' AND '2022-12'$$, 'Total Cost') - pg_temp.explained($$SELECT * FROM modes WHERE month BETWEEN '2022-01' AND '2022-11'$$, 'Total Cost') BETWEEN 1000 AND 1001 AS month,
       pg_temp.explained($$SELECT * FROM resources WHERE month = '2022-01'$$, 'Total Cost') BETWEEN 20000 AND 21000 AS pages;
ALTER FOREIGN TABLE resources OPTIONS (ADD page_size '100');
SELECT pg_temp.explained($$SELECT * FROM resources WHERE month = '2022-01'$$, 'Total Cost') BETWEEN 200000 AND 201000 AS pages;
ALTER FOREIGN TABLE resources OPTIONS (DROP page_size);
-- two years do not wake the JIT compiler
SELECT table_name, pg_temp.explained(format('SELECT * FROM %I WHERE %s month BETWEEN ''2022-01'' AND ''2023-12''', table_name, CASE WHEN table_name = 'summary' THEN 'group_type = ''region'' AND' END), 'Total Cost') < current_setting('jit_above_cost')::numeric AS asleep
  FROM unnest('{summary,modes,others}'::text[]) table_name;
-- the options
SELECT v.value, t.* FROM unnest('{0,0.5,1e3,250,-1,-0.001,abc,1 s,"",NaN,Infinity,1e400}'::text[]) v(value),
  LATERAL try(format('ALTER SERVER sim OPTIONS (ADD call_cost %L); ALTER SERVER sim OPTIONS (DROP call_cost)', v.value)) t;
SELECT o.name, t.* FROM unnest('{startup_cost,call_cost,tuple_cost}'::text[]) o(name), LATERAL try(format('ALTER FOREIGN TABLE modes OPTIONS (ADD %I ''1'')', o.name)) t;
-- each is used
CREATE FUNCTION total(option text, value text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  result numeric;
BEGIN
  EXECUTE format('ALTER SERVER sim OPTIONS (ADD %I %L)', option, value);
  result := pg_temp.explained($q$SELECT * FROM modes WHERE month IN ('2023-01', '2023-02')$q$, 'Total Cost');
  EXECUTE format('ALTER SERVER sim OPTIONS (DROP %I)', option);
  RETURN result;
END $$;
SELECT total('startup_cost', '500') - total('startup_cost', '0') AS startup, total('call_cost', '500') - total('call_cost', '0') AS calls, total('tuple_cost', '10') - total('tuple_cost', '0') AS tuples;

SET client_min_messages = warning;
DROP SCHEMA costs CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
\! simctl reset
