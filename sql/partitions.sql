--
-- Partitions and inheritance: bounds choose requests like conditions, no row
-- appears twice, and parents answer as one local table would
--
\setenv SIM_CONFIG '{"rows": 40, "request_id": "counted"}'
\i sql/common.psql
-- in the order of their text: that of the partitions is the planner's
\set sent :sent_sorted

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA partitions;
CREATE SCHEMA local;
CREATE SCHEMA given;
SET search_path = partitions, given, public;
SET datestyle = ISO;
-- some plans below are switched off, which counts as costs that wake it
SET jit = off;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO partitions;
ALTER FOREIGN TABLE bill_summary RENAME TO summary;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;

-- the rows that the queries below look for
CREATE TABLE local.summary AS SELECT * FROM summary WHERE month BETWEEN '2022-11' AND '2023-04' AND group_type IN ('business', 'region', 'payMode', 'project');
CREATE TABLE local.modes AS SELECT * FROM modes WHERE month BETWEEN '2022-11' AND '2023-04';
CREATE TABLE local.paid AS SELECT * FROM modes WHERE month BETWEEN '2022-11' AND '2023-04' AND payer_uin IN ('100000000001', '100000000002', '100000000003');
CREATE TABLE given.periods (n int, m text, d date, first text, last text, g text, uin text);
INSERT INTO periods VALUES
  (1, '2023-01', '2023-01-01', '2022-12', '2023-01', 'region', '100000000001'),
  (2, '2023-02', '2023-02-01', '2023-01', '2023-02', 'payMode', '100000000003'),
  (3, '2022-12', '2022-12-01', '2022-11', '2022-12', 'region', '100000000001'),
  (4, '2023-04', '2023-04-01', '2023-04', '2023-03', 'own', 'x'),
  (5, NULL, NULL, NULL, NULL, NULL, NULL),
  (6, '2023-4', 'infinity', 'x', '', 'Region', '');
ANALYZE periods;
:fresh

--
-- by group
--
CREATE TABLE by_group (month text, group_type text, tag_key text, group_key text, group_value text, real_total_cost numeric) PARTITION BY LIST (group_type);
CREATE FOREIGN TABLE by_group_region PARTITION OF by_group FOR VALUES IN ('region') SERVER sim OPTIONS (table_name 'bill_summary');
CREATE FOREIGN TABLE by_group_money PARTITION OF by_group FOR VALUES IN ('payMode', 'project') SERVER sim OPTIONS (table_name 'bill_summary');
SELECT group_type, count(*), count(DISTINCT group_key) FROM by_group WHERE month = '2023-04' GROUP BY 1 ORDER BY 1;
:sent
SELECT group_type, count(*) FROM by_group WHERE month = '2023-04' AND group_type = 'region' GROUP BY 1;
SELECT group_type, count(*) FROM by_group_money WHERE month = '2023-04' AND group_type = 'region' GROUP BY 1;
:sent
SELECT tableoid::regclass, count(*) FROM by_group WHERE month = '2023-04' AND group_type >= 'project' GROUP BY 1 ORDER BY 1::text;
:sent
-- a bound does not replace what else is needed
SELECT count(*) FROM by_group; -- ERROR
SELECT count(*) FROM by_group WHERE group_type = 'region'; -- ERROR
SELECT count(*) FROM by_group WHERE group_type = 'none';
:sent
-- one that is an ordinary table
CREATE TABLE by_group_own PARTITION OF by_group FOR VALUES IN ('own', 'business');
INSERT INTO by_group VALUES ('2023-01', 'own', NULL, 'x', 'X', 1), ('2023-04', 'own', NULL, 'y', 'Y', -1);
SELECT tableoid::regclass, count(*) FROM by_group WHERE month = '2023-04' GROUP BY 1 ORDER BY 1::text;
:sent
CREATE TABLE local.by_group AS TABLE by_group_own UNION ALL
  SELECT month, group_type, tag_key, group_key, group_value, real_total_cost FROM local.summary WHERE group_type IN ('region', 'payMode', 'project');

