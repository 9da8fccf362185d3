--
-- Joins: values of other relations choose requests, whatever the plan; what
-- no plan can ask for is refused
--
\setenv SIM_CONFIG '{"rows": 40, "request_id": "counted"}'
\i sql/common.psql
-- in the order of their text: the order of a join's outer rows is the planner's
\set sent :sent_sorted

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA joins;
SET search_path = joins, given, public;
SET datestyle = ISO;
-- some plans below are switched off, which counts as costs that wake it
SET jit = off;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO joins;
ALTER FOREIGN TABLE bill_summary RENAME TO summary;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;
ALTER FOREIGN TABLE bill_resource_summary_for_organization RENAME TO resources;
ALTER FOREIGN TABLE bill_summary_business RENAME TO parts;
ALTER FOREIGN TABLE bill_summary_by_pay_mode_detail RENAME TO details;
CREATE FOREIGN TABLE modes_date (month date, pay_mode text, real_total_cost numeric) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE modes_time (month timestamp, pay_mode text, real_total_cost numeric) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
-- input columns: the same tables, joined on them only
CREATE FOREIGN TABLE paid (month text, payer_uin text, pay_mode text, real_total_cost numeric) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE tagged (month text, tag_key text, tag_value text, resource_id text, real_total_cost numeric) SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization');
CREATE FOREIGN TABLE operated (month text, group_type text OPTIONS (value 'payMode'), payer_uin bigint, operate_uin bigint, group_key text, real_total_cost numeric) SERVER sim OPTIONS (table_name 'bill_summary');
CREATE FOREIGN TABLE acted (month text, action_type text, action_type_name text, resource_id text, real_total_cost numeric) SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization');

-- local copies of the rows that the queries below look for
CREATE SCHEMA local;
CREATE SCHEMA given;
CREATE TABLE local.summary AS
  SELECT * FROM summary WHERE month BETWEEN '2022-10' AND '2023-04' AND group_type IN ('business', 'region', 'payMode') UNION ALL
  SELECT * FROM summary WHERE month BETWEEN '2022-10' AND '2023-04' AND tag_key IN ('env', 'team');
CREATE TABLE local.parts AS
  SELECT * FROM parts WHERE month BETWEEN '2022-12' AND '2023-04' AND group_type IN ('region', 'payMode') UNION ALL
  SELECT * FROM parts WHERE month BETWEEN '2022-12' AND '2023-04' AND tag_key IN ('env', 'team');
CREATE TABLE local.details AS SELECT * FROM details WHERE month BETWEEN '2022-12' AND '2023-04';
CREATE TABLE local.operated AS SELECT * FROM operated WHERE month BETWEEN '2022-12' AND '2023-04' AND payer_uin IN (100000000001, 100000000002) AND operate_uin IN (100000000001, 100000000002);
CREATE TABLE local.modes AS SELECT * FROM modes WHERE month BETWEEN '2022-10' AND '2023-04';
CREATE TABLE local.modes_date AS SELECT * FROM modes_date WHERE month BETWEEN '2022-10-01' AND '2023-04-01';
CREATE TABLE local.modes_time AS SELECT * FROM modes_time WHERE month BETWEEN '2022-10-01' AND '2023-04-01';
CREATE TABLE local.resources AS SELECT * FROM resources WHERE month BETWEEN '2022-10' AND '2023-04';
CREATE TABLE local.paid AS SELECT * FROM paid WHERE month BETWEEN '2022-10' AND '2023-04' AND payer_uin IN ('100000000001', '100000000002');
CREATE TABLE local.tagged AS SELECT * FROM tagged WHERE month BETWEEN '2022-10' AND '2023-04' AND tag_key IN ('env', 'team', 'none');
CREATE TABLE local.acted AS SELECT * FROM acted WHERE month BETWEEN '2022-10' AND '2023-04' AND action_type IN ('Hourly pay-as-you-go', 'Daily pay-as-you-go');

CREATE TABLE given.periods (n int, m text, d date, t timestamp, first text, last text, pattern text, list text[]);
INSERT INTO periods VALUES
  (1, '2023-01', '2023-01-01', '2023-01-01', '2022-12', '2023-01', '2023-01', '{2023-01,2023-02}'),
  (2, '2023-03', '2023-03-01', '2023-03-01', '2023-02', '2023-04', '2022-1_', '{2023-03,NULL,2023-03}'),
  (3, '2023-03', '2023-03-01', '2023-03-01', '2023-04', '2023-03', '2023-_4', '{}');
CREATE TABLE given.groups (g text, k text);
INSERT INTO groups VALUES ('region', NULL), ('payMode', NULL), ('tag', 'env'), ('tag', 'team');
CREATE TABLE given.payers (uin text, number bigint, since text);
INSERT INTO payers VALUES ('100000000001', 100000000001, '2023-01'), ('100000000002', 100000000002, '2023-03');
CREATE TABLE given.assets AS
  SELECT DISTINCT ON (business_code) resource_id AS id, business_code AS code, pay_mode AS mode, real_total_cost AS cost FROM local.resources
   WHERE month = '2023-03' AND pay_mode <> 'riPay' ORDER BY business_code, resource_id LIMIT 3;
-- what people write into a table of their own
CREATE TABLE given.dirty (m text, d date, t timestamp, g text, k text, uin text, id text);
INSERT INTO dirty VALUES
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('2023-4', '2023-03-02', '2023-03-01 00:00:01', 'Region', NULL, NULL, 'no such'),
  ('2023-13', 'infinity', 'infinity', 'paymode', NULL, NULL, 'no such'),
  ('2023-02 ', '-infinity', '-infinity', 'x', NULL, NULL, E'\n'),
  ('x', '4713-01-01 BC', '4713-01-01 BC', '"', NULL, NULL, '"'),
  ('', '5874897-12-31', '294276-12-31', '', NULL, NULL, 'no such'),
  ('2023-02', '2023-02-01', '2023-02-01', 'region', 'env', '100000000001', NULL);
