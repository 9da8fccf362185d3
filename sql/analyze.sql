--
-- ANALYZE: some pages are read; what they show is kept, and used by the planner
--
\setenv SIM_CONFIG '{"rows": 2000, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA samples;
SET search_path = samples, public;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO samples;
ALTER FOREIGN TABLE bill_summary RENAME TO summary;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;
ALTER FOREIGN TABLE bill_resource_summary_for_organization RENAME TO resources;
CREATE FOREIGN TABLE quarter (month text, resource_id text, business_code text, pay_mode text, region_id bigint, real_total_cost numeric)
  SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization', first_month '2023-01', last_month '2023-03');
CREATE FOREIGN TABLE few_groups (month text, group_type text, group_key text, real_total_cost numeric)
  SERVER sim OPTIONS (table_name 'bill_summary', first_month '2023-01', last_month '2023-02');

-- what is known of a table; months since 2018-01 become more as time goes by
CREATE FUNCTION kept(name regclass, OUT rows_per_month numeric, OUT pages boolean) LANGUAGE sql AS $$
  SELECT round((reltuples / CASE WHEN name::text IN ('quarter') THEN 3 WHEN name::text IN ('few_groups') THEN 2 ELSE
                            (extract(year FROM b) - 2018) * 12 + extract(month FROM b) END)::numeric), relpages > 0
    FROM pg_class, (SELECT now() AT TIME ZONE 'Asia/Shanghai') x (b) WHERE oid = name $$;