--
-- by month, and by month as date
--
CREATE TABLE by_month (month text, pay_mode text, real_total_cost numeric) PARTITION BY RANGE (month);
CREATE FOREIGN TABLE by_month_2022 PARTITION OF by_month FOR VALUES FROM ('2022-11') TO ('2023-01') SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE by_month_2023 PARTITION OF by_month FOR VALUES FROM ('2023-01') TO ('2023-03') SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT month, count(*) FROM by_month GROUP BY 1 ORDER BY 1;
:sent
SELECT month, count(*) FROM by_month WHERE month > '2022-11' AND month < '2023-02' GROUP BY 1 ORDER BY 1;
SELECT month, count(*) FROM by_month_2023 WHERE month < '2023-02' GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM by_month WHERE month = '2023-01' AND pay_mode = 'prePay';
:sent
-- an end that is open: months up to the current one
CREATE FOREIGN TABLE by_month_later PARTITION OF by_month FOR VALUES FROM ('2023-03') TO (MAXVALUE) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT month, count(*) FROM by_month WHERE month BETWEEN '2023-02' AND '2023-04' GROUP BY 1 ORDER BY 1;
SELECT count(*) = 3 * count(DISTINCT month) AS three_each, min(month), max(month) = to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS current FROM by_month_later;
SELECT month, count(*) FROM by_month WHERE month LIKE '2022-1%' GROUP BY 1 ORDER BY 1;
\! simctl bodies | sort | uniq -c | awk '$1 > 1 || /"2022-/ || /"2023-02/' | sed 's/^ *//'
DROP FOREIGN TABLE by_month_later;
-- the months of an archive
CREATE TABLE by_month_archive PARTITION OF by_month FOR VALUES FROM ('2023-03') TO ('2023-05');
INSERT INTO by_month SELECT month, pay_mode, real_total_cost FROM local.modes WHERE month IN ('2023-03', '2023-04');
CREATE TABLE local.by_month AS SELECT month, pay_mode, real_total_cost FROM local.modes;
CREATE TABLE by_date (pay_mode text, month date) PARTITION BY RANGE (month);
CREATE FOREIGN TABLE by_date_2022 PARTITION OF by_date FOR VALUES FROM ('2022-11-01') TO ('2023-01-01') SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE by_date_2023 PARTITION OF by_date FOR VALUES FROM ('2023-01-01') TO ('2023-05-01') SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
:fresh
SELECT month, count(*) FROM by_date WHERE month <= '2023-01-31' GROUP BY 1 ORDER BY 1;
SELECT month, count(*) FROM by_date WHERE date_trunc('quarter', month) = '2023-04-01' GROUP BY 1 ORDER BY 1;
:sent
CREATE TABLE local.by_date AS SELECT pay_mode, (month || '-01')::date AS month FROM local.modes;
-- a bound in the middle of a month: that month is of the partition that has its first day
CREATE TABLE by_day (month timestamp, pay_mode text) PARTITION BY RANGE (month);
CREATE FOREIGN TABLE by_day_first PARTITION OF by_day FOR VALUES FROM ('2022-12-01') TO ('2023-01-15') SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE by_day_second PARTITION OF by_day FOR VALUES FROM ('2023-01-15') TO ('2023-02-01 00:00:01') SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT tableoid::regclass, month, count(*) FROM by_day GROUP BY 1, 2 ORDER BY 2;
:sent
-- by hash: each month in one of them
CREATE TABLE by_hash (month text, pay_mode text) PARTITION BY HASH (month);
CREATE FOREIGN TABLE by_hash_0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE by_hash_1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT month, count(*), count(DISTINCT tableoid) AS partitions FROM by_hash WHERE month BETWEEN '2022-11' AND '2023-04' GROUP BY 1 ORDER BY 1;
:sent
CREATE TABLE local.by_hash AS SELECT month, pay_mode FROM local.modes;

