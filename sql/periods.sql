--
-- Periods: comparisons of a time that rows show choose what is asked for
--
\setenv SIM_CONFIG '{"rows": 60}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint :'sim', max_concurrency '1', site 'china', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
IMPORT FOREIGN SCHEMA account FROM SERVER sim INTO public;
IMPORT FOREIGN SCHEMA usage FROM SERVER sim INTO public;
SET timezone = 'UTC';

-- a local copy of what there is
CREATE TABLE bill_list_copy AS SELECT * FROM bill_list WHERE operation_time >= '2022-01-01';
SELECT count(*), count(DISTINCT bill_id), min(operation_time), max(operation_time) FROM bill_list_copy;
CREATE TABLE deals_copy AS SELECT * FROM deals_by_cond WHERE create_time >= '2022-01-01';
SELECT count(*), count(DISTINCT order_id) FROM deals_copy;

-- what is sent: the enclosing period, by the second
:fresh
SELECT count(*) FROM bill_list WHERE operation_time >= '2023-04-01' AND operation_time < '2023-06-01';
SELECT count(*) FROM bill_list_copy WHERE operation_time >= '2023-04-01' AND operation_time < '2023-06-01';
SELECT count(*) FROM bill_list WHERE operation_time BETWEEN '2023-04-01 12:00:00.25' AND '2023-04-30 11:59:59.5';
SELECT count(*) FROM bill_list WHERE '2023-04-01' < operation_time AND '2023-04-02' > operation_time;
SELECT count(*) FROM bill_list WHERE operation_time = '2023-04-01 10:00:00';
SELECT count(*) FROM bill_list WHERE operation_time > '2023-04-01' AND operation_time >= '2023-05-01' AND operation_time < '2023-07-01' AND operation_time <= '2023-06-15';
\! simctl bodies

-- a period longer than the API allows is split, newest first; no row comes twice
:fresh
SELECT count(*), count(DISTINCT bill_id) FROM bill_list WHERE operation_time >= '2023-01-01' AND operation_time < '2024-07-01';
SELECT count(*) FROM bill_list_copy WHERE operation_time >= '2023-01-01' AND operation_time < '2024-07-01';
\! simctl bodies
-- whether the end of a period belongs to it or not
\! simctl config '{"range_end": "exclusive"}'
SELECT count(*), count(DISTINCT bill_id) FROM bill_list WHERE operation_time >= '2023-01-01' AND operation_time < '2024-07-01';
\! simctl config '{"range_end": "inclusive"}'
-- also when pieces end where rows are
CREATE TABLE moments AS SELECT operation_time AS t FROM bill_list_copy ORDER BY 1 LIMIT 8;
SELECT m.t = x.low AND x.n = (SELECT count(*) FROM bill_list_copy c WHERE c.operation_time >= m.t) AS same
  FROM moments m, LATERAL (SELECT count(*) AS n, min(operation_time) AS low FROM bill_list b WHERE b.operation_time >= m.t) x;
-- and when both bring the row in between
\! simctl config '{"faults": [{"action": "DescribeBillList", "times": 2, "patch": [{"op": "replace", "path": "/Response/TransactionList/0/OperationTime", "value": "2023-06-30 00:00:00"}]}]}'
SELECT count(*), count(*) FILTER (WHERE operation_time = '2023-06-30') FROM bill_list WHERE operation_time >= '2023-01-01' AND operation_time < '2023-12-01';
SELECT count(*) FROM bill_list_copy WHERE operation_time >= '2023-01-01' AND operation_time < '2023-12-01';
\! simctl config '{"faults": []}'

-- the end is by default the end of the day in Beijing; no row is of the future
\! simctl reset
SELECT count(*) FROM bill_list WHERE operation_time >= now() - interval '3 days' AND false;
SELECT count(*) > -1 AS fine FROM bill_list WHERE operation_time >= (now() AT TIME ZONE 'Asia/Shanghai')::date;
\! simctl bodies | sed "s/$(TZ=Asia/Shanghai date +%F)/TODAY/; s/$(TZ=Asia/Shanghai date -d tomorrow +%F)/TOMORROW/"

-- conditions that leave nothing send nothing
:fresh
SELECT count(*) FROM bill_list WHERE operation_time >= '2023-04-02' AND operation_time < '2023-04-01';
SELECT count(*) FROM bill_list WHERE operation_time >= NULL;
SELECT count(*) FROM bill_list WHERE operation_time >= '2023-04-01' AND operation_time < (SELECT NULL::timestamp);
SELECT count(*) FROM bill_list WHERE operation_time >= '2999-01-01';
\! simctl bodies