UPDATE dirty SET id = assets.id FROM assets WHERE m = '2023-02' AND code = (SELECT min(code) FROM assets);
ANALYZE periods, groups, payers, assets, dirty;
:fresh

--
-- What is sent.  Rows are made dear and calls cheap, so that the planner
-- prefers to send what it can.
--
ALTER SERVER sim OPTIONS (ADD call_cost '1', ADD tuple_cost '1000');
-- month, as text, date and timestamp, also across types
SELECT n, month, count(*) FROM periods JOIN modes ON month = m GROUP BY 1, 2 ORDER BY 1;
:sent
SELECT n, month, count(*) FROM periods JOIN modes_date ON month = d GROUP BY 1, 2 ORDER BY 1;
SELECT n, month, count(*) FROM periods JOIN modes_time ON month = t GROUP BY 1, 2 ORDER BY 1;
:sent
SELECT n, month, count(*) FROM periods JOIN modes_time ON month = d GROUP BY 1, 2 ORDER BY 1;
SELECT n, month, count(*) FROM periods JOIN modes_date ON month = t GROUP BY 1, 2 ORDER BY 1;
:sent
-- expressions of outer columns
SELECT n, month, count(*) FROM periods JOIN modes ON month = to_char(d + interval '1 month', 'YYYY-MM') GROUP BY 1, 2 ORDER BY 1;
SELECT n, month, count(*) FROM periods JOIN modes ON month = ANY (list) GROUP BY 1, 2 ORDER BY 1, 2;
:sent
-- of the column, too
SELECT n, month, count(*) FROM periods JOIN modes ON (month || '-01')::date = d GROUP BY 1, 2 ORDER BY 1;
:sent
-- other comparisons
SELECT n, month, count(*) FROM periods JOIN modes ON month BETWEEN first AND last GROUP BY 1, 2 ORDER BY 1, 2;
:sent
SELECT n, month, count(*) FROM periods JOIN modes ON month >= first AND month < last AND month > '2022-01' GROUP BY 1, 2 ORDER BY 1, 2;
:sent
SELECT n, month, count(*) FROM periods JOIN modes ON month LIKE pattern GROUP BY 1, 2 ORDER BY 1, 2;
:sent
-- an OR gives what each of its arms gives
SELECT n, month, pay_mode FROM periods JOIN modes ON (month = m AND n = 1) OR (month = first AND pay_mode = 'riPay') ORDER BY 1, 2, 3;
:sent
-- group_type; with month, of the same and of another relation
SELECT group_type, count(*) > 0 FROM groups JOIN summary ON group_type = g WHERE month = '2023-02' AND g <> 'tag' GROUP BY 1 ORDER BY 1;
:sent
SELECT n, month, group_type, count(*) > 0 FROM periods, groups, summary WHERE month = m AND group_type = g AND n < 3 AND g <> 'tag' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
:sent
SELECT month, group_type, count(*) > 0 FROM (VALUES ('2023-01', 'region'), ('2023-02', 'business')) v(m, g) JOIN summary ON month = m AND group_type = g GROUP BY 1, 2 ORDER BY 1, 2;
:sent
-- a tag key implies its group
SELECT tag_key, group_type, count(*) > 0 FROM groups JOIN summary ON tag_key = k WHERE month = '2023-02' GROUP BY 1, 2 ORDER BY 1;
SELECT tag_key, group_type, count(*) > 0 FROM groups JOIN summary ON tag_key = k AND group_type = g WHERE month = '2023-02' GROUP BY 1, 2 ORDER BY 1;
:sent
-- three relations at once
SELECT n, month, tag_key, payer_uin, count(*) > 0 FROM periods, groups, payers, summary
 WHERE month = m AND tag_key = k AND payer_uin = uin AND n < 3 GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 4;
:sent
-- what only input columns hold
SELECT uin, payer_uin, count(*) FROM payers JOIN paid ON payer_uin = uin AND month >= since WHERE month BETWEEN '2023-02' AND '2023-03' GROUP BY 1, 2 ORDER BY 1;
:sent
SELECT payer_uin, count(*) FROM payers JOIN paid ON payer_uin = number::text WHERE month = '2023-04' GROUP BY 1 ORDER BY 1;
:sent
SELECT operate_uin, count(*) FROM payers JOIN summary ON operate_uin = uin WHERE month = '2023-04' AND group_type = 'payMode' GROUP BY 1 ORDER BY 1;
:sent
SELECT action_type, count(*) > 0 FROM (VALUES ('Hourly pay-as-you-go'), ('Daily pay-as-you-go')) v(a) JOIN acted ON action_type = a WHERE month = '2023-04' GROUP BY 1 ORDER BY 1;
:sent
SELECT tag_key, tag_value, count(*) > 0 FROM (VALUES ('env', 'prod'), ('team', 'search')) v(k, w) JOIN tagged ON tag_key = k AND tag_value = w WHERE month = '2023-04' GROUP BY 1, 2 ORDER BY 1;
:sent
-- a key alone is not sent
SELECT tag_key, tag_value IS NOT NULL, count(*) FROM (VALUES ('env'), ('none')) v(k) JOIN tagged ON tag_key = k WHERE month = '2023-04' GROUP BY 1, 2 ORDER BY 1;
:sent
-- what rows show as well
SELECT resource_id = id, count(*) > 0 FROM assets JOIN resources ON resource_id = id WHERE month = '2023-03' GROUP BY 1;
:sent
SELECT business_code, count(*) > 0 FROM assets JOIN resources ON business_code = code WHERE month = '2023-03' GROUP BY 1 ORDER BY 1;
:sent
SELECT pay_mode, count(*) > 0 FROM (VALUES ('prePay'), ('postPay')) v(mode) JOIN resources ON pay_mode = mode WHERE month = '2023-03' GROUP BY 1 ORDER BY 1;
:sent
-- the API takes no riPay: all rows of the month, and the others are left out here
SELECT pay_mode, count(*) = (SELECT count(*) FROM local.resources r WHERE r.pay_mode = 'riPay' AND r.month = '2023-03') AS same
  FROM (VALUES ('riPay')) v(mode) JOIN resources ON pay_mode = mode WHERE month = '2023-03' GROUP BY 1;