--
-- by account: the column is an input column, and its bound is what is asked for
--
CREATE TABLE by_payer (real_total_cost numeric, gone int, payer_uin text, pay_mode text, month text) PARTITION BY LIST (payer_uin);
ALTER TABLE by_payer DROP COLUMN gone;
CREATE FOREIGN TABLE by_payer_1 PARTITION OF by_payer FOR VALUES IN ('100000000001') SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
-- attached, with other columns in another order
CREATE FOREIGN TABLE by_payer_2 (month text, gone text, payer_uin text, gone2 text, pay_mode text, real_total_cost numeric) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
ALTER FOREIGN TABLE by_payer_2 DROP COLUMN gone, DROP COLUMN gone2;
ALTER TABLE by_payer ATTACH PARTITION by_payer_2 FOR VALUES IN ('100000000002', '100000000003');
SELECT payer_uin, month, count(*) FROM by_payer WHERE month IN ('2023-01', '2023-02') GROUP BY 1, 2 ORDER BY 1, 2;
:sent
SELECT payer_uin, count(*) FROM by_payer WHERE month = '2023-01' AND payer_uin = '100000000003' GROUP BY 1;
SELECT payer_uin, count(*) FROM by_payer WHERE month = '2023-02' AND payer_uin IN ('100000000001', '100000000003', '4') GROUP BY 1 ORDER BY 1;
:sent
-- the bound is there in every plan: other conditions can be checked on it
SELECT payer_uin, count(*) FROM by_payer WHERE month = '2023-01' AND payer_uin IS NOT NULL GROUP BY 1 ORDER BY 1;
SELECT payer_uin, count(*) FROM by_payer WHERE month = '2023-02' AND payer_uin > '100000000001' AND (payer_uin <> '100000000002' OR pay_mode = 'riPay') GROUP BY 1 ORDER BY 1;
SELECT payer_uin, count(*) FROM by_payer WHERE month = '2023-03' AND payer_uin LIKE '%1' GROUP BY 1;
SELECT payer_uin, count(*) FROM by_payer_2 WHERE month = '2023-04' AND right(payer_uin, 1)::int > 2 GROUP BY 1;
:sent
-- joins: the bound gives the value, so any join will do
SELECT n, payer_uin, count(*) FROM periods JOIN by_payer ON payer_uin = uin AND month = m GROUP BY 1, 2 ORDER BY 1;
SELECT payer_uin, count(n), count(*) FROM by_payer LEFT JOIN periods ON payer_uin = uin WHERE month = '2023-03' GROUP BY 1 ORDER BY 1;
SELECT payer_uin, count(*) FROM by_payer WHERE month = '2023-04' AND NOT EXISTS (SELECT FROM periods WHERE uin = payer_uin) GROUP BY 1;
:sent
CREATE TABLE local.by_payer AS SELECT real_total_cost, payer_uin, pay_mode, month FROM local.paid;
-- one for what no account is asked for: that of the key
CREATE FOREIGN TABLE by_payer_own PARTITION OF by_payer FOR VALUES IN (NULL) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT payer_uin, count(*) FROM by_payer WHERE month = '2023-01' GROUP BY 1 ORDER BY 1;
SELECT payer_uin, count(*) FROM by_payer WHERE month = '2023-02' AND payer_uin IS NULL GROUP BY 1 ORDER BY 1;
:sent
SELECT payer_uin, count(n), count(*) FROM by_payer LEFT JOIN periods ON payer_uin = uin WHERE month = '2023-03' GROUP BY 1 ORDER BY 1;
:sent
DROP FOREIGN TABLE by_payer_own;
-- and for other accounts, as far as the query names them
CREATE FOREIGN TABLE by_payer_others PARTITION OF by_payer DEFAULT SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT payer_uin, count(*) FROM by_payer WHERE month = '2023-01' AND payer_uin IN ('100000000002', '4') GROUP BY 1 ORDER BY 1;
SELECT payer_uin, count(*) FROM by_payer WHERE month = '2023-01' AND payer_uin IN ('100000000002', '4') AND payer_uin <> '4' GROUP BY 1 ORDER BY 1; -- ERROR
SELECT payer_uin, count(*) FROM by_payer WHERE month = '2023-02' GROUP BY 1 ORDER BY 1; -- ERROR
:sent
SELECT n, payer_uin, count(*) FROM periods JOIN by_payer ON payer_uin = uin AND month = m GROUP BY 1, 2 ORDER BY 1;
:sent
DROP FOREIGN TABLE by_payer_others;

--
-- two levels: all bounds count
--
CREATE TABLE deep (month text, payer_uin text, pay_mode text, real_total_cost numeric) PARTITION BY LIST (payer_uin);
CREATE TABLE deep_1 PARTITION OF deep FOR VALUES IN ('100000000001') PARTITION BY RANGE (month);
CREATE FOREIGN TABLE deep_1_2022 PARTITION OF deep_1 FOR VALUES FROM ('2022-11') TO ('2023-01') SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE deep_1_2023 PARTITION OF deep_1 FOR VALUES FROM ('2023-01') TO ('2023-02') SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE TABLE deep_1_archive PARTITION OF deep_1 FOR VALUES FROM ('2023-02') TO ('2023-05');
CREATE TABLE deep_2 (pay_mode text, real_total_cost numeric, payer_uin text, month text) PARTITION BY LIST (month);
ALTER TABLE deep ATTACH PARTITION deep_2 FOR VALUES IN ('100000000002');
CREATE FOREIGN TABLE deep_2_odd PARTITION OF deep_2 FOR VALUES IN ('2022-11', '2023-01', '2023-03') SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE deep_2_even PARTITION OF deep_2 FOR VALUES IN ('2022-12', '2023-02', '2023-04', '2023-4') SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
INSERT INTO deep SELECT month, payer_uin, pay_mode, real_total_cost FROM local.paid WHERE payer_uin = '100000000001' AND month BETWEEN '2023-02' AND '2023-04';
SELECT payer_uin, month, tableoid::regclass, count(*) FROM deep GROUP BY 1, 2, 3 ORDER BY 1, 2;
:sent
SELECT tableoid::regclass, count(*) FROM deep WHERE month = '2023-01' GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM deep_2 WHERE month > '2023-02' GROUP BY 1 ORDER BY 1;
:sent
CREATE TABLE local.deep AS SELECT month, payer_uin, pay_mode, real_total_cost FROM local.paid WHERE payer_uin <> '100000000003';

