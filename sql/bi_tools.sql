--
-- What BI tools send: exactly the months that their conditions keep are asked
-- for, and a preview costs a bounded number of calls
--
-- The shapes are those of the tools' own sources, named above each (GitHub
-- repository and file, macro or function), with our tables in them.
--
\setenv SIM_CONFIG '{"rows": 40, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
SET datestyle = ISO;
SET timezone = 'UTC';

-- the same tables with both types of month, and with text
CREATE SCHEMA bill_date;
CREATE SCHEMA bill_timestamp;
CREATE SCHEMA bill_text;
IMPORT FOREIGN SCHEMA bill LIMIT TO (bill_summary, bill_summary_by_pay_mode) FROM SERVER sim INTO bill_date OPTIONS (month_type 'date');
IMPORT FOREIGN SCHEMA bill LIMIT TO (bill_summary, bill_summary_by_pay_mode) FROM SERVER sim INTO bill_timestamp OPTIONS (month_type 'timestamp');
IMPORT FOREIGN SCHEMA bill LIMIT TO (bill_summary, bill_summary_by_pay_mode) FROM SERVER sim INTO bill_text OPTIONS (first_month '2018-01');
ALTER FOREIGN TABLE bill_date.bill_summary RENAME TO regions;
ALTER FOREIGN TABLE bill_date.regions ALTER COLUMN group_type OPTIONS (ADD value 'region');
ALTER FOREIGN TABLE bill_date.bill_summary_by_pay_mode RENAME TO modes;
ALTER FOREIGN TABLE bill_timestamp.bill_summary RENAME TO regions;
ALTER FOREIGN TABLE bill_timestamp.regions ALTER COLUMN group_type OPTIONS (ADD value 'region');
ALTER FOREIGN TABLE bill_timestamp.bill_summary_by_pay_mode RENAME TO modes;
ALTER FOREIGN TABLE bill_text.bill_summary_by_pay_mode RENAME TO modes;

CREATE FOREIGN TABLE bill_text.separator (month text OPTIONS (value '2018-01'), group_type text OPTIONS (value 'project')) SERVER sim
  OPTIONS (table_name 'bill_summary');

-- local copies of all their rows
CREATE SCHEMA copy_date;
CREATE SCHEMA copy_timestamp;
CREATE TABLE copy_date.modes AS
  SELECT (month || '-01')::date AS month, pay_mode, real_total_cost FROM bill_text.modes;
CREATE TABLE copy_date.regions AS
  SELECT (month || '-01')::date AS month, group_key, group_value, real_total_cost FROM bill_text.bill_summary WHERE group_type = 'region';
CREATE TABLE copy_timestamp.modes AS SELECT month::timestamp, pay_mode, real_total_cost FROM copy_date.modes;
CREATE TABLE copy_timestamp.regions AS SELECT month::timestamp, group_key, group_value, real_total_cost FROM copy_date.regions;

-- A query and its condition on month (where the query has {}), on the foreign
-- tables and on their copies, for each type of month and in three time zones
-- of the session (one line for those that agree).  equal: the rows are the
-- same; exact: the months asked for are those of which the condition keeps
-- rows.  Months relative to now are counted from the session's current month.
CREATE TABLE line (n int GENERATED ALWAYS AS IDENTITY, body text);
CREATE TABLE run (n int GENERATED ALWAYS AS IDENTITY, type text, zone text, rows int, equal bool, kept date[]);
SELECT set_config('bi.bodies', 'BILLING_SIM_URL=' || :'sim' || ' simctl bodies', false) <> '' AS known;
CREATE FUNCTION shown(months date[], since timestamp) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN since IS NULL THEN string_agg(to_char(m, 'YYYY-MM'), ' ' ORDER BY m)
         ELSE count(*) || ' from ' || min(distance) || ' to ' || max(distance) END
    FROM unnest(months) m, LATERAL (SELECT (12 * (extract(year FROM m) - extract(year FROM since)) + extract(month FROM m) - extract(month FROM since))::int AS distance) d
$$;
CREATE FUNCTION asks(query text, condition text, types text[] DEFAULT '{date,timestamp}',
  OUT type text, OUT zones text, OUT rows int, OUT equal bool, OUT exact bool, OUT months text) RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
  t text; z text; ours jsonb; theirs jsonb; kept date[]; before int := (SELECT count(*) FROM run);