:sent
SELECT month, resource_id = id, business_code = code, pay_mode = mode, count(*) > 0 FROM assets, periods, resources
 WHERE resource_id = id AND business_code = code AND pay_mode = mode AND month = m AND n = 2 GROUP BY 1, 2, 3, 4;
:sent
-- a condition of its own narrows further, one that leaves out nothing does not
SELECT n, month, count(*) FROM periods JOIN modes ON month = m WHERE month > '2023-02' GROUP BY 1, 2 ORDER BY 1;
SELECT n, month, count(*) FROM periods JOIN modes ON month = m WHERE month IS NOT NULL GROUP BY 1, 2 ORDER BY 1;
:sent
ALTER SERVER sim OPTIONS (DROP call_cost, DROP tuple_cost);

--
-- Requests that do not change are not sent again
--
-- with Memoize, whatever the order of the outer rows
CREATE TABLE given.days AS SELECT day::date, to_char(day, 'YYYY-MM') AS m, date_trunc('month', day)::date AS d FROM generate_series(date '2023-01-01', '2023-03-31', '1 day') day ORDER BY extract(day FROM day);
ANALYZE days;
SELECT count(*) FROM days JOIN modes ON month = m;
:sent
SELECT count(*) FROM days JOIN modes_date x ON x.month BETWEEN d AND d + 40;
:sent
-- without, when they come one after the other
SET enable_memoize = off;
SELECT count(*) FROM (SELECT * FROM days ORDER BY day) x JOIN modes ON month = m;
:sent
SELECT n, x.s = y.s AS same FROM periods, LATERAL (SELECT sum(real_total_cost) AS s FROM modes WHERE month = m) x,
  LATERAL (SELECT sum(real_total_cost) AS s FROM local.modes WHERE month = m) y ORDER BY 1;
:sent
-- the value changes, the months that it leaves do not
SELECT i, count(*) FROM generate_series(1, 26) i JOIN modes_date ON month BETWEEN '2022-12-02'::date + i AND '2023-02-02'::date + i GROUP BY 1 HAVING count(*) <> 6;
:sent
RESET enable_memoize;
-- the inner side does not depend on the outer one
SELECT count(*) FROM periods CROSS JOIN modes WHERE month = '2023-01';
SET enable_material = off;
SELECT count(*) FROM periods CROSS JOIN modes WHERE month = '2023-01';
SELECT count(*) FROM periods JOIN modes ON n > length(pay_mode) - 6 WHERE month = '2023-01';
RESET enable_material;
:sent

--
-- Every way to run a query gives the same, and what a local copy gives
--
\set settings '{nestloop,hashjoin,mergejoin,memoize,material,hashagg,hashjoin mergejoin,nestloop hashjoin,nestloop mergejoin,memoize material,hashjoin mergejoin memoize material}'
CREATE VIEW monthly AS SELECT month, sum(real_total_cost) AS cost FROM modes GROUP BY month;
CREATE VIEW local.monthly AS SELECT month, sum(real_total_cost) AS cost FROM local.modes GROUP BY month;
CREATE VIEW plain AS SELECT * FROM modes WHERE real_total_cost > 0;
CREATE VIEW local.plain AS SELECT * FROM local.modes WHERE real_total_cost > 0;
CREATE VIEW barrier WITH (security_barrier) AS SELECT * FROM modes WHERE pay_mode <> 'riPay';
CREATE VIEW local.barrier AS SELECT * FROM local.modes WHERE pay_mode <> 'riPay';
CREATE TABLE parted (month text, group_type text, group_key text, real_total_cost numeric) PARTITION BY LIST (group_type);
CREATE FOREIGN TABLE parted_region PARTITION OF parted FOR VALUES IN ('region') SERVER sim OPTIONS (table_name 'bill_summary');
CREATE FOREIGN TABLE parted_modes PARTITION OF parted FOR VALUES IN ('payMode') SERVER sim OPTIONS (table_name 'bill_summary');
CREATE TABLE parted_own PARTITION OF parted FOR VALUES IN ('own');
INSERT INTO parted_own VALUES ('2023-01', 'own', 'x', 1);
CREATE TABLE local.parted AS SELECT month, group_type, group_key, real_total_cost FROM local.summary WHERE group_type IN ('region', 'payMode') UNION ALL TABLE parted_own;
ANALYZE parted_own;