-- the last complete month by Beijing's clock goes by that name here
CREATE FUNCTION lines(bodies text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT replace(line, to_char((now() AT TIME ZONE 'Asia/Shanghai') - interval '1 month', 'YYYY-MM'), 'last')
    FROM regexp_split_to_table(trim(bodies, E'\n'), '\n') line $$;

-- never before
SELECT relname, reltuples, relpages FROM pg_class WHERE relname = 'resources';
-- without a first month: the last complete month stands for all
ANALYZE resources;
\set bodies `simctl bodies`
SELECT lines(:'bodies');
:fresh
SELECT * FROM kept('resources');
SELECT count(*) AS columns, count(*) FILTER (WHERE n_distinct > 1 OR n_distinct < 0) > 10 AS varied FROM pg_stats WHERE schemaname = 'samples' AND tablename = 'resources';
SELECT attname, n_distinct BETWEEN 90 AND 400 AS as_many_as_months FROM pg_stats WHERE tablename = 'resources' AND attname = 'month';
-- with one: of the table's months; the whole bill fits into the calls that are allowed
ANALYZE quarter;
:sent
SELECT * FROM kept('quarter');
SELECT attname, n_distinct FROM pg_stats WHERE tablename = 'quarter' AND attname IN ('month', 'pay_mode') ORDER BY 1;
SELECT n_distinct < -0.1 OR n_distinct > 1000 AS ids FROM pg_stats WHERE tablename = 'quarter' AND attname = 'resource_id';
SELECT count(*) AS kept, bool_and(abs(freq - 1 / 3.0) < 0.001) AS equal
  FROM pg_stats, unnest(most_common_vals::text::text[], most_common_freqs) m (month, freq) WHERE tablename = 'quarter' AND attname = 'month';
-- no more calls than the statistics target asks for
ALTER FOREIGN TABLE quarter OPTIONS (ADD page_size '100');
SET default_statistics_target = 10;
ANALYZE quarter;
\! simctl bodies | wc -l
\! simctl bodies | grep -c '"Offset":0,'
\! simctl bodies | sort | uniq -d
:fresh
SELECT * FROM kept('quarter');
RESET default_statistics_target;
ANALYZE quarter;
\! simctl bodies | wc -l
\! simctl bodies | sort | uniq -d
:fresh
SELECT * FROM kept('quarter');
ALTER FOREIGN TABLE quarter OPTIONS (DROP page_size);
-- more rows are read than the sample takes
\! psql -XAtq -d regression -c 'SET default_statistics_target = 1' -c 'ANALYZE VERBOSE samples.quarter' 2>&1 | grep 'pages of'
:fresh
-- groups, but tags need a key
ANALYZE few_groups;
\! simctl bodies | sort
:fresh
SELECT (SELECT reltuples FROM pg_class WHERE relname = 'few_groups') / 10 =
       (SELECT count(*) / 8.0 FROM few_groups WHERE group_type <> 'tag') AS average;
SELECT attname, n_distinct FROM pg_stats WHERE tablename = 'few_groups' AND attname IN ('month', 'group_type') ORDER BY 1;
:fresh
-- single columns, VERBOSE, and that nothing is done twice
ANALYZE modes (pay_mode);
SELECT attname, n_distinct FROM pg_stats WHERE tablename = 'modes';
\! simctl bodies | wc -l
:fresh
\! psql -XAtq -d regression -c 'ANALYZE VERBOSE samples.quarter' 2>&1 | grep 'pages of'
:sent

--
-- What the planner makes of it
--
\c
\i sql/common.psql
SET search_path = samples, public;
-- a new session has learnt nothing, but ANALYZE has kept it
SELECT pg_temp.explained($$SELECT * FROM resources WHERE month = '2023-04'$$) AS month, pg_temp.explained($$SELECT * FROM quarter$$) AS quarter,
       pg_temp.explained($$SELECT * FROM quarter WHERE month > '2023-01'$$) AS two, pg_temp.explained($$SELECT * FROM few_groups WHERE group_type = 'region'$$) = round((SELECT reltuples FROM pg_class WHERE relname = 'few_groups') / 5) AS groups;
-- selectivities
SELECT abs(pg_temp.explained($$SELECT * FROM quarter WHERE pay_mode = 'prePay'$$) / (SELECT count(*) FROM quarter WHERE pay_mode = 'prePay') - 1) < 0.05 AS mode,
       abs(pg_temp.explained($$SELECT * FROM quarter WHERE real_total_cost > 100$$) / (SELECT count(*) FROM quarter WHERE real_total_cost > 100) - 1) < 0.05 AS cost,
       abs(pg_temp.explained($$SELECT * FROM quarter WHERE month = '2023-01' AND business_code = 'p_cvm'$$) / (SELECT count(*) FROM quarter WHERE month = '2023-01' AND business_code = 'p_cvm') - 1) < 0.5 AS code;
CREATE TABLE months AS SELECT '2023-0' || i AS m FROM generate_series(1, 3) i;
ANALYZE months;
SELECT pg_temp.explained($$SELECT * FROM months JOIN quarter ON month = m$$) AS joined, pg_temp.explained($$SELECT * FROM months JOIN resources ON month = m$$) BETWEEN 5000 AND 7000 AS joined_extent;
-- what the session sees itself counts more
\! simctl config '{"rows": 500}'
SELECT count(*) FROM quarter WHERE month = '2023-01';
SELECT pg_temp.explained($$SELECT * FROM quarter WHERE month = '2023-02'$$) < 2000 AS learnt;
-- until ANALYZE knows better
ANALYZE quarter;
SELECT pg_temp.explained($$SELECT * FROM quarter WHERE month = '2023-02'$$) AS analyzed;
:fresh

--
-- Partitions and parents
--
CREATE TABLE parts (month text, group_type text, group_key text, real_total_cost numeric) PARTITION BY LIST (group_type);
CREATE FOREIGN TABLE part_region PARTITION OF parts FOR VALUES IN ('region') SERVER sim OPTIONS (table_name 'bill_summary', first_month '2023-01', last_month '2023-02');
CREATE TABLE part_own PARTITION OF parts FOR VALUES IN ('own');
INSERT INTO parts SELECT '2023-01', 'own', i, i FROM generate_series(1, 1000) i;
ANALYZE parts;
:sent_sorted
SELECT attname, inherited, most_common_vals FROM pg_stats WHERE tablename IN ('part_region', 'parts') AND attname = 'group_type' ORDER BY 2;
SELECT reltuples = (SELECT count(*) FROM part_region) AS rows FROM pg_class WHERE relname = 'part_region';
-- by account: the bound is the argument of the calls
CREATE TABLE accounts (month text, payer_uin text, pay_mode text) PARTITION BY LIST (payer_uin);
CREATE FOREIGN TABLE account_1 PARTITION OF accounts FOR VALUES IN ('100000000001') SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode', first_month '2023-01', last_month '2023-02');
ANALYZE account_1;
SELECT attname, most_common_vals FROM pg_stats WHERE tablename = 'account_1' AND attname = 'payer_uin';
:sent_sorted

--
-- Other answers
--
-- no total: pages in turn
ALTER FOREIGN TABLE quarter OPTIONS (ADD page_size '500');
\! simctl config '{"total": "null", "rows": 1200}'
ANALYZE quarter;
:sent
SELECT * FROM kept('quarter');
-- the server caps its pages
\! simctl config '{"limit_cap": 300}'
ANALYZE quarter;
\! simctl bodies | wc -l
SELECT * FROM kept('quarter');
-- no rows
\! simctl config '{"limit_cap": 0, "rows": 0}'
ANALYZE quarter;
SELECT * FROM kept('quarter');
-- errors
\! simctl config '{"rows": 10, "faults": [{"error": {"code": "InvalidParameter"}}]}'
ANALYZE quarter; -- ERROR
SET billing_fdw.ready_timeout = 0;
\! simctl config '{"faults": [{"where": {"Month": "2023-02"}, "error": {"code": "FailedOperation.SummaryDataNotReady"}}]}'
ANALYZE quarter; -- ERROR
RESET billing_fdw.ready_timeout;
\! simctl config '{"faults": []}'
ANALYZE quarter;
SELECT * FROM kept('quarter');
\! simctl reset
\! simctl config '{"rows": 20, "request_id": "counted"}'
-- who analyzes uses the owner's keys
CREATE ROLE regress_billing_owner;
GRANT USAGE ON FOREIGN SERVER sim TO regress_billing_owner;
GRANT ALL ON SCHEMA samples TO regress_billing_owner;
ALTER FOREIGN TABLE quarter OWNER TO regress_billing_owner;
\set VERBOSITY sqlstate
ANALYZE quarter; -- ERROR
\set VERBOSITY default
CREATE USER MAPPING FOR regress_billing_owner SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
ANALYZE quarter;
-- all tables of the database: none of ours, but what belongs to partitioned ones
\! simctl reset
ANALYZE;
\! simctl bodies | sort

SET client_min_messages = warning;
DROP SCHEMA samples CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
DROP ROLE regress_billing_owner;
\! simctl reset