BEGIN
  query := format('SELECT jsonb_agg(to_jsonb(q) ORDER BY to_jsonb(q)) FROM (%s) q', replace(query, '{}', condition));
  FOREACH t IN ARRAY types LOOP
    FOREACH z IN ARRAY '{UTC,Asia/Shanghai,America/New_York}'::text[] LOOP
      PERFORM set_config('timezone', z, true);
      PERFORM FROM bill_text.separator;
      EXECUTE regexp_replace(query, '\mbill\M', 'bill_' || t, 'g') INTO ours;
      EXECUTE regexp_replace(query, '\mbill\M', 'copy_' || t, 'g') INTO theirs;
      EXECUTE format('SELECT array_agg(DISTINCT month::date ORDER BY month::date) FROM copy_%s.modes WHERE %s', t,
                     regexp_replace(condition, '"(bill"."modes|source)"\.', '', 'g')) INTO kept;
      INSERT INTO run VALUES (DEFAULT, t, z, coalesce(jsonb_array_length(ours), 0), ours IS NOT DISTINCT FROM theirs, kept);
    END LOOP;
  END LOOP;
  DELETE FROM line;
  EXECUTE format('COPY line (body) FROM PROGRAM %L', current_setting('bi.bodies'));
  RETURN QUERY
    WITH sent AS (
      SELECT (substring(body FROM '"(?:Month|BeginTime)":"(.{7})"') || '-01')::date AS month, body LIKE '%"project"%' AS separates,
             count(*) FILTER (WHERE body LIKE '%"project"%') OVER (ORDER BY line.n) AS run FROM line),
    asked AS (
      SELECT sent.run, array_agg(DISTINCT month ORDER BY month) AS asked FROM sent WHERE NOT separates GROUP BY sent.run)
    SELECT r.type, string_agg(r.zone, ' ' ORDER BY r.n), r.rows, r.equal, r.kept IS NOT DISTINCT FROM a.asked AS exact,
           shown(a.asked, CASE WHEN condition ~* 'now\(\)' THEN now() AT TIME ZONE r.zone END)
      FROM run r LEFT JOIN asked a ON a.run = r.n
     WHERE r.n > before
     GROUP BY r.type, r.rows, r.equal, 5, 6 ORDER BY min(r.n);
END $$;
:fresh

--
-- Grafana
--
-- grafana/grafana, pkg/tsdb/grafana-postgresql-datasource/macros.go: $__time,
-- $__timeFilter; the bounds are always UTC, here those of January to March as
-- browsers in UTC, in Shanghai and in New York have them
\set panel '$$SELECT month AS "time", pay_mode AS metric, sum(real_total_cost) AS "value" FROM bill.modes WHERE {} GROUP BY month, pay_mode ORDER BY 1$$'
SELECT * FROM asks(:panel, $$month BETWEEN '2023-01-01T00:00:00Z' AND '2023-03-31T23:59:59.999Z'$$);
SELECT * FROM asks(:panel, $$month BETWEEN '2022-12-31T16:00:00Z' AND '2023-03-31T15:59:59.999Z'$$);
SELECT * FROM asks(:panel, $$month BETWEEN '2023-01-01T05:00:00Z' AND '2023-04-01T03:59:59.999Z'$$);
-- as text, the first month is missing: '2023-01' sorts before '2023-01-01'
SELECT DISTINCT month FROM bill_text.modes WHERE month BETWEEN '2023-01-01T00:00:00Z' AND '2023-03-31T23:59:59.999Z' ORDER BY 1;
-- $__timeFrom, $__timeTo in conditions of one's own
SELECT * FROM asks(:panel, $$month >= '2022-12-31T16:00:00Z'::timestamptz AND month <= '2023-03-31T15:59:59.999Z'::timestamptz$$);
SELECT * FROM asks(:panel, $$month >= date_trunc('month', '2023-01-15T00:00:00Z'::timestamptz) AND month < '2023-04-01T00:00:00Z'$$);
-- $__unixEpochFilter, $__timeGroupAlias(month, '30d')
SELECT * FROM asks($$SELECT floor(extract(epoch from month)/2592000)*2592000 AS "time", sum(real_total_cost) AS "value"
  FROM bill.modes WHERE {} GROUP BY time ORDER BY time$$,
  $$extract(epoch from month) >= 1672531200 AND extract(epoch from month) <= 1680307199$$);