-- a begin is required; what is no bound is none
SELECT count(*) FROM bill_list; -- ERROR
SELECT count(*) FROM bill_list WHERE operation_time < '2023-04-01'; -- ERROR
SELECT count(*) FROM bill_list WHERE operation_time >= '-infinity'; -- ERROR
SELECT count(*) FROM bill_list WHERE operation_time >= '2023-04-01' OR amount > 0; -- ERROR
SELECT count(*) FROM bill_list WHERE date_trunc('month', operation_time) = '2023-04-01'; -- ERROR
SELECT count(*) FROM bill_list WHERE operation_time >= '2023-04-01'::timestamp + random() * interval '1 day'; -- ERROR
SELECT pg_temp.plan('SELECT count(*) FROM bill_list WHERE amount > 0');
-- too many pieces
ALTER FOREIGN TABLE bill_list OPTIONS (max_requests '3');
SELECT count(*) FROM bill_list WHERE operation_time >= '2020-01-01' AND operation_time < '2023-01-01'; -- ERROR
ALTER FOREIGN TABLE bill_list OPTIONS (DROP max_requests);
\! simctl bodies

-- plans
EXPLAIN (VERBOSE, COSTS OFF)
SELECT amount FROM bill_list WHERE operation_time >= '2023-04-01' AND operation_time < '2024-01-01' AND amount > 0;
PREPARE p(timestamp, timestamptz) AS
  SELECT count(*) FROM bill_list WHERE operation_time >= $1 AND operation_time <= $2;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE p('2023-04-01', '2023-04-30');
EXECUTE p('2023-04-01', '2023-04-30 12:00+00');
SELECT count(*) FROM bill_list_copy WHERE operation_time >= timestamp '2023-04-01' AND operation_time <= timestamptz '2023-04-30 12:00+00';
EXECUTE p('2023-04-01', NULL);
EXECUTE p(NULL, '2023-04-30');
RESET plan_cache_mode;
EXECUTE p('2023-05-01', 'infinity');

-- columns of other types: dates, and times with a zone, which are Beijing's
CREATE FOREIGN TABLE by_day (operation_time date, bill_id text, amount numeric) SERVER sim OPTIONS (table_name 'bill_list');
CREATE FOREIGN TABLE by_zone (operation_time timestamptz, bill_id text, amount numeric) SERVER sim OPTIONS (table_name 'bill_list');
CREATE FOREIGN TABLE by_text (operation_time text, bill_id text) SERVER sim OPTIONS (table_name 'bill_list');
:fresh
SELECT * FROM by_text; -- ERROR
SELECT count(*) FROM by_zone WHERE operation_time >= '2023-04-01 00:00+08' AND operation_time < '2023-05-01 00:00+08';
SELECT count(*) FROM by_zone WHERE operation_time >= '2023-03-31 16:00' AND operation_time < date '2023-05-01';
SELECT count(*) FROM by_zone WHERE operation_time >= timestamp '2023-03-31 16:00' AND operation_time < timestamp '2023-04-30 16:00';
\! simctl bodies
SELECT count(*) FROM bill_list_copy WHERE operation_time >= '2023-04-01' AND operation_time < '2023-05-01';
SELECT count(*) FROM bill_list_copy WHERE operation_time >= '2023-04-01' AND operation_time < '2023-05-01 08:00';
SELECT * FROM by_day WHERE operation_time >= '2023-04-01' AND operation_time <= '2023-04-02' ORDER BY bill_id;
SELECT * FROM by_day WHERE operation_time > '2023-04-01' AND operation_time < '2023-04-03' ORDER BY bill_id;
SELECT operation_time, bill_id FROM bill_list_copy WHERE operation_time >= '2023-04-01' AND operation_time < '2023-04-03' ORDER BY bill_id;
-- a local time compared with one that has a zone is taken in the session's zone, DST and all
SET timezone = 'America/New_York';
SELECT (SELECT count(*) FROM bill_list WHERE operation_time >= m.t::timestamptz AND operation_time < m.t::timestamptz + interval '200 days')
     - (SELECT count(*) FROM bill_list_copy WHERE operation_time >= m.t::timestamptz AND operation_time < m.t::timestamptz + interval '200 days') AS difference
  FROM moments m;
