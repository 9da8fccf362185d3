--
-- Rescans: a changed list of requests is sent, an unchanged one is not, and
-- rows are the same whatever the plan
--
\setenv SIM_CONFIG '{"rows": 40, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA rescan;
SET search_path = rescan, public;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO rescan;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;
ALTER FOREIGN TABLE bill_resource_summary_for_organization RENAME TO resources;
CREATE TABLE months (n int, m text);
INSERT INTO months VALUES (1, '2023-01'), (2, '2023-01'), (3, '2023-02'), (4, '2023-02'), (5, '2023-01'), (6, NULL), (7, 'none');
ANALYZE months;

-- nested loops whose inner side needs nothing of the outer one: asked for once
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_material = off;
SET enable_memoize = off;
SELECT n, count(*) FROM months JOIN modes ON length(pay_mode) > n + 3 WHERE month IN ('2023-01', '2023-02') GROUP BY 1 ORDER BY 1;
SELECT n, count(pay_mode) FROM months LEFT JOIN modes ON length(pay_mode) > n + 3 AND month IN ('2023-01', '2023-02') GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM modes a JOIN modes b ON a.pay_mode = b.pay_mode WHERE a.month = '2023-01' AND b.month IN ('2023-02', '2023-03');
:sent_sorted
-- an inner side that depends on the outer row: asked for when its month changes
SELECT n, x.c FROM months, LATERAL (SELECT count(*) AS c FROM modes WHERE month = m) x ORDER BY n;
:sent
SELECT n, x.pay_mode FROM months, LATERAL (SELECT * FROM modes WHERE month = m OFFSET 0) x WHERE n < 4 ORDER BY n, pay_mode;
:sent
-- unchanged requests although the parameter changes
SELECT n, x.c FROM months, LATERAL (SELECT count(*) AS c FROM modes WHERE month = '2023-01' AND length(month) > n) x WHERE n < 6 ORDER BY n;
:sent
-- the parameter only filters rows: asked for once, and right for each outer row
SELECT n, x.c FROM months, LATERAL (SELECT count(*) AS c FROM modes WHERE month = '2023-01' AND (pay_mode = 'prePay' OR length(pay_mode) + n > 9)) x ORDER BY n;
:sent
-- a part of the rows is read, then others of the same requests
SELECT n, x.pay_mode FROM months, LATERAL (SELECT pay_mode FROM modes WHERE month = '2023-01' AND n > 0 OFFSET n - 1 LIMIT 1) x WHERE n < 5 ORDER BY n;
:sent
SELECT n, x.c FROM months, LATERAL (SELECT count(*) AS c FROM (SELECT FROM modes WHERE month = '2023-01' AND n > 0 LIMIT n) y) x ORDER BY n;
:sent
-- the same over several requests and pages
ALTER FOREIGN TABLE resources OPTIONS (ADD page_size '15');
SELECT n, x.c, x.d FROM months, LATERAL (SELECT count(*) AS c, count(DISTINCT id) AS d FROM (SELECT resource_id || action_type_name || real_total_cost AS id FROM resources WHERE month IN ('2023-01', '2023-02') AND n > 0 LIMIT n * 13) y) x ORDER BY n;
:sent
ALTER FOREIGN TABLE resources OPTIONS (DROP page_size);
-- input columns: the value changes, the rows do
SELECT n, x.payer_uin, x.c FROM months, LATERAL (SELECT payer_uin, count(*) AS c FROM modes WHERE month = '2023-01' AND payer_uin = (n / 2)::text GROUP BY 1) x ORDER BY n;
:sent
-- an input column that is not sent: the request is the same, the column is not
SELECT n, x.tag_key, x.c FROM months, LATERAL (SELECT tag_key, count(*) AS c FROM resources WHERE month = '2023-01' AND tag_key = 'k' || n GROUP BY 1) x WHERE n < 4 ORDER BY n;
:sent_sorted
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_material;
RESET enable_memoize;

-- correlated subqueries
SELECT n, (SELECT count(*) FROM modes WHERE month = m) FROM months ORDER BY n;
:sent
SELECT n, (SELECT max(pay_mode) FROM modes WHERE month = '2023-01' AND length(pay_mode) < n) FROM months ORDER BY n;
:sent
-- requests that differ in a value that rows show
SELECT code, (SELECT count(*) FROM resources WHERE month = '2023-01' AND business_code = code) FROM (VALUES ('p_cvm'), ('p_cdb'), ('none'), ('p_cvm'), ('p_cdb')) v(code);
:sent
SELECT n, EXISTS (SELECT FROM modes WHERE month = m AND pay_mode = 'riPay' OFFSET 0) FROM months ORDER BY n;
:sent
SELECT n FROM months WHERE 'prePay' IN (SELECT pay_mode FROM modes WHERE month = m OFFSET 0) ORDER BY n;
SELECT n FROM months WHERE m IN (SELECT month FROM modes WHERE month > '2022-12' AND month < '2023-03') ORDER BY n;
:sent_sorted
-- a subplan in a condition that chooses requests
SELECT month, count(*) FROM modes WHERE month > '2022-12' AND month < '2023-05' AND EXISTS (SELECT FROM months WHERE months.m = modes.month OFFSET 0) GROUP BY 1 ORDER BY 1;
:sent
-- one of ours within one of ours
SELECT month, count(*) FROM modes WHERE month IN ('2023-01', '2023-02') AND pay_mode IN (SELECT b.pay_mode FROM modes b WHERE b.month = '2023-03' AND b.pay_mode <> 'riPay') GROUP BY 1 ORDER BY 1;
SELECT a.month, (SELECT count(*) FROM modes b WHERE b.month = a.month) FROM modes a WHERE a.month IN ('2023-01', '2023-02') ORDER BY 1;
:sent_sorted
-- recursion
WITH RECURSIVE r(i, month, c) AS (
  SELECT 1, '2023-01', 0::bigint
  UNION ALL
  SELECT i + 1, '2023-0' || i + 1, (SELECT count(*) FROM modes WHERE modes.month = r.month) FROM r WHERE i < 4
) SELECT * FROM r;
:sent