-- public/app/plugins/datasource/grafana-postgresql-datasource/sqlUtil.ts:
-- toRawSql, with the limit of packages/grafana-sql/src/defaults.ts
SELECT * FROM asks($$SELECT SUM(real_total_cost) AS cost, month AS time FROM bill.modes WHERE {} GROUP BY month ORDER BY month DESC LIMIT 50 $$,
  $$(month BETWEEN '2023-01-01T00:00:00Z' AND '2023-02-15T00:00:00Z')$$);
-- a query variable, the values of a drop-down
SELECT * FROM asks($$SELECT DISTINCT group_value FROM bill.regions WHERE {}$$, $$month BETWEEN '2023-01-01T00:00:00Z' AND '2023-02-15T00:00:00Z'$$);

--
-- Metabase
--
-- metabase/metabase, src/metabase/driver/postgres.clj: date-trunc,
-- add-interval-honeysql-form, current-datetime; "previous 12 months" by month;
-- the session's time zone is the report time zone (set-timezone-sql)
\set by_date '$$SELECT CAST(DATE_TRUNC(\'month\', "bill"."modes"."month") AS date) AS "month", SUM("bill"."modes"."real_total_cost") AS "sum" FROM "bill"."modes" WHERE {} GROUP BY CAST(DATE_TRUNC(\'month\', "bill"."modes"."month") AS date) ORDER BY CAST(DATE_TRUNC(\'month\', "bill"."modes"."month") AS date) ASC$$'
\set by_timestamp '$$SELECT DATE_TRUNC(\'month\', "bill"."modes"."month") AS "month", SUM("bill"."modes"."real_total_cost") AS "sum" FROM "bill"."modes" WHERE {} GROUP BY DATE_TRUNC(\'month\', "bill"."modes"."month") ORDER BY DATE_TRUNC(\'month\', "bill"."modes"."month") ASC$$'
\set condition '$$("bill"."modes"."month" >= DATE_TRUNC(\'month\', (NOW() + INTERVAL \'-12 month\'))) AND ("bill"."modes"."month" < DATE_TRUNC(\'month\', NOW()))$$'
SELECT * FROM asks(:by_date, :condition, '{date}');
SELECT * FROM asks(:by_timestamp, :condition, '{timestamp}');
-- the casts of older versions, issues 28840 and 4043
SELECT * FROM asks($$SELECT date_trunc('month', CAST("bill"."modes"."month" AS timestamp)) AS "month", count(*) AS "count" FROM "bill"."modes" WHERE {}
  GROUP BY date_trunc('month', CAST("bill"."modes"."month" AS timestamp)) ORDER BY date_trunc('month', CAST("bill"."modes"."month" AS timestamp)) ASC$$,
  $$("bill"."modes"."month" >= date_trunc('month', (CAST(now() AS timestamp) + (INTERVAL '-1 month'))) AND "bill"."modes"."month" < date_trunc('month', now()))$$);
-- "this month"
SELECT * FROM asks(:by_date, $$("bill"."modes"."month" >= DATE_TRUNC('month', NOW())) AND ("bill"."modes"."month" < DATE_TRUNC('month', (NOW() + INTERVAL '1 month')))$$);
-- "previous 12 months, starting from 3 months ago"
-- (test/metabase/query_processor/middleware/optimize_temporal_filters_test.clj)
SELECT * FROM asks(:by_date, $$(CAST(("bill"."modes"."month" + INTERVAL '3 month') AS date) >= DATE_TRUNC('month', (NOW() + INTERVAL '-12 month')))
  AND (CAST(("bill"."modes"."month" + INTERVAL '3 month') AS date) < DATE_TRUNC('month', NOW()))$$);
-- a question on a question, issue 28840
SELECT * FROM asks($$SELECT "source"."month" AS "month", "source"."pay_mode" AS "pay_mode", "source"."sum" AS "sum"
  FROM (SELECT "bill"."modes"."month" AS "month", "bill"."modes"."pay_mode" AS "pay_mode", SUM("bill"."modes"."real_total_cost") AS "sum"
          FROM "bill"."modes" GROUP BY "bill"."modes"."month", "bill"."modes"."pay_mode") AS "source" WHERE {} LIMIT 1048575$$,
  $$("source"."month" >= DATE_TRUNC('month', (NOW() + INTERVAL '-2 month'))) AND ("source"."month" < DATE_TRUNC('month', (NOW() + INTERVAL '1 month')))$$);