--
-- default partitions: what the others do not have
--
CREATE FOREIGN TABLE by_month_others PARTITION OF by_month DEFAULT SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode', last_month '2023-07');
SELECT tableoid::regclass, month, count(*) FROM by_month WHERE month BETWEEN '2022-12' AND '2023-06' GROUP BY 1, 2 ORDER BY 2;
:sent
SELECT count(*) = 3 * count(DISTINCT month) AS three_each, count(DISTINCT month) FROM by_month_others;
\! simctl bodies | sort | awk -F'"' '{ print $4 }' | sed -n '1p;$p;/2022-0[19]/p;/2022-1/p;/2023/p'
:fresh
DROP FOREIGN TABLE by_month_others;
CREATE FOREIGN TABLE by_group_others PARTITION OF by_group DEFAULT SERVER sim OPTIONS (table_name 'bill_summary');
SELECT tableoid::regclass, group_type, count(*) > 0 AS some FROM by_group WHERE month = '2023-04' GROUP BY 1, 2 ORDER BY 2; -- ERROR
SELECT tableoid::regclass, group_type, count(*) > 0 AS some FROM by_group WHERE month = '2023-04' AND group_type <> 'tag' GROUP BY 1, 2 ORDER BY 2;
SELECT tableoid::regclass, tag_key, count(*) > 0 AS some FROM by_group WHERE month = '2023-04' AND tag_key = 'env' GROUP BY 1, 2 ORDER BY 2;
:sent
DROP FOREIGN TABLE by_group_others;

--
-- attaching and detaching, also under a plan that is kept
--
PREPARE kept AS SELECT month, count(*) FROM by_month GROUP BY 1 ORDER BY 1;
SET plan_cache_mode = force_generic_plan;
EXECUTE kept;
ALTER TABLE by_month DETACH PARTITION by_month_2022;
EXECUTE kept;
:sent
-- without its bound it is a table as any other
SELECT count(*) FROM by_month_2022; -- ERROR
SELECT month, count(*) FROM by_month_2022 WHERE month IN ('2022-12', '2023-01') GROUP BY 1 ORDER BY 1;
:sent
ALTER TABLE by_month ATTACH PARTITION by_month_2022 FOR VALUES FROM ('2022-12') TO ('2023-01');
EXECUTE kept;
:sent
ALTER TABLE by_month DETACH PARTITION by_month_2022;
ALTER TABLE by_month ATTACH PARTITION by_month_2022 FOR VALUES FROM ('2022-11') TO ('2023-01');
RESET plan_cache_mode;
DEALLOCATE kept;
-- a plan of the partition itself
PREPARE kept AS SELECT month, count(*) FROM by_month_2023 GROUP BY 1 ORDER BY 1;
SET plan_cache_mode = force_generic_plan;
EXECUTE kept;
ALTER TABLE by_month DETACH PARTITION by_month_2023;
EXECUTE kept; -- ERROR
ALTER TABLE by_month ATTACH PARTITION by_month_2023 FOR VALUES FROM ('2023-01') TO ('2023-03');
EXECUTE kept;
RESET plan_cache_mode;
DEALLOCATE kept;
:sent

--
-- pruning: while planning, when a plan starts, and for each outer row
--
EXPLAIN (COSTS OFF) SELECT * FROM by_month WHERE month = '2023-01';
CREATE FUNCTION plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) ' || query LOOP
    CONTINUE WHEN line ~ '^ *(Disabled|Buckets|Filter|Request Filter|Rows Removed by Filter|Action): ';
    -- how numbers of rows and names of subqueries are written depends on the version
    RETURN NEXT regexp_replace(line, ' \(returns \$0\)|actual rows=[0-9.]+ ', '', 'g');
  END LOOP;
END $$;
PREPARE one(text) AS SELECT pay_mode FROM by_month WHERE month = $1;
SET plan_cache_mode = force_generic_plan;
SELECT plan('EXECUTE one(''2022-12'')');
SELECT plan('EXECUTE one(NULL)');
SELECT plan('EXECUTE one(''1999-01'')');
:sent
RESET plan_cache_mode;
DEALLOCATE one;
SELECT plan('SELECT pay_mode FROM by_month WHERE month = (SELECT max(m) FROM periods WHERE n < 3)');
SELECT plan('SELECT n, pay_mode FROM periods, LATERAL (SELECT * FROM by_month WHERE month = m OFFSET 0) x WHERE n < 4');
:sent
-- without pruning the bounds see to it that nothing more is sent
SET enable_partition_pruning = off;
SELECT plan('SELECT pay_mode FROM by_month WHERE month = ''2023-01''');
SELECT payer_uin, count(*) FROM deep WHERE payer_uin = '100000000002' AND month >= '2023-03' GROUP BY 1;
SELECT n, count(*) FROM periods, LATERAL (SELECT * FROM by_month WHERE month = m OFFSET 0) x GROUP BY 1 ORDER BY 1;
:sent
RESET enable_partition_pruning;