\pset format unaligned
\pset tuples_only on
\pset fieldsep ': '
SELECT q, pg_temp.agree(q, :'settings') FROM unnest(ARRAY[
  -- inner
  $$SELECT * FROM periods JOIN modes ON month = m$$,
  $$SELECT * FROM periods JOIN modes_date ON month = d$$,
  $$SELECT * FROM periods JOIN modes_time ON month = d$$,
  $$SELECT * FROM periods JOIN modes ON month BETWEEN first AND last$$,
  $$SELECT * FROM periods JOIN modes ON month LIKE pattern$$,
  $$SELECT * FROM periods JOIN modes ON month = ANY (list)$$,
  $$SELECT * FROM periods JOIN modes ON (month = m AND n = 1) OR (month = first AND pay_mode = 'riPay')$$,
  $$SELECT * FROM periods JOIN modes ON (month = m OR month = last) AND length(pay_mode) > n + 4$$,
  $$SELECT * FROM periods p JOIN periods q ON p.n < q.n JOIN modes ON month = p.m AND month < q.first$$,
  $$SELECT * FROM periods p JOIN periods q ON p.m = q.m JOIN modes ON month = q.m$$,
  $$SELECT * FROM modes NATURAL JOIN (SELECT m AS month FROM periods) x$$,
  $$SELECT * FROM periods, groups, summary WHERE month = m AND group_type = g AND g <> 'tag'$$,
  $$SELECT * FROM periods, groups, summary WHERE month = m AND group_type = g AND tag_key = k$$,
  $$SELECT * FROM periods, groups, summary WHERE month = m AND tag_key = k$$,
  $$SELECT * FROM periods, groups, summary WHERE month BETWEEN first AND last AND (group_type, n) IN (('region', 1), ('payMode', 2)) AND g = group_type$$,
  $$SELECT * FROM payers JOIN paid ON payer_uin = uin AND month = since$$,
  $$SELECT * FROM payers, periods, paid WHERE payer_uin = uin AND month = m$$,
  $$SELECT * FROM payers p, payers q, paid WHERE payer_uin = p.uin AND payer_uin = q.uin AND month = p.since$$,
  $$SELECT * FROM groups JOIN tagged ON tag_key = k WHERE month = '2023-02'$$,
  $$SELECT * FROM periods, groups, tagged WHERE month = m AND tag_key = k$$,
  $$SELECT * FROM (VALUES ('env', 'prod'), ('team', ''), ('none', ''), ('env', 'x'), (NULL, 'x'), ('x', NULL)) v(k, w), tagged WHERE month = '2023-02' AND tag_key = k AND tag_value = w$$,
  $$SELECT * FROM (VALUES ('Hourly pay-as-you-go'), ('Daily pay-as-you-go'), (NULL)) v(a), periods, acted WHERE month = m AND action_type = a$$,
  $$SELECT * FROM assets JOIN resources ON resource_id = id WHERE month = '2023-03'$$,
  $$SELECT * FROM assets, periods, resources WHERE resource_id = id AND month = m$$,
  $$SELECT * FROM assets JOIN resources ON business_code = code AND pay_mode = mode AND real_total_cost > cost WHERE month IN ('2023-02', '2023-03')$$,
  $$SELECT * FROM assets a JOIN resources ON resource_id = a.id OR business_code = a.code WHERE month = '2023-03'$$,
  $$SELECT * FROM (VALUES ('riPay'), ('prePay'), ('none')) v(mode) JOIN resources ON pay_mode = mode WHERE month = '2023-03'$$,
  -- a condition that leaves out nothing does not replace the join
  $$SELECT * FROM periods JOIN modes ON month = m WHERE month IS NOT NULL$$,
  $$SELECT * FROM periods JOIN modes ON month = m WHERE month >= '2018-01'$$,
  $$SELECT * FROM periods JOIN modes ON month = m WHERE month = month AND month <> '2017-12'$$,
  $$SELECT * FROM periods, groups, summary WHERE month = m AND group_type = g AND group_type IN ('business', 'project', 'region', 'payMode', 'tag') AND g <> 'tag'$$,
  -- nor does one of which that is seen only when it is evaluated, whatever the plan
  $$SELECT * FROM periods JOIN modes ON month = m WHERE month LIKE '%-%'$$,
  $$SELECT * FROM periods JOIN modes ON month = m WHERE month > (SELECT '2017-12')$$,
  $$SELECT * FROM periods JOIN modes ON month BETWEEN first AND last WHERE upper(month) = month$$,
  $$SELECT * FROM modes WHERE month LIKE '%-%' AND month IN (SELECT m FROM periods)$$,
  -- an equality on what is made of a column
  $$SELECT * FROM periods JOIN modes ON (month || '-01')::date = d$$,
  $$SELECT * FROM periods JOIN modes ON left(month, 4) || right(month, 2) = replace(m, '-', '')$$,
  $$SELECT * FROM periods, groups, summary WHERE month || group_type = m || g AND month > '2022-09' AND month < '2023-05' AND g <> 'tag'$$,
  -- outer, the table inside
  $$SELECT * FROM periods LEFT JOIN modes ON month = first$$,
  $$SELECT * FROM periods LEFT JOIN modes ON month BETWEEN first AND last AND pay_mode = 'prePay'$$,
  $$SELECT * FROM periods LEFT JOIN modes ON month = m AND n = 2$$,
  $$SELECT * FROM modes RIGHT JOIN periods ON month = m$$,
  $$SELECT * FROM periods LEFT JOIN (groups JOIN summary ON group_type = g) ON month = m AND g = 'region'$$,
  $$SELECT * FROM periods LEFT JOIN groups ON n = length(k) - 2 LEFT JOIN summary ON month = m AND tag_key = k$$,
  $$SELECT * FROM periods p LEFT JOIN periods q ON q.n = p.n + 1 JOIN modes ON month = coalesce(q.m, p.first)$$,
  $$SELECT * FROM periods p FULL JOIN payers q ON q.since = p.first JOIN modes ON month = coalesce(p.m, q.since)$$,
  $$SELECT * FROM payers LEFT JOIN paid ON payer_uin = uin AND month = since$$,
  $$SELECT * FROM assets LEFT JOIN resources ON resource_id = id AND month = '2023-02'$$,
  -- LATERAL
  $$SELECT * FROM periods, LATERAL (SELECT * FROM modes WHERE month = m) x$$,
  $$SELECT * FROM periods, LATERAL (SELECT * FROM modes WHERE month = m OFFSET 0) x$$,
  $$SELECT * FROM periods LEFT JOIN LATERAL (SELECT coalesce(n, 0) AS c, pay_mode FROM modes WHERE month = coalesce(m, 'x') AND pay_mode <> 'prePay') x ON true$$,
  $$SELECT * FROM periods, LATERAL (SELECT pay_mode FROM modes WHERE month BETWEEN first AND last ORDER BY month, pay_mode LIMIT n) x$$,
  $$SELECT * FROM payers, LATERAL (SELECT payer_uin, sum(real_total_cost) FROM paid WHERE payer_uin = uin AND month > since AND month < '2023-05' GROUP BY 1) x$$,
  $$SELECT * FROM periods, LATERAL (SELECT month FROM modes WHERE month = m UNION SELECT to_char(month, 'YYYY-MM') FROM modes_date WHERE month = d + interval '1 month') x$$,
  -- semi-joins and their opposite, the table inside
  $$SELECT * FROM modes WHERE month IN (SELECT m FROM periods)$$,
  $$SELECT * FROM modes WHERE (month, 1) IN (SELECT m, n FROM periods)$$,
  $$SELECT * FROM modes WHERE EXISTS (SELECT FROM periods WHERE m = month)$$,
  $$SELECT * FROM modes WHERE month IN (SELECT m FROM periods WHERE n < 3) AND month IN (SELECT since FROM payers)$$,
  $$SELECT * FROM summary WHERE (month, group_type) IN (SELECT m, g FROM periods, groups WHERE g <> 'tag')$$,
  $$SELECT * FROM paid WHERE month = '2023-02' AND payer_uin IN (SELECT uin FROM payers)$$,
  $$SELECT * FROM modes WHERE month BETWEEN '2022-10' AND '2023-04' AND month NOT IN (SELECT m FROM periods)$$,
  $$SELECT * FROM modes WHERE month BETWEEN '2022-10' AND '2023-04' AND NOT EXISTS (SELECT FROM periods WHERE m = month)$$,
  $$SELECT * FROM resources WHERE month = '2023-03' AND resource_id IN (SELECT id FROM assets)$$,
  $$SELECT * FROM resources WHERE month = '2023-03' AND resource_id NOT IN (SELECT id FROM assets)$$,
  $$SELECT * FROM resources WHERE month = '2023-03' AND NOT EXISTS (SELECT FROM assets WHERE id = resource_id)$$,
  $$SELECT * FROM periods WHERE EXISTS (SELECT FROM modes WHERE month = m AND pay_mode = 'riPay')$$,
  $$SELECT * FROM periods WHERE EXISTS (SELECT FROM modes WHERE month BETWEEN first AND last)$$,
  $$SELECT * FROM periods WHERE NOT EXISTS (SELECT FROM modes WHERE month = first AND length(pay_mode) > n + 5)$$,
  $$SELECT * FROM periods WHERE m IN (SELECT month FROM modes)$$,
  $$SELECT * FROM periods WHERE m = ANY (SELECT month FROM modes WHERE pay_mode = 'prePay')$$,
  $$SELECT * FROM payers WHERE EXISTS (SELECT FROM paid WHERE payer_uin = uin AND month = since)$$,
  $$SELECT * FROM payers WHERE NOT EXISTS (SELECT FROM paid WHERE payer_uin = uin AND month = since AND (pay_mode = 'none' OR since > '2023-02'))$$,
  $$SELECT * FROM periods WHERE n <= (SELECT count(*) FROM modes WHERE month = m)$$,
  -- other kinds of outer relations
  $$SELECT * FROM (VALUES ('2023-01'), ('2023-04'), ('2023-01')) v(m) JOIN modes ON month = m$$,
  $$SELECT * FROM generate_series('2023-01-01'::date, '2023-04-01', '1 month') g JOIN modes_date ON month = g$$,
  $$SELECT * FROM generate_series('2023-01-01'::date, '2023-04-01', '1 month') g JOIN modes_date ON month = g::date$$,
  $$SELECT * FROM generate_series('2023-01-01'::timestamp, '2023-04-01', '1 month') g JOIN modes_time ON month = g$$,
  $$SELECT * FROM generate_series('2023-01-01'::date, '2023-04-01', '1 month') g LEFT JOIN modes ON month = to_char(g, 'YYYY-MM') AND pay_mode = 'prePay'$$,
  $$SELECT * FROM unnest('{2023-01,2023-02,NULL}'::text[]) WITH ORDINALITY u(m, i) JOIN modes ON month = m$$,
  $$WITH w AS (SELECT m FROM periods GROUP BY 1) SELECT * FROM w JOIN modes ON month = m$$,
  $$WITH w AS MATERIALIZED (SELECT m, n FROM periods) SELECT * FROM w JOIN modes ON month = m AND n < 3$$,
  $$WITH RECURSIVE w(i, m) AS (SELECT 1, '2023-01' UNION ALL SELECT i + 1, '2023-0' || i + 1 FROM w WHERE i < 4) SELECT * FROM w JOIN modes ON month = m$$,
  $$WITH RECURSIVE w(i, m, c) AS (SELECT 1, '2023-01', 0::numeric UNION ALL SELECT i + 1, '2023-0' || i + 1, real_total_cost FROM w JOIN modes ON month = m WHERE i < 4 AND pay_mode = 'prePay') SELECT * FROM w$$,
  $$SELECT * FROM (SELECT m FROM periods UNION SELECT since FROM payers) u JOIN modes ON month = m$$,
  $$SELECT * FROM (SELECT max(m) AS m FROM periods) u JOIN modes ON month = m$$,
  $$SELECT * FROM (SELECT m, row_number() OVER (ORDER BY n) FROM periods LIMIT 2) u JOIN modes ON month = m$$,
  -- views, partitions, UNION ALL inside
  $$SELECT * FROM periods JOIN plain ON month = m$$,
  $$SELECT * FROM periods, LATERAL (SELECT * FROM barrier WHERE month = m OFFSET 0) x$$,
  $$SELECT * FROM periods, LATERAL (SELECT * FROM monthly WHERE month = m OFFSET 0) x$$,
  $$SELECT * FROM periods JOIN parted ON month = m$$,
  $$SELECT * FROM periods, groups, parted WHERE month = m AND group_type = g$$,
  $$SELECT * FROM periods LEFT JOIN parted ON month = first AND group_type IN ('payMode', 'own')$$,
  $$SELECT * FROM periods JOIN (SELECT month, pay_mode FROM modes UNION ALL SELECT month, pay_mode_name FROM modes) u ON month = m$$,
  $$SELECT * FROM periods LEFT JOIN (SELECT month, pay_mode FROM modes UNION ALL SELECT first, last FROM periods) u ON month = m$$,
  $$SELECT * FROM periods, LATERAL (SELECT * FROM (SELECT month, pay_mode FROM modes UNION ALL SELECT month, group_key FROM summary WHERE group_type = 'region') u WHERE month = m OFFSET 0) x$$,
  -- two of ours
  $$SELECT a.*, b.pay_mode FROM modes a JOIN modes b USING (month) WHERE a.month = '2023-02'$$,
  $$SELECT a.month, b.month FROM modes a JOIN modes b ON b.month = to_char((a.month || '-01')::date + interval '1 month', 'YYYY-MM') AND b.pay_mode = a.pay_mode WHERE a.month IN ('2023-01', '2023-02')$$,
  $$SELECT * FROM modes a LEFT JOIN modes b ON b.month = a.month AND b.pay_mode = 'prePay' WHERE a.month = '2023-02' AND a.pay_mode <> 'prePay'$$,
  $$SELECT * FROM periods, modes a, summary b WHERE a.month = m AND b.month = m AND b.group_type = 'payMode' AND b.group_key = a.pay_mode$$,
  $$SELECT a.month FROM modes a JOIN summary b ON b.month = a.month AND b.group_type = 'payMode' WHERE a.month = '2023-02'$$,
  $$SELECT * FROM resources a JOIN resources b ON b.resource_id = a.resource_id AND b.month = '2023-02' WHERE a.month = '2023-01' AND a.business_code = 'p_cvm'$$,
  -- the other tables
  $$SELECT * FROM periods JOIN details ON month = m AND action_type LIKE '%renew%'$$,
  $$SELECT * FROM periods LEFT JOIN details ON month BETWEEN first AND last AND pay_mode = 'postPay'$$,
  $$SELECT * FROM periods, groups, parts WHERE month = m AND group_type = g AND g <> 'tag'$$,
  $$SELECT * FROM periods, groups, parts WHERE month = m AND tag_key = k$$,
  $$SELECT * FROM payers p, payers q, operated WHERE payer_uin = p.number AND operate_uin = q.number AND month = p.since$$,
  -- set operations
  $$SELECT n, month, pay_mode FROM periods JOIN modes ON month = m UNION SELECT n, month, pay_mode FROM periods JOIN modes ON month = first$$,
  $$SELECT month, pay_mode FROM periods JOIN modes ON month BETWEEN first AND last INTERSECT SELECT month, pay_mode FROM modes WHERE month IN (SELECT m FROM periods)$$,
  $$SELECT month FROM periods JOIN modes ON month = first EXCEPT ALL SELECT m FROM periods$$,
  $$SELECT last FROM periods EXCEPT SELECT month FROM payers JOIN paid ON payer_uin = uin AND month = since$$,
  $$SELECT n, u.* FROM periods, LATERAL (SELECT pay_mode FROM modes WHERE month = m EXCEPT SELECT pay_mode FROM modes WHERE month = first AND pay_mode <> 'riPay') u$$,
  $$SELECT * FROM periods WHERE (m, 'prePay') IN (SELECT month, pay_mode FROM modes WHERE month BETWEEN first AND last INTERSECT SELECT month, pay_mode FROM modes WHERE month = m)$$,
  -- dirty rows match nothing
  $$SELECT * FROM dirty JOIN modes ON month = m$$,
  $$SELECT * FROM dirty x JOIN modes_date y ON y.month = x.d$$,
  $$SELECT * FROM dirty x JOIN modes_time y ON y.month = x.t$$,
  $$SELECT * FROM dirty x JOIN modes_time y ON y.month = x.d$$,
  $$SELECT * FROM dirty LEFT JOIN modes ON month = m$$,
  $$SELECT * FROM dirty JOIN summary ON group_type = g WHERE month = '2023-02'$$,
  $$SELECT * FROM dirty JOIN summary ON group_type = g AND month = m$$,
  $$SELECT * FROM dirty JOIN summary ON tag_key = k WHERE month = '2023-02'$$,
  $$SELECT * FROM dirty JOIN paid ON payer_uin = uin WHERE month = '2023-02'$$,
  $$SELECT * FROM dirty JOIN resources ON resource_id = id WHERE month = '2023-02'$$,
  $$SELECT * FROM dirty JOIN resources ON pay_mode = g WHERE month = '2023-02'$$,
  $$SELECT * FROM modes WHERE month IN (SELECT m FROM dirty)$$,
  $$SELECT * FROM dirty WHERE NOT EXISTS (SELECT FROM modes WHERE month = m)$$,
  $$SELECT * FROM (VALUES ('env'), (''), ('none')) v(k) JOIN tagged ON tag_key = k WHERE month = '2023-02' AND k <> ''$$,
  $$SELECT * FROM (VALUES ('env'), ('')) v(k) JOIN summary ON tag_key = k WHERE month = '2023-02'$$,
  $$SELECT * FROM (VALUES ('100000000001'), ('')) v(u) JOIN paid ON payer_uin = u WHERE month = '2023-02'$$,
  $$SELECT * FROM (VALUES ('Daily pay-as-you-go'), (''), (NULL)) v(a) JOIN acted ON action_type = a WHERE month = '2023-02'$$,
  $$SELECT * FROM (VALUES ('env', 'prod'), ('', 'x'), ('', ''), ('x', 'x')) v(k, w) JOIN tagged ON tag_key = k AND tag_value = w WHERE month = '2023-02'$$
]) q;
\pset format aligned
\pset tuples_only off
:fresh
-- and ask for nothing
SELECT m, count(pay_mode) FROM dirty LEFT JOIN modes ON month = m GROUP BY 1 ORDER BY 1;
SELECT g, count(group_key) > 0 FROM dirty LEFT JOIN summary ON group_type = g AND month = '2023-02' GROUP BY 1 ORDER BY 1;
:sent