-- field filters, test/metabase/driver/sql/parameters/substitute_test.clj, as literals: of a
-- date column, of a timestamp column, and as issues 17711 and 36929 show them;
-- the offset of the literals is that of the report time zone
SELECT * FROM asks(:by_date, $$"bill"."modes"."month" BETWEEN date '2023-01-01' AND date '2023-03-31'$$);
SELECT * FROM asks(:by_timestamp, $$"bill"."modes"."month" >= timestamp with time zone '2023-01-01 00:00:00.000Z' AND "bill"."modes"."month" < timestamp with time zone '2023-04-01 00:00:00.000Z'$$);
SELECT * FROM asks(:by_timestamp, $$"bill"."modes"."month" >= timestamp with time zone '2023-01-01 00:00:00.000+08:00' AND "bill"."modes"."month" < timestamp with time zone '2023-04-01 00:00:00.000+08:00'$$);
SELECT * FROM asks(:by_timestamp, $$"bill"."modes"."month" >= timestamp with time zone '2023-01-01 00:00:00.000-05:00' AND "bill"."modes"."month" < timestamp with time zone '2023-04-01 00:00:00.000-04:00'$$);
SELECT * FROM asks(:by_date, $$CAST("bill"."modes"."month" AS date) BETWEEN date '2023-01-01' AND date '2023-03-31'$$);
SELECT * FROM asks(:by_date, $$CAST("bill"."modes"."month" AS date) BETWEEN timestamp '2023-01-01 00:00:00.000' AND timestamp '2023-02-28 23:59:00.000'$$);
-- months of a year, and none
SELECT * FROM asks(:by_timestamp, $$(CAST(extract(month from "bill"."modes"."month") AS integer) = 3) AND ("bill"."modes"."month" < date '2022-01-01')$$);
SELECT * FROM asks(:by_date, $$("bill"."modes"."month" > date '2023-03-01') AND ("bill"."modes"."month" < date '2023-04-01')$$);

--
-- Superset
--
-- apache/superset, superset/db_engine_specs/postgres.py: convert_dttm,
-- _time_grain_expressions; superset/models/helpers.py: get_time_filter,
-- get_sqla_query.  TO_TIMESTAMP is a timestamptz in the session's time zone.
\set chart '$$SELECT DATE_TRUNC(\'month\', month) AS month, pay_mode AS pay_mode, SUM(real_total_cost) AS "SUM(real_total_cost)" FROM bill.modes WHERE {} GROUP BY DATE_TRUNC(\'month\', month), pay_mode ORDER BY "SUM(real_total_cost)" DESC LIMIT 10000$$'
\set for_date '$$month >= TO_DATE(\'2023-01-01\', \'YYYY-MM-DD\') AND month < TO_DATE(\'2023-04-01\', \'YYYY-MM-DD\')$$'
\set for_timestamp '$$month >= TO_TIMESTAMP(\'2023-01-01 00:00:00.000000\', \'YYYY-MM-DD HH24:MI:SS.US\') AND month < TO_TIMESTAMP(\'2023-04-01 00:00:00.000000\', \'YYYY-MM-DD HH24:MI:SS.US\')$$'
SELECT * FROM asks(:chart, :for_date, '{date}');
SELECT * FROM asks(:chart, :for_timestamp, '{timestamp}');
SELECT * FROM asks(:chart, $$month >= TO_TIMESTAMP('2022-12-31 16:00:00.000000', 'YYYY-MM-DD HH24:MI:SS.US') AND month < TO_TIMESTAMP('2023-03-31 16:00:00.000000', 'YYYY-MM-DD HH24:MI:SS.US')$$);
-- get_time_filter with a time grain
SELECT * FROM asks($$SELECT DATE_TRUNC('quarter', month) AS month, COUNT(*) AS count FROM bill.modes WHERE {} GROUP BY DATE_TRUNC('quarter', month) LIMIT 1000$$,
  $$DATE_TRUNC('quarter', month) >= TO_DATE('2022-12-01', 'YYYY-MM-DD') AND DATE_TRUNC('quarter', month) < TO_DATE('2023-04-01', 'YYYY-MM-DD')$$);