--
-- partitionwise: each partition with that of the other table, whose values reach it
--
CREATE TABLE given.wanted (group_type text, m text, note text) PARTITION BY LIST (group_type);
CREATE TABLE given.wanted_region PARTITION OF wanted FOR VALUES IN ('region');
CREATE TABLE given.wanted_money PARTITION OF wanted FOR VALUES IN ('payMode', 'project');
CREATE TABLE given.wanted_own PARTITION OF wanted FOR VALUES IN ('own', 'business');
INSERT INTO wanted VALUES ('region', '2023-01', 'a'), ('region', '2023-4', 'b'), ('payMode', '2023-02', 'c'), ('project', '2023-02', 'd'), ('own', '2023-04', 'e'), ('payMode', NULL, 'f');
ANALYZE wanted;
SET enable_partitionwise_join = on;
SET enable_partitionwise_aggregate = on;
SELECT plan('SELECT * FROM wanted w JOIN by_group b ON b.group_type = w.group_type AND b.month = w.m');
:sent
SELECT w.note, b.group_type, b.month, count(*) > 0 AS some FROM wanted w JOIN by_group b ON b.group_type = w.group_type AND b.month = w.m GROUP BY 1, 2, 3 ORDER BY 1;
:sent
SELECT w.note, b.month, b.group_type FROM wanted w LEFT JOIN by_group b ON b.group_type = w.group_type AND b.month = w.m AND b.group_key IN ('prePay', 'x', 'y', '0', '1') ORDER BY 1, 2, 3;
:sent
RESET enable_partitionwise_join;
RESET enable_partitionwise_aggregate;

--
-- inheritance: parents that have rows of their own, children here and there
--
CREATE TABLE parent (month text, pay_mode text, cost numeric);
CREATE TABLE child_old () INHERITS (parent);
SET client_min_messages = warning;
CREATE FOREIGN TABLE child_new (month text, pay_mode text, cost numeric OPTIONS (column_name 'real_total_cost'), total_cost numeric)
  INHERITS (parent) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode', first_month '2023-01', last_month '2023-02');
CREATE FOREIGN TABLE child_april (cost numeric OPTIONS (column_name 'real_total_cost'), month text, pay_mode text)
  SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode', first_month '2023-04', last_month '2023-04');
RESET client_min_messages;
ALTER FOREIGN TABLE child_april INHERIT parent;
INSERT INTO parent VALUES ('2022-12', 'parent', 1), ('2023-01', 'parent', 2), (NULL, 'parent', 3);
INSERT INTO child_old VALUES ('2022-11', 'old', 4);
SELECT tableoid::regclass, count(*) FROM parent GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM parent WHERE month = '2023-01' GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM parent WHERE month > '2023-02' GROUP BY 1 ORDER BY 1;
:sent
SELECT * FROM ONLY parent ORDER BY 1;
SELECT parent, tableoid::regclass FROM parent WHERE month IS NULL OR month < '2023-01' ORDER BY 1;
:sent
SELECT n, parent.tableoid::regclass, count(*) FROM periods JOIN parent ON month = m GROUP BY 1, 2 ORDER BY 1, 2;
:sent
CREATE TABLE local.parent AS SELECT * FROM ONLY parent UNION ALL SELECT * FROM child_old UNION ALL
  SELECT month, pay_mode, real_total_cost FROM local.modes WHERE month IN ('2023-01', '2023-02', '2023-04');
-- a child that needs no values, beside one that does
CREATE TABLE mixed (month text, pay_mode text);
CREATE FOREIGN TABLE mixed_april (month text, pay_mode text) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode', first_month '2023-04', last_month '2023-04');
CREATE FOREIGN TABLE mixed_any (month text, pay_mode text OPTIONS (column_name 'pay_mode_name')) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
ALTER FOREIGN TABLE mixed_april INHERIT mixed;
ALTER FOREIGN TABLE mixed_any INHERIT mixed;
CREATE TABLE local.mixed AS SELECT month, pay_mode FROM local.modes WHERE month = '2023-04' UNION ALL SELECT month, pay_mode_name FROM local.modes;
SELECT n, mixed.tableoid::regclass, count(*) FROM periods JOIN mixed ON month = m GROUP BY 1, 2 ORDER BY 1, 2;
:sent
-- a CHECK is believed, as of any foreign table: it can leave out a child, but chooses no requests
ALTER FOREIGN TABLE child_new ADD CHECK (month >= '2023-01' AND month <= '2023-02');
ALTER FOREIGN TABLE child_april ADD CHECK (month = '2023-04');
SELECT plan('SELECT pay_mode FROM parent WHERE month = ''2023-02''');
:sent
-- the parent is a foreign table, its child is not
CREATE FOREIGN TABLE above (month text, pay_mode text) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE TABLE below () INHERITS (above);
INSERT INTO below VALUES ('2023-04', 'below'), ('2023-05', 'below');
SELECT tableoid::regclass, count(*) FROM above WHERE month = '2023-04' GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM ONLY above WHERE month = '2023-03' GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM above; -- ERROR
:sent
CREATE TABLE local.above AS SELECT month, pay_mode FROM local.modes UNION ALL TABLE below;