--
-- No plan can ask: refused, the same for every plan, never by EXPLAIN
--
SELECT * FROM modes LEFT JOIN periods ON month = m; -- ERROR
SELECT * FROM payers p RIGHT JOIN paid ON payer_uin = uin WHERE month = '2023-01'; -- ERROR
CREATE FUNCTION explains(query text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'EXPLAIN (VERBOSE) ' || query;
  RETURN true;
END $$;
\pset format unaligned
\pset tuples_only on
SELECT q, pg_temp.agree(q, :'settings'), explains(q) FROM unnest(ARRAY[
  $$SELECT * FROM modes LEFT JOIN periods ON month = m$$,
  $$SELECT * FROM modes FULL JOIN periods ON month = m$$,
  $$SELECT * FROM modes WHERE NOT EXISTS (SELECT FROM periods WHERE m = month)$$,
  $$SELECT * FROM modes WHERE EXISTS (SELECT FROM periods WHERE month BETWEEN first AND last)$$,
  $$SELECT * FROM modes a JOIN modes b USING (month)$$,
  $$SELECT * FROM modes a JOIN summary b ON b.month = a.month AND b.group_type = 'region'$$,
  $$SELECT * FROM modes a LEFT JOIN modes b ON b.month = a.month AND b.month = '2023-01'$$,
  $$SELECT * FROM periods JOIN modes ON pay_mode = m$$,
  $$SELECT * FROM periods JOIN summary ON month = m$$,
  $$SELECT * FROM groups JOIN summary ON group_type = g$$,
  $$SELECT * FROM groups JOIN summary ON group_type = g WHERE month = '2023-01'$$,
  $$SELECT * FROM periods LEFT JOIN modes ON m = month || pay_mode$$,
  $$SELECT * FROM periods JOIN monthly ON month = m$$,
  $$SELECT * FROM periods JOIN barrier ON month = m$$,
  $$SELECT * FROM periods JOIN (SELECT month, group_key FROM summary WHERE group_type = 'payMode' UNION ALL SELECT month, group_key FROM summary WHERE group_type = 'region') u ON month = m$$,
  $$SELECT * FROM paid LEFT JOIN payers ON payer_uin = uin WHERE month = '2023-01'$$,
  $$SELECT * FROM paid FULL JOIN payers ON payer_uin = uin AND month = '2023-01'$$,
  $$SELECT * FROM paid JOIN payers ON payer_uin > uin WHERE month = '2023-01'$$,
  $$SELECT * FROM paid JOIN payers ON payer_uin || '' = uin WHERE month = '2023-01'$$,
  $$SELECT * FROM paid JOIN payers ON upper(payer_uin) = upper(uin) WHERE month = '2023-01'$$,
  $$SELECT * FROM paid JOIN payers ON payer_uin::bigint = number WHERE month = '2023-01'$$,
  $$SELECT * FROM paid JOIN payers ON payer_uin IS NOT DISTINCT FROM uin WHERE month = '2023-01'$$,
  $$SELECT * FROM payers LEFT JOIN paid ON coalesce(payer_uin, uin) = uin AND month = '2023-01'$$,
  $$SELECT * FROM paid JOIN payers ON paid IS NOT NULL AND paid::text LIKE since || '%' WHERE month = '2023-01'$$,
  $$SELECT * FROM paid JOIN payers ON payer_uin = uin OR payer_uin = since WHERE month = '2023-01'$$,
  $$SELECT * FROM paid WHERE month = '2023-01' AND NOT EXISTS (SELECT FROM payers WHERE payer_uin = uin)$$,
  $$SELECT * FROM paid a JOIN paid b USING (payer_uin) WHERE a.month = '2023-01' AND b.month = '2023-02'$$,
  $$SELECT * FROM (VALUES ('prod')) v(w) JOIN tagged ON tag_value = w WHERE month = '2023-01'$$
]) q;
\pset format aligned
\pset tuples_only off
:fresh
-- a single partition (18 may be forced by its settings to choose a disabled path for it)
SELECT count(*) FROM periods LEFT JOIN parted ON month = first AND group_type = 'payMode';
:sent
-- nothing is refused where nothing is asked for
SELECT count(*) FROM (SELECT * FROM periods WHERE n > 5) p JOIN modes a ON a.month = p.m JOIN modes b ON b.month = a.month;
-- OFFSET 0 helps
SELECT n FROM periods WHERE EXISTS (SELECT FROM modes WHERE month BETWEEN first AND last OFFSET 0) ORDER BY 1;
SELECT count(*) FROM modes WHERE EXISTS (SELECT FROM periods WHERE month BETWEEN first AND last OFFSET 0);
:sent

--
-- Statements that are run more than once
--
PREPARE joined(int) AS SELECT n, month, count(*) FROM periods JOIN modes ON month = m WHERE n >= $1 GROUP BY 1, 2 ORDER BY 1;
PREPARE grouped(text) AS SELECT n, group_type, count(*) > 0 FROM periods JOIN summary ON month = m AND group_type = $1 GROUP BY 1, 2 ORDER BY 1;
SET plan_cache_mode = force_custom_plan;
EXECUTE joined(1);
EXECUTE grouped('payMode');
EXECUTE grouped('paymode'); -- ERROR
:sent
SET plan_cache_mode = force_generic_plan;
EXECUTE joined(1);
EXECUTE joined(3);
EXECUTE grouped('payMode');
EXECUTE grouped('region');
EXECUTE grouped(NULL);
EXECUTE grouped('paymode'); -- ERROR
:sent
-- the plan sees new rows
INSERT INTO periods VALUES (4, '2022-11');
EXECUTE joined(3);
DELETE FROM periods WHERE n = 4;
:sent
RESET plan_cache_mode;
-- whichever PostgreSQL takes, after how many times
CREATE FUNCTION monthly_total(wanted text) RETURNS numeric LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT sum(real_total_cost) FROM periods JOIN modes ON month = m AND n = 1 WHERE month <> wanted)
    + (SELECT sum(real_total_cost) FROM modes WHERE month = wanted);