-- cursors
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT month, pay_mode FROM modes WHERE month IN ('2023-01', '2023-02');
FETCH 2 FROM c;
:sent
FETCH BACKWARD 1 FROM c;
FETCH FIRST FROM c;
FETCH LAST FROM c;
FETCH ABSOLUTE 2 FROM c;
MOVE BACKWARD ALL IN c;
FETCH ALL FROM c;
FETCH RELATIVE -2 FROM c;
-- the second month only
:sent
CLOSE c;
DECLARE c NO SCROLL CURSOR FOR SELECT pay_mode FROM modes WHERE month = '2023-01';
FETCH 1 FROM c;
FETCH BACKWARD 1 FROM c; -- ERROR
ROLLBACK;
BEGIN;
DECLARE c CURSOR WITH HOLD FOR SELECT pay_mode FROM modes WHERE month = '2023-01';
COMMIT;
FETCH ALL FROM c;
CLOSE c;
:sent
-- a cursor that is closed early reads nothing more
BEGIN;
DECLARE c CURSOR FOR SELECT pay_mode FROM modes WHERE month IN ('2023-01', '2023-02', '2023-03');
FETCH 1 FROM c;
CLOSE c;
COMMIT;
:sent
-- several at once, in turn
BEGIN;
DECLARE a CURSOR FOR SELECT month, pay_mode FROM modes WHERE month IN ('2023-01', '2023-02');
DECLARE b CURSOR FOR SELECT month, pay_mode FROM modes WHERE month IN ('2023-03', '2023-04');
FETCH 2 FROM a;
FETCH 2 FROM b;
FETCH 2 FROM a;
FETCH 2 FROM b;
COMMIT;
:sent
-- over joins, back and forth: each month is asked for once, or not at all
BEGIN;
CREATE TEMP TABLE joined AS SELECT n, month, pay_mode FROM months JOIN modes ON month = m WHERE n < 5;
:fresh
DECLARE c SCROLL CURSOR FOR SELECT n, month, pay_mode FROM (SELECT * FROM months ORDER BY n) o JOIN modes ON month = m WHERE n < 5;
FETCH 2 FROM c;
:sent
MOVE 2 IN c;
FETCH BACKWARD 2 FROM c;
FETCH BACKWARD ALL FROM c;
FETCH PRIOR FROM c;
MOVE FORWARD ALL IN c;
FETCH RELATIVE 0 FROM c;
FETCH ABSOLUTE -3 FROM c;
FETCH LAST FROM c;
:sent
MOVE ABSOLUTE 0 IN c;
FETCH ALL FROM c;
CLOSE c;
:sent
-- the whole of it is there after the transaction, forwards and backwards
DECLARE h SCROLL CURSOR WITH HOLD FOR SELECT n, x.month, x.pay_mode FROM months, LATERAL (SELECT * FROM modes WHERE month = m AND n < 5 OFFSET 0) x;
FETCH 1 FROM h;
COMMIT;
:sent
FETCH ABSOLUTE 12 FROM h;
FETCH BACKWARD 2 FROM h;
MOVE ABSOLUTE 0 IN h;
CREATE FUNCTION pg_temp.held() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  held refcursor := 'h';
  row record;
BEGIN
  LOOP
    FETCH held INTO row;
    EXIT WHEN NOT FOUND;
    RETURN NEXT row::text;
  END LOOP;
END $$;
SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM joined j WHERE j::text = held)) AS same FROM pg_temp.held() held;
CLOSE h;
DROP TABLE joined;
:sent

-- kept rows that do not fit into work_mem: the same rows, the same calls
\! simctl config '{"rows": 3000}'
SET work_mem = '64kB';
SET enable_material = off;
SELECT n, x.c, x.s = y.s AS same_sum
  FROM months, LATERAL (SELECT count(*) AS c, sum(real_total_cost + 0 * n) AS s FROM resources WHERE month = '2023-01' AND n > 0 AND tags IS NOT NULL AND config_desc <> '') x,
       (SELECT sum(real_total_cost) AS s FROM resources WHERE month = '2023-01') y
 WHERE n < 4 ORDER BY n;
:sent
-- read in part, on disk, then continued
\! simctl config '{"rows": 3000}'
SELECT n, x.c FROM months, LATERAL (SELECT count(*) AS c FROM (SELECT config_desc, n FROM resources WHERE month = '2023-01' AND n > 0 LIMIT n * 900 OFFSET 0 * n) y) x WHERE n < 5 ORDER BY n;
:sent
RESET work_mem;
RESET enable_material;
-- every plan of a join gives the same
CREATE FUNCTION pg_temp.joined(hash bool, merge bool, nest bool) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE result bigint;
BEGIN
  PERFORM set_config('enable_hashjoin', hash::text, true), set_config('enable_mergejoin', merge::text, true),
          set_config('enable_nestloop', nest::text, true);
  SELECT count(*) INTO result FROM resources r JOIN resources s ON r.resource_id = s.resource_id
   WHERE r.month = '2023-01' AND s.month = '2023-02';
  RETURN result;
END $$;
SELECT pg_temp.joined(true, false, false) = pg_temp.joined(false, true, false) AS same1,
       pg_temp.joined(true, false, false) = pg_temp.joined(false, false, true) AS same2, pg_temp.joined(true, true, true) > 40 AS some;

SET client_min_messages = warning;
DROP SCHEMA rescan CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
\! simctl reset