--
-- Every way to run a query gives the same, and what a local copy gives
--
\set settings '{nestloop,hashjoin,mergejoin,hashjoin mergejoin,nestloop hashjoin,memoize material,hashjoin mergejoin memoize material,hashagg,partition_pruning,partition_pruning hashjoin mergejoin,partitionwise_join partitionwise_aggregate,partitionwise_join hashjoin mergejoin,partitionwise_join nestloop}'
\pset format unaligned
\pset tuples_only on
\pset fieldsep ': '
SELECT q, pg_temp.agree(q, :'settings') FROM unnest(ARRAY[
  -- conditions
  $$SELECT * FROM by_month$$,
  $$SELECT by_month FROM by_month WHERE month IN ('2022-12', '2023-01', '2023-04')$$,
  $$SELECT month, sum(real_total_cost) FROM by_month WHERE month >= '2022-12' OR pay_mode = 'riPay' GROUP BY 1$$,
  $$SELECT * FROM by_month WHERE month = '2023-01' AND month = '2023-02'$$,
  -- what one of them cannot have may be of another
  $$SELECT * FROM by_month WHERE month IN ('2022-12', 'x', '2023-4')$$,
  $$SELECT * FROM by_month WHERE month = '2023-4'$$,
  $$SELECT * FROM by_group WHERE month = '2023-04' AND group_type = 'own'$$,
  $$SELECT * FROM by_group WHERE month = '2023-04' AND group_type IN ('project', 'own', 'region') AND real_total_cost < 0$$,
  $$SELECT * FROM by_group WHERE (month = '2023-01' AND group_type = 'region') OR (month = '2023-04' AND group_type = 'own')$$,
  $$SELECT * FROM parent WHERE month IN ('2023-01', 'x') OR month = 'parent'$$,
  $$SELECT * FROM by_month WHERE month = (SELECT max(m) FROM periods WHERE n < 4) OR month < '2022-12'$$,
  $$SELECT * FROM by_date WHERE extract(month FROM month) IN (1, 4)$$,
  $$SELECT * FROM by_date WHERE month BETWEEN '2022-12-15' AND '2023-02-15' AND pay_mode <> 'riPay'$$,
  $$SELECT * FROM by_hash WHERE month BETWEEN '2022-12' AND '2023-03'$$,
  $$SELECT * FROM by_hash WHERE month IN ('2023-01', '2023-02')$$,
  $$SELECT * FROM by_group WHERE month IN ('2023-01', '2023-04')$$,
  $$SELECT * FROM by_group WHERE month = '2023-01' AND group_type IN ('project', 'region') AND real_total_cost > 0$$,
  $$SELECT * FROM by_group WHERE (month = '2023-01' AND group_type = 'region') OR (month = '2023-04' AND group_type > 'project')$$,
  $$SELECT * FROM by_payer WHERE month = '2023-01'$$,
  $$SELECT by_payer FROM by_payer WHERE month = '2023-01' AND payer_uin = '100000000003'$$,
  $$SELECT by_payer FROM by_payer WHERE month = '2023-01' AND payer_uin <> '100000000003' AND by_payer IS NOT NULL$$,
  $$SELECT * FROM by_payer WHERE month = '2023-01' AND (payer_uin LIKE '%1' OR payer_uin > '100000000002' AND pay_mode = 'prePay')$$,
  $$SELECT * FROM by_payer WHERE month = '2023-01' AND payer_uin < '0'$$,
  $$SELECT * FROM by_payer WHERE month = '2023-02' AND payer_uin NOT IN (SELECT uin FROM periods WHERE n = 1)$$,
  $$SELECT * FROM periods JOIN by_payer ON payer_uin > uin AND month = m$$,
  $$SELECT payer_uin, count(*), sum(real_total_cost) FROM by_payer WHERE month LIKE '2022-1_' AND month >= '2022-11' GROUP BY 1$$,
  $$SELECT * FROM deep$$,
  $$SELECT deep FROM deep WHERE month = '2023-01'$$,
  $$SELECT * FROM deep WHERE month > '2022-12' AND payer_uin = '100000000002' AND pay_mode <> 'riPay'$$,
  $$SELECT * FROM deep WHERE payer_uin IN ('100000000001', '100000000003') AND month IN ('2023-01', '2023-03')$$,
  $$SELECT * FROM parent$$,
  $$SELECT parent FROM parent WHERE month >= '2023-01'$$,
  $$SELECT * FROM parent WHERE month IS NULL OR pay_mode = 'prePay'$$,
  $$SELECT month, count(*), sum(cost) FROM parent GROUP BY 1$$,
  $$SELECT * FROM above WHERE month IN ('2023-04', '2022-11')$$,
  -- joins
  $$SELECT * FROM periods JOIN by_month ON month = m$$,
  $$SELECT * FROM periods JOIN by_month ON month BETWEEN first AND last$$,
  $$SELECT * FROM periods LEFT JOIN by_month ON month = m AND pay_mode = 'prePay'$$,
  $$SELECT * FROM by_month LEFT JOIN periods ON month = m$$,
  $$SELECT * FROM by_month FULL JOIN periods ON month = m$$,
  $$SELECT * FROM by_month WHERE NOT EXISTS (SELECT FROM periods WHERE month = m)$$,
  $$SELECT * FROM by_month WHERE month IN (SELECT first FROM periods)$$,
  $$SELECT * FROM periods WHERE EXISTS (SELECT FROM by_month WHERE month = m AND real_total_cost > 0)$$,
  $$SELECT * FROM periods WHERE m NOT IN (SELECT month FROM by_month WHERE pay_mode = 'prePay')$$,
  $$SELECT * FROM periods JOIN by_date ON month = d$$,
  $$SELECT * FROM periods JOIN by_hash ON month = m$$,
  $$SELECT * FROM periods JOIN by_hash ON month BETWEEN first AND m$$,
  $$SELECT n, by_group FROM periods JOIN by_group ON month = m AND group_type = g$$,
  $$SELECT * FROM periods JOIN by_group ON month = m WHERE group_type <> 'project'$$,
  $$SELECT * FROM periods LEFT JOIN by_group ON month = m AND group_type = g$$,
  $$SELECT * FROM wanted w JOIN by_group b ON b.group_type = w.group_type AND b.month = w.m$$,
  $$SELECT * FROM wanted w LEFT JOIN by_group b ON b.group_type = w.group_type AND b.month = w.m$$,
  $$SELECT * FROM wanted w LEFT JOIN by_group b ON b.group_type = w.group_type AND b.month = w.m AND b.real_total_cost > 0 JOIN periods p ON p.m = b.month$$,
  $$SELECT w.* FROM wanted w WHERE EXISTS (SELECT FROM by_group b WHERE b.group_type = w.group_type AND b.month = w.m AND b.real_total_cost > 0)$$,
  $$SELECT b.group_type, count(*), sum(b.real_total_cost) FROM by_group b JOIN wanted w USING (group_type) WHERE b.month = '2023-01' GROUP BY 1$$,
  $$SELECT * FROM wanted w, LATERAL (SELECT max(real_total_cost) FROM by_group b WHERE b.group_type = w.group_type AND b.month = w.m) x$$,
  $$SELECT a.month, a.pay_mode, b.real_total_cost FROM by_month a JOIN by_month b USING (month, pay_mode)$$,
  $$SELECT a.month, b.pay_mode FROM by_month a LEFT JOIN by_month b ON b.month = a.month AND b.pay_mode > a.pay_mode WHERE a.pay_mode <> 'riPay'$$,
  $$SELECT a.month, b.group_type, b.group_key FROM by_month a JOIN by_group b ON b.month = a.month AND b.group_key = a.pay_mode$$,
  $$SELECT * FROM periods, by_payer WHERE payer_uin = uin AND month = m$$,
  $$SELECT * FROM periods LEFT JOIN by_payer ON payer_uin = uin AND month = first$$,
  $$SELECT * FROM by_payer LEFT JOIN periods ON payer_uin = uin AND n > 1 WHERE month = '2023-02'$$,
  $$SELECT * FROM by_payer a JOIN by_payer b USING (payer_uin, pay_mode) WHERE a.month = '2023-02' AND b.month = '2023-03'$$,
  $$SELECT * FROM by_payer WHERE month = '2023-02' AND NOT EXISTS (SELECT FROM periods WHERE uin = payer_uin)$$,
  $$SELECT * FROM by_payer WHERE month = '2023-02' AND payer_uin IN (SELECT uin FROM periods)$$,
  $$SELECT * FROM periods JOIN deep ON month = m AND payer_uin = uin$$,
  $$SELECT * FROM deep a JOIN deep b USING (payer_uin, month, pay_mode)$$,
  $$SELECT n, deep FROM periods LEFT JOIN deep ON month BETWEEN first AND last AND payer_uin <> uin$$,
  $$SELECT * FROM periods JOIN parent ON month = m$$,
  $$SELECT * FROM parent LEFT JOIN periods ON month BETWEEN first AND last$$,
  $$SELECT * FROM parent a JOIN parent b USING (month) WHERE a.pay_mode < b.pay_mode$$,
  $$SELECT * FROM periods JOIN above ON month = m$$,
  $$SELECT * FROM periods WHERE EXISTS (SELECT FROM above WHERE month = last)$$,
  $$SELECT * FROM periods JOIN mixed ON month = m$$,
  $$SELECT * FROM periods LEFT JOIN mixed ON month = first$$,
  $$SELECT * FROM periods JOIN mixed ON month BETWEEN first AND last$$,
  -- what is made of the rows
  $$SELECT * FROM periods, LATERAL (SELECT * FROM by_month WHERE month = m ORDER BY pay_mode LIMIT 2) x$$,
  $$SELECT n, (SELECT sum(real_total_cost) FROM deep WHERE month = m) FROM periods$$,
  $$SELECT * FROM by_month ORDER BY month DESC, pay_mode LIMIT 4 OFFSET 1$$,
  $$SELECT DISTINCT ON (payer_uin) payer_uin, month, pay_mode FROM deep ORDER BY payer_uin, month DESC, pay_mode$$,
  $$SELECT month, pay_mode, rank() OVER (PARTITION BY month ORDER BY real_total_cost) FROM by_month$$,
  $$WITH w AS MATERIALIZED (SELECT * FROM by_month) SELECT * FROM w a JOIN w b USING (month) WHERE a.pay_mode < b.pay_mode$$,
  $$SELECT month FROM by_month EXCEPT ALL SELECT month FROM parent$$
]) q;
\pset format aligned
\pset tuples_only off
:fresh