-- filter_values_handler: values of the column
SELECT * FROM asks(:chart, $$month IN (TO_DATE('2023-01-01', 'YYYY-MM-DD'), TO_DATE('2023-03-01', 'YYYY-MM-DD'))$$, '{date}');
SELECT * FROM asks(:chart, $$month IN (TO_TIMESTAMP('2023-01-01 00:00:00.000000', 'YYYY-MM-DD HH24:MI:SS.US'))$$, '{timestamp}');
-- series limit: the largest series come from a join with the same table
SELECT * FROM asks($$SELECT DATE_TRUNC('month', month) AS month, group_value AS group_value, SUM(real_total_cost) AS "SUM(real_total_cost)" FROM bill.regions
  JOIN (SELECT group_value AS group_value__, SUM(real_total_cost) AS mme_inner__ FROM bill.regions WHERE {} GROUP BY group_value ORDER BY mme_inner__ DESC LIMIT 2) AS series_limit
    ON group_value = group_value__
 WHERE {} GROUP BY DATE_TRUNC('month', month), group_value ORDER BY "SUM(real_total_cost)" DESC LIMIT 10000$$, :for_date, '{date}');
-- get_from_clause: a virtual dataset, and its row count (is_rowcount)
SELECT * FROM asks($$SELECT COUNT(*) AS rowcount FROM (SELECT DATE_TRUNC('month', month) AS month, SUM(cost) AS "SUM(cost)"
  FROM (SELECT month, pay_mode, real_total_cost AS cost FROM bill.modes) AS virtual_table WHERE {} GROUP BY DATE_TRUNC('month', month) LIMIT 50000) AS rowcount_qry$$,
  :for_timestamp, '{timestamp}');
:fresh

--
-- parameters, with the types that pgjdbc gives them
--
-- pgjdbc/pgjdbc, pgjdbc/src/main/java/org/postgresql/jdbc/PgPreparedStatement.java:
-- setObject with LocalDate, LocalDateTime and OffsetDateTime; setTimestamp and
-- setDate leave the type open
PREPARE d(date, date) AS SELECT DISTINCT month FROM bill_date.modes WHERE "bill_date"."modes"."month" BETWEEN $1 AND $2 ORDER BY 1;
PREPARE l(timestamp, timestamp) AS SELECT DISTINCT month FROM bill_timestamp.modes WHERE month >= $1 AND month < $2 ORDER BY 1;
PREPARE o(timestamptz, timestamptz) AS SELECT DISTINCT month FROM bill_date.modes WHERE month >= $1 AND month < $2 ORDER BY 1;
PREPARE u AS SELECT DISTINCT month FROM bill_timestamp.modes WHERE month >= $1 AND month < $2 ORDER BY 1;
PREPARE e AS SELECT DISTINCT month FROM bill_date.modes WHERE month = $1 LIMIT $2;
SET timezone = 'Asia/Shanghai';
SET plan_cache_mode = force_custom_plan;
EXECUTE d('2023-01-01', '2023-02-28');
EXECUTE l('2023-01-01 00:00:00', '2023-03-01 00:00:00');
EXECUTE o('2023-01-01 00:00:00+08', '2023-03-01 00:00:00+08');
EXECUTE u('2023-01-01 00:00:00+08', '2023-03-01 00:00:00+08');
EXECUTE e('2023-01-01 +08:00', 2000);
:sent
SET plan_cache_mode = force_generic_plan;
EXECUTE d('2023-01-01', '2023-02-28');
EXECUTE l('2023-01-01 00:00:00', '2023-03-01 00:00:00');
EXECUTE o('2023-01-01 00:00:00+08', '2023-03-01 00:00:00+08');
EXECUTE u('2023-01-01 00:00:00+08', '2023-03-01 00:00:00+08');
EXECUTE e('2023-01-01 +08:00', 2000);
-- a day that is no month's first is an error as for a constant
EXECUTE e('2023-01-15', 2000); -- ERROR
:sent
RESET plan_cache_mode;
SET timezone = 'UTC';
DEALLOCATE ALL;

--
-- previews: no condition at all, on tables with first_month
--
-- calls are shown as month, offset and limit, in the order sent
\set calls '\\! simctl bodies | cut -d , -f 1-3 | tr -dc "0-9,\\n-" | paste -sd " " | fold -sw 100; simctl reset; simctl config \'{"rows": 40}\''
\set number '\\! simctl bodies | wc -l; simctl reset; simctl config \'{"rows": 40}\''
CREATE SCHEMA bill;
IMPORT FOREIGN SCHEMA billing LIMIT TO (bill_summary, bill_summary_business, bill_summary_by_pay_mode,
  bill_summary_by_pay_mode_detail, bill_resource_summary_for_organization) FROM SERVER sim INTO bill OPTIONS (month_type 'date', first_month '2023-01', last_month '2023-12');