SET timezone = 'UTC';

-- a row without a time fits no comparison; one whose time is none is no answer
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/TransactionList/0/OperationTime", "value": ""}]}]}'
SELECT count(*) - (SELECT count(*) FROM bill_list_copy WHERE operation_time >= '2023-04-01' AND operation_time < '2023-05-01') AS difference
  FROM bill_list WHERE operation_time >= '2023-04-01' AND operation_time < '2023-05-01';
\! simctl config '{"request_id": "counted", "faults": [{"patch": [{"op": "replace", "path": "/Response/TransactionList/0/OperationTime", "value": "soon"}]}]}'
SELECT count(*) FROM bill_list WHERE operation_time >= '2023-04-01' AND operation_time < '2023-05-01'; -- ERROR

-- days: a piece is seven days with both ends
\! simctl reset
\! simctl config '{"rows": 30}'
SELECT count(*) > 0 AS some, min(time) >= '2023-04-01' AND max(time) < '2023-04-16' AS within
  FROM dosage_detail_by_date_detail_points
 WHERE product_code = '10194' AND domain_asked = 'www.example.com' AND time >= '2023-04-01' AND time < '2023-04-16';
SELECT count(*) FROM dosage_detail_by_date_detail_points
 WHERE product_code = '10194' AND domain_asked = 'www.example.com' AND time >= '2023-04-03 12:00' AND time <= '2023-04-03 18:00';
-- products other than CDN have no domain: here an empty text is a value
SELECT count(*) > 0 AS some, bool_and(domain_asked = '') AS asked FROM dosage_detail_by_date_detail_points
 WHERE product_code = '102383' AND domain_asked = '' AND time >= '2023-04-03' AND time < '2023-04-04';
\! simctl bodies

-- periods that may be left out, and have one end or two
:fresh
CREATE TABLE vouchers_copy AS SELECT * FROM voucher_info;
SELECT count(*) = (SELECT count(*) FROM vouchers_copy WHERE create_time >= '2023-06-01') FROM voucher_info WHERE create_time >= '2023-06-01';
SELECT count(*) = (SELECT count(*) FROM vouchers_copy WHERE end_time < '2023-06-01') FROM voucher_info WHERE end_time < '2023-06-01';
SELECT count(*) = (SELECT count(*) FROM vouchers_copy WHERE end_time <= '2024-06-01' AND begin_time > '2023-02-01' AND create_time < '2024-01-01')
  FROM voucher_info WHERE end_time <= '2024-06-01' AND begin_time > '2023-02-01' AND create_time < '2024-01-01';
SELECT count(*) = (SELECT count(*) FROM vouchers_copy WHERE end_time IS NULL OR end_time > '2024-01-01')
  FROM voucher_info WHERE end_time IS NULL OR end_time > '2024-01-01';
SELECT count(*) FROM voucher_info WHERE create_time < '2023-02-01' AND create_time > '2023-03-01';
\! simctl bodies
-- also when they begin or end within a day, with rows at both ends
CREATE TABLE created AS SELECT create_time AS t FROM vouchers_copy ORDER BY 1 LIMIT 8;
SELECT count(*) AS times, count(*) FILTER (WHERE t <> t::date) > 0 AS some_within_a_day FROM created;
CREATE FUNCTION differing() RETURNS bigint LANGUAGE sql AS $$
SELECT count(*) FROM created c
 WHERE (SELECT count(*) FROM voucher_info v WHERE v.create_time >= c.t) <> (SELECT count(*) FROM vouchers_copy v WHERE v.create_time >= c.t)
    OR (SELECT count(*) FROM voucher_info v WHERE v.create_time <= c.t) <> (SELECT count(*) FROM vouchers_copy v WHERE v.create_time <= c.t)
$$;
SELECT differing();
\! simctl config '{"rows": 60, "range_end": "exclusive"}'
SELECT differing();
\! simctl config '{"rows": 60}'
-- and when they change by less than a request can say
SELECT count(*) AS differing FROM (SELECT t + n * interval '1 second' AS u FROM created, generate_series(-1, 1) n ORDER BY 1) x
 WHERE (SELECT count(*) FROM voucher_info WHERE create_time < u) <> (SELECT count(*) FROM vouchers_copy WHERE create_time < u);