--
-- nothing is written to them, whatever way it takes
--
INSERT INTO by_month VALUES ('2023-01', 'x', 1); -- ERROR
INSERT INTO by_month VALUES ('2023-04', 'x', 1), ('2023-05', 'x', 1); -- ERROR
INSERT INTO by_month VALUES ('2023-04', 'x', 1) RETURNING tableoid::regclass;
COPY by_month FROM STDIN; -- ERROR
2023-04	y	1
2022-12	y	1
\.
UPDATE by_month SET pay_mode = 'z' WHERE month = '2023-01'; -- ERROR
UPDATE by_month SET pay_mode = 'z'; -- ERROR
DELETE FROM by_month WHERE month >= '2023-01'; -- ERROR
-- only of the partition that is a local one, unless the row would go elsewhere
UPDATE by_month SET pay_mode = 'z' WHERE month = '2023-04' AND pay_mode = 'x' RETURNING *;
UPDATE by_month SET month = '2023-01' WHERE month = '2023-04' AND pay_mode = 'z'; -- ERROR
MERGE INTO by_month USING periods ON month = m AND n = 4 AND pay_mode = 'z' WHEN MATCHED THEN UPDATE SET real_total_cost = 2; -- ERROR
-- a local one, by values that are read from a foreign one
UPDATE by_month t SET real_total_cost = f.real_total_cost FROM by_month_2023 f WHERE t.month = '2023-04' AND t.pay_mode = 'z' AND f.month = '2023-02' AND f.pay_mode = 'prePay'
  RETURNING t.real_total_cost = (SELECT real_total_cost FROM local.modes WHERE month = '2023-02' AND pay_mode = 'prePay') AS same;
DELETE FROM by_month WHERE month = '2023-04' AND pay_mode = 'z' RETURNING *;
TRUNCATE by_month; -- ERROR
UPDATE parent SET cost = 0; -- ERROR
DELETE FROM parent WHERE month = '2023-01'; -- ERROR
UPDATE ONLY parent SET cost = 0 WHERE month = '2023-01' RETURNING *;
UPDATE parent SET cost = 0 WHERE month = '2022-11' RETURNING *;
INSERT INTO child_new VALUES ('2023-01', 'x', 1); -- ERROR
-- what was not there is not there, and nothing was asked but for the values
SELECT count(*) FROM by_month_archive;
:sent
-- locks reach the local rows
SELECT tableoid::regclass, count(*) FROM (SELECT tableoid FROM by_month WHERE month >= '2023-02' FOR UPDATE) x GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM (SELECT tableoid FROM parent WHERE month = '2023-01' FOR SHARE) x GROUP BY 1 ORDER BY 1;
:sent

SET client_min_messages = warning;
DROP SCHEMA partitions, local, given CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
\! simctl reset