ALTER FOREIGN TABLE bill.bill_summary ALTER COLUMN group_type OPTIONS (ADD value 'region');
ALTER FOREIGN TABLE bill.bill_resource_summary_for_organization RENAME TO resources;

-- metabase/metabase, src/metabase/query_processor/middleware/limit.clj: 2000
-- rows of a table, 1048575 of a question; common/table_rows_sample.clj: 10000.
-- Bills of 2500 rows a month: the newest months, as many as it takes
\! simctl config '{"rows": 2500}'
SELECT count(*), min(month), max(month) FROM (SELECT "bill"."resources"."month" AS "month", "bill"."resources"."resource_id" AS "resource_id" FROM "bill"."resources" LIMIT 2000) p;
:calls
\! simctl config '{"rows": 2500}'
SELECT count(*), min(month), max(month) FROM (SELECT "source"."month" AS "month", "source"."substring1" AS "substring1"
  FROM (SELECT "bill"."resources"."month" AS "month", SUBSTRING("bill"."resources"."resource_id", 1, 1234) AS "substring1" FROM "bill"."resources") AS "source" LIMIT 10000) p;
:calls
-- never more than all pages of the table
\! simctl config '{"rows": 2500}'
SELECT count(*), min(month), max(month) FROM (SELECT * FROM "bill"."resources" LIMIT 1048575) p;
:number
-- bills of 40 rows a month: a call a month
SELECT count(*), min(month), max(month) FROM (SELECT * FROM "bill"."resources" LIMIT 2000) p;
:calls
-- apache/superset, superset/db_engine_specs/base.py: select_star, 100 rows, and
-- superset/sql_lab.py: increased_limit, one more; superset/views/datasource/
-- utils.py: get_samples, a page, and a count that reads them all
SELECT count(*), min(month), max(month) FROM (SELECT * FROM bill.resources LIMIT 101) p;
:calls
SELECT count(*), min(month), max(month) FROM (SELECT month AS month, resource_id AS resource_id FROM bill.resources LIMIT 50 OFFSET 50) p;
:calls
SELECT COUNT(*) AS "COUNT(*)" FROM bill.resources LIMIT 50000;
:number
-- or one row a month
ALTER FOREIGN TABLE bill.resources OPTIONS (ADD count_from_total 'on');
SELECT COUNT(*) AS "COUNT(*)" FROM bill.resources LIMIT 50000;
:calls
ALTER FOREIGN TABLE bill.resources OPTIONS (DROP count_from_total);
-- pgadmin-org/pgadmin4, web/pgadmin/tools/sqleditor/command.py:
-- VIEW_FIRST_100_ROWS; a summary with a fixed group_type
SELECT count(*), min(month), max(month) FROM (SELECT * FROM bill.bill_summary LIMIT 100) p;
:calls
-- the same with data sorting reads all
SELECT count(*), min(month), max(month) FROM (SELECT * FROM bill.bill_summary ORDER BY month DESC LIMIT 14) p;
:number
-- dbeaver/dbeaver, JDBCTable.java: readData sends no LIMIT, and stops after 200
-- rows (RESULT_SET_MAX_ROWS) by the row count of the protocol's Execute
-- (pgjdbc, calculateRowsToFetch), which runs the plan as FETCH does; with a
-- fetch size it is a named portal, read in parts
BEGIN;
DECLARE "C_1" NO SCROLL CURSOR FOR SELECT t.* FROM bill.resources t;
MOVE 200 IN "C_1";
:calls
MOVE 200 IN "C_1";
:calls
COMMIT;
-- a cursor that scrolls back reads nothing twice
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT month FROM bill.resources;
MOVE 50 IN c;
FETCH BACKWARD 1 FROM c;
MOVE 50 IN c;
MOVE BACKWARD ALL IN c;
FETCH 1 FROM c;
COMMIT;
:calls
-- the values of a column for a drop-down take all pages: DBeaver,
-- JDBCTableColumn.java; Superset, values_for_column; Metabase,
-- src/metabase/warehouse_schema/field_values/distinct_batch.clj, once per column
SELECT count(*) FROM (SELECT business_code, count(*) FROM bill.resources GROUP BY business_code ORDER BY 2 DESC) p;
SELECT count(*) FROM (SELECT DISTINCT business_code AS column_values FROM bill.resources LIMIT 10000) p;
:number
SELECT field_idx, count(*) > 1 AS many FROM (
  SELECT * FROM (SELECT 0 AS field_idx, CAST("region_id" AS text) AS value_out FROM "bill"."resources" GROUP BY CAST("region_id" AS text) LIMIT 1000) AS _arm
  UNION ALL
  SELECT * FROM (SELECT 1 AS field_idx, CAST("business_code" AS text) AS value_out FROM "bill"."resources" GROUP BY CAST("business_code" AS text) LIMIT 1000) AS _arm) p GROUP BY field_idx ORDER BY field_idx;