END $$;
SELECT count(*) AS times, count(*) FILTER (WHERE monthly_total(t.m) = (SELECT sum(real_total_cost) FROM local.modes WHERE month IN ('2023-01', t.m))) AS right
  FROM (SELECT '2023-0' || i % 3 + 2 AS m FROM generate_series(1, 12) i) t;
CREATE TABLE given.totals (month text, total numeric);
PREPARE total(text, text) AS INSERT INTO totals SELECT month, sum(real_total_cost) FROM periods JOIN modes ON month = m WHERE month = $1 AND n = 2 OR month = $2 AND n = 1 GROUP BY 1;
SELECT format('EXECUTE total(%L, %L)', CASE i % 3 WHEN 0 THEN '2023-02' ELSE '2023-03' END, CASE i % 2 WHEN 0 THEN '2023-01' END) FROM generate_series(1, 8) i \gexec
SELECT month, count(*) AS times, count(*) FILTER (WHERE total = (SELECT sum(real_total_cost) FROM local.modes l WHERE l.month = totals.month)) AS right FROM totals GROUP BY 1 ORDER BY 1;
-- how often is up to the plan
\! simctl bodies | sort -u
:fresh
DEALLOCATE ALL;
DO $$
DECLARE
  p periods;
  total numeric;
BEGIN
  FOR p IN SELECT * FROM periods ORDER BY n LOOP
    SELECT sum(real_total_cost) INTO total FROM modes WHERE month BETWEEN p.first AND p.last;
    RAISE NOTICE '%: %', p.n, total IS NOT DISTINCT FROM (SELECT sum(real_total_cost) FROM local.modes WHERE month BETWEEN p.first AND p.last);
  END LOOP;
  FOR p IN SELECT periods.* FROM periods JOIN modes ON month = m AND pay_mode = 'prePay' ORDER BY n LOOP
    RAISE NOTICE '%', p.m;
  END LOOP;