-- joins: bounds come from the other side
CREATE TABLE phases (name text, began timestamp, ended timestamp);
INSERT INTO phases VALUES ('spring', '2023-03-01', '2023-06-01'), ('summer', '2023-06-01', '2023-09-01'), ('open', '2023-09-01', NULL), ('none', NULL, NULL);
SELECT p.name, count(*), sum(b.amount) = (SELECT sum(amount) FROM bill_list_copy c WHERE c.operation_time >= p.began AND c.operation_time < p.ended) AS same
  FROM phases p JOIN bill_list b ON b.operation_time >= p.began AND b.operation_time < p.ended
 GROUP BY p.name, p.began, p.ended ORDER BY p.name;
SELECT p.name, (SELECT count(*) FROM bill_list b WHERE b.operation_time >= p.began AND b.operation_time < p.ended) FROM phases p ORDER BY p.name;

-- bounds of partitions
CREATE TABLE bills (LIKE bill_list_copy) PARTITION BY RANGE (operation_time);
CREATE FOREIGN TABLE bills_2023 PARTITION OF bills FOR VALUES FROM ('2023-01-01') TO ('2023-05-01') SERVER sim OPTIONS (table_name 'bill_list');
CREATE FOREIGN TABLE bills_2024 PARTITION OF bills FOR VALUES FROM ('2024-01-01') TO ('2024-05-01') SERVER sim OPTIONS (table_name 'bill_list');
CREATE TABLE bills_rest PARTITION OF bills DEFAULT;
:fresh
SELECT tableoid::regclass, count(*), min(operation_time) >= '2023-01-01' AS fits FROM bills GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM bills WHERE operation_time >= '2024-02-01';
\! simctl bodies
SELECT count(*) FROM bill_list_copy WHERE operation_time >= '2024-02-01' AND operation_time < '2024-05-01';

-- the option first_month bounds such a table as well
ALTER FOREIGN TABLE bill_list OPTIONS (ADD first_month '2023-04', ADD last_month '2023-06');
:fresh
SELECT count(*) = (SELECT count(*) FROM bill_list_copy WHERE operation_time >= '2023-04-01' AND operation_time < '2023-07-01') FROM bill_list;
SELECT count(*) = (SELECT count(*) FROM bill_list_copy WHERE operation_time >= '2023-06-10' AND operation_time < '2023-07-01') FROM bill_list WHERE operation_time >= '2023-06-10';
SELECT count(*) FROM bill_list WHERE operation_time >= '2023-07-01';
\! simctl bodies
ANALYZE bill_list;
SELECT reltuples > 0 FROM pg_class WHERE relname = 'bill_list';
-- without it, a sample is taken from the last month that has ended
\! simctl reset
ANALYZE deals_by_cond;
\! simctl bodies | sed "s/$(TZ=Asia/Shanghai date -d "$(date +%Y-%m-15) -1 month" +%Y-%m)-01/BEGIN/; s/$(TZ=Asia/Shanghai date +%Y-%m)-01/END/"
ALTER FOREIGN TABLE bill_list OPTIONS (DROP first_month, DROP last_month);
ALTER FOREIGN TABLE bill_list ALTER COLUMN operation_time OPTIONS (ADD value '2023-04-01');
SELECT * FROM bill_list; -- ERROR
ALTER FOREIGN TABLE bill_list ALTER COLUMN operation_time OPTIONS (DROP value);

-- a row that is of another time than was asked for
\! simctl reset
\! simctl config '{"rows": 60, "request_id": "counted", "faults": [{"action": "DescribeBillList", "patch": [{"op": "replace", "path": "/Response/TransactionList/0/OperationTime", "value": "2021-01-01 00:00:00"}]}]}'
SELECT count(*) FROM bill_list WHERE operation_time >= '2023-04-01' AND operation_time < '2023-06-01'; -- ERROR
ALTER FOREIGN TABLE bill_list OPTIONS (ADD answer_check 'off');
SELECT count(*) - (SELECT count(*) FROM bill_list_copy WHERE operation_time >= '2023-04-01' AND operation_time < '2023-06-01')
  FROM bill_list WHERE operation_time >= '2023-04-01' AND operation_time < '2023-06-01';

SET client_min_messages = warning;
DROP FUNCTION differing;
DROP TABLE bill_list_copy, deals_copy, vouchers_copy, moments, created, phases, bills;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