:number
-- Metabase, src/metabase/driver/sql_jdbc/sync/describe_database.clj:
-- simple-select-probe-query; Superset, _execute_validation_query: nothing
SELECT TRUE AS "_" FROM "bill"."resources" WHERE 1 <> 1 LIMIT 0;
SELECT 1 FROM bill.resources WHERE (real_total_cost > 0) AND false;
SELECT month FROM bill.resources LIMIT 0;
:sent
-- first_month counted from now: the current month comes first
ALTER FOREIGN TABLE bill.resources OPTIONS (SET first_month '-11', DROP last_month);
SELECT count(*), max(month) = date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai')::date AS newest, count(DISTINCT month) FROM (SELECT * FROM bill.resources LIMIT 200) p;
:number
-- without first_month, and without a fixed group_type, refused before any call
SELECT * FROM bill_date.modes LIMIT 200; -- ERROR
SELECT * FROM bill_text.bill_summary LIMIT 200; -- ERROR
-- so is a range that leaves out no month
SELECT count(*) FROM bill_date.modes WHERE month BETWEEN '2010-01-01T00:00:00Z' AND '2037-01-01T00:00:00Z'; -- ERROR
:sent

--
-- looking at the schema: foreign tables are there, and nothing is sent
--
-- pgjdbc, PgDatabaseMetaData.java: getTables and getColumns
SELECT current_database() AS "TABLE_CAT", n.nspname AS "TABLE_SCHEM", c.relname AS "TABLE_NAME",
       CASE c.relkind WHEN 'r' THEN 'TABLE' WHEN 'v' THEN 'VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE NULL END AS "TABLE_TYPE", d.description AS "REMARKS"
  FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c
  LEFT JOIN pg_catalog.pg_description d ON (c.oid = d.objoid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass)
 WHERE c.relnamespace = n.oid AND n.nspname LIKE 'bill' AND (false OR (c.relkind = 'f')) ORDER BY "TABLE_TYPE", "TABLE_SCHEM", "TABLE_NAME";
SELECT * FROM (SELECT n.nspname, c.relname, a.attname, a.atttypid::regtype, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull) AS attnotnull,
       row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS attnum, pg_catalog.pg_get_expr(def.adbin, def.adrelid) AS adsrc
  FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_class c ON (c.relnamespace = n.oid)
  JOIN pg_catalog.pg_attribute a ON (a.attrelid = c.oid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid)
  LEFT JOIN pg_catalog.pg_attrdef def ON (a.attrelid = def.adrelid AND a.attnum = def.adnum)
 WHERE c.relkind IN ('r', 'p', 'v', 'f', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname LIKE 'bill' AND c.relname LIKE 'bill_summary_by_pay_mode') c
 WHERE true ORDER BY nspname, c.relname, attnum;
-- grafana/grafana, grafana-postgresql-datasource/postgresMetaQuery.ts: getSchema;
-- the visual editor offers date and timestamp as time columns
SELECT quote_ident(column_name) AS "column", data_type AS "type" FROM information_schema.columns
 WHERE CASE WHEN array_length(parse_ident('bill.bill_summary_by_pay_mode'), 1) = 2
       THEN quote_ident(table_schema) = (parse_ident('bill.bill_summary_by_pay_mode'))[1] AND quote_ident(table_name) = (parse_ident('bill.bill_summary_by_pay_mode'))[2] END
   AND column_name = 'month';
:sent

SET client_min_messages = warning;
DROP TABLE line, run;
DROP FUNCTION asks, shown;
DROP SCHEMA bill, bill_date, bill_timestamp, bill_text, copy_date, copy_timestamp CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
\! simctl reset