END $$;
:sent
-- and those that write
CREATE TABLE given.costs AS SELECT n, m, 0::numeric AS cost FROM periods;
UPDATE costs SET cost = real_total_cost FROM modes WHERE month = m AND pay_mode = 'prePay';
DELETE FROM costs USING modes WHERE month = m AND pay_mode = 'prePay' AND n = 3 RETURNING n, month, cost = real_total_cost AS same;
MERGE INTO costs USING (SELECT first, real_total_cost FROM periods JOIN modes ON month = first WHERE pay_mode = 'prePay' AND n < 3) x ON m = first
  WHEN MATCHED THEN UPDATE SET cost = 1 WHEN NOT MATCHED THEN INSERT VALUES (9, first, real_total_cost);
INSERT INTO costs SELECT 10, month, real_total_cost FROM periods JOIN modes ON month = last WHERE pay_mode = 'prePay';
SELECT n, m, cost = (SELECT real_total_cost FROM local.modes WHERE month = m AND pay_mode = 'prePay') AS same FROM costs ORDER BY 1, 2;
:sent
-- CTEs that write what they read, and give their rows to a join
WITH old AS (
  DELETE FROM costs USING modes WHERE month = m AND pay_mode = 'prePay' AND n < 3 RETURNING n, m, cost
), new AS (
  INSERT INTO costs SELECT 20 + n, first, real_total_cost FROM periods JOIN modes ON month = first AND pay_mode = 'postPay' RETURNING n, m, cost
)
SELECT new.n, new.m, new.cost = l.real_total_cost AS same, f.pay_mode, f.real_total_cost = new.cost AS equal, (SELECT count(*) FROM old) AS gone
  FROM new JOIN local.modes l ON l.month = new.m AND l.pay_mode = 'postPay' JOIN modes f ON f.month = new.m ORDER BY 1, 4;
WITH moved AS (UPDATE costs SET m = last FROM periods WHERE costs.n = periods.n + 20 RETURNING costs.n, costs.m)
SELECT moved.n, moved.m, x.month, x.c FROM moved LEFT JOIN LATERAL (SELECT month, count(*) AS c FROM modes WHERE month = moved.m GROUP BY 1) x ON true ORDER BY 1;
SELECT n, m FROM costs WHERE n > 20 ORDER BY 1;
:sent

--
-- EXPLAIN: the join's conditions choose requests, whose number depends on it
--
SELECT pg_temp.plan('SELECT * FROM periods JOIN modes ON month BETWEEN first AND last');
SELECT pg_temp.plan('SELECT * FROM modes FULL JOIN periods ON month = m');
:sent

SET client_min_messages = warning;
DROP SCHEMA joins, local, given CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
\! simctl reset
