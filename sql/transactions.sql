--
-- Transactions, errors that are caught, materialized views, other statements
-- that read
--
\setenv SIM_CONFIG '{"rows": 40, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA transactions;
SET search_path = transactions, public;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO transactions;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;
ALTER FOREIGN TABLE bill_resource_summary_for_organization RENAME TO resources;
ALTER SERVER sim OPTIONS (ADD max_retries '0');

-- kinds of transaction
BEGIN READ ONLY;
SELECT count(*) FROM modes WHERE month = '2023-04';
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE;
SELECT count(*) FROM modes WHERE month = '2023-04';
COMMIT;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM modes WHERE month = '2023-04';
-- nothing is kept: the next query asks anew
SELECT count(*) FROM modes WHERE month = '2023-04';
COMMIT;
:sent
-- and those that write
CREATE TABLE written (month text, pay_mode text, cost numeric);
BEGIN ISOLATION LEVEL SERIALIZABLE;
INSERT INTO written SELECT month, pay_mode, real_total_cost FROM modes WHERE month = '2023-04';
SELECT count(*), count(*) FILTER (WHERE cost = real_total_cost) AS same FROM written JOIN modes USING (month, pay_mode) WHERE month = '2023-04';
UPDATE written SET cost = 0 FROM modes m WHERE m.month = '2023-05' AND m.pay_mode = written.pay_mode AND m.pay_mode = 'prePay';
COMMIT;
BEGIN ISOLATION LEVEL REPEATABLE READ;
DELETE FROM written USING modes m WHERE m.month = '2023-04' AND m.pay_mode = written.pay_mode AND cost = 0;
SELECT count(*) FROM written;
ROLLBACK;
SELECT count(*) FROM written;
DROP TABLE written;
-- read only means that nothing is written
BEGIN READ ONLY;
CREATE TABLE written AS SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
ROLLBACK;
:sent
-- the API knows no transactions: an error ends only ours
BEGIN;
SELECT count(*) FROM modes WHERE month = '2023-4'; -- ERROR
SELECT count(*) FROM modes WHERE month = '2023-04'; -- ERROR
ROLLBACK;
SELECT count(*) FROM modes WHERE month = '2023-04';
:sent
-- savepoints
BEGIN;
SAVEPOINT a;
SELECT count(*) FROM modes; -- ERROR
ROLLBACK TO a;
SELECT count(*) FROM modes WHERE month = '2023-04';
\! simctl config '{"faults": [{"times": 1, "error": {"code": "InvalidParameter"}}]}'
SELECT count(*) FROM modes WHERE month = '2023-04'; -- ERROR
ROLLBACK TO a;
SELECT count(*) FROM modes WHERE month = '2023-04';
-- a cursor that is open over it goes on
DECLARE c CURSOR FOR SELECT month, pay_mode FROM modes WHERE month IN ('2023-04', '2023-05');
FETCH 1 FROM c;
SAVEPOINT b;
FETCH 1 FROM c;
\! simctl config '{"faults": [{"times": 1, "error": {"code": "InvalidParameter"}}]}'
SELECT count(*) FROM resources WHERE month = '2023-04'; -- ERROR
ROLLBACK TO b;
FETCH ALL FROM c;
COMMIT;
:sent
-- a cursor that fails half-way
BEGIN;
\! simctl config '{"faults": [{"where": {"BeginTime": "2023-04", "EndTime": "2023-04"}, "error": {"code": "InvalidParameter"}}]}'
DECLARE c CURSOR FOR SELECT month, pay_mode FROM modes WHERE month IN ('2023-04', '2023-05');
FETCH 3 FROM c;
SAVEPOINT a;
FETCH 1 FROM c; -- ERROR
ROLLBACK TO a;
FETCH 1 FROM c; -- ERROR
ROLLBACK;
:sent

-- errors that PL/pgSQL catches; later scans work, many times over
DO $$
DECLARE n int; caught int := 0; rows int := 0;
BEGIN
  FOR i IN 1..60 LOOP
    BEGIN
      IF i % 3 = 0 THEN
        SELECT count(*) INTO n FROM modes;
      ELSIF i % 3 = 1 THEN
        SELECT count(*) INTO n FROM modes WHERE month = '2023-04' AND 1 / (length(pay_mode) - 6) > -5;
      ELSE
        SELECT count(*) INTO n FROM modes WHERE month = '2023-04';
        rows := rows + n;
      END IF;
    EXCEPTION WHEN OTHERS THEN
      caught := caught + 1;
    END;
  END LOOP;
  RAISE NOTICE '% caught, % rows', caught, rows;
END $$;
\! simctl bodies | wc -l
:fresh
-- a loop over a scan, with other scans and errors within it
DO $$
DECLARE r record; n int; seen text := '';
BEGIN
  FOR r IN SELECT month, pay_mode FROM modes WHERE month IN ('2023-04', '2023-05') LOOP
    BEGIN
      SELECT count(*) INTO n FROM modes WHERE month = r.month AND 1 / (length(r.pay_mode) - 7) IS NOT NULL;
      seen := seen || n;
    EXCEPTION WHEN division_by_zero THEN
      seen := seen || 'x';
    END;
  END LOOP;
  RAISE NOTICE '%', seen;
END $$;
:sent
-- errors of the API, two blocks deep, while a scan of the same table is open and has pages to come
\! simctl config '{"rows": 200}'
ALTER FOREIGN TABLE resources OPTIONS (ADD page_size '40');
CREATE TABLE april AS SELECT row_number() OVER () AS n, resource_id, real_total_cost FROM resources WHERE month = '2023-04';
SELECT count(*) AS march FROM resources WHERE month = '2023-03' AND business_code = 'p_cvm' \gset
\! simctl reset
\! simctl config '{"rows": 200, "request_id": "counted", "faults": [{"where": {"Month": "2023-05", "Offset": 40}, "error": {"code": "InvalidParameter"}}]}'
CREATE TABLE done (n int, what text);
CREATE FUNCTION deep(march int) RETURNS TABLE (rows int, done bigint) LANGUAGE plpgsql AS $$
DECLARE
  row record;
  i int := 0;
  n int;
BEGIN
  FOR row IN SELECT resource_id, real_total_cost FROM resources WHERE month = '2023-04' LOOP
    i := i + 1;
    CONTINUE WHEN i % 9 <> 0;
    BEGIN
      INSERT INTO done VALUES (i, 'outer');
      BEGIN
        INSERT INTO done VALUES (i, 'inner');
        -- its first page comes, the second one fails
        SELECT count(*) INTO n FROM resources WHERE month = '2023-05';
      EXCEPTION WHEN invalid_parameter_value THEN
        BEGIN
          SELECT count(*) INTO n FROM resources WHERE month = '2023-04' AND 1 / (region_id - region_id) > 0;
        EXCEPTION WHEN division_by_zero THEN
          SELECT count(*) INTO n FROM resources WHERE month = '2023-03' AND business_code = 'p_cvm';
          IF n <> march THEN RAISE 'wrong'; END IF;
          INSERT INTO done VALUES (i, 'handler');
        END;
        IF i % 2 = 0 THEN
          RAISE SQLSTATE 'OUTER';
        END IF;
      END;
    EXCEPTION WHEN SQLSTATE 'OUTER' THEN
      INSERT INTO done VALUES (i, 'undone');
    END;
    -- the row of the open scan is still the row
    IF NOT EXISTS (SELECT FROM april a WHERE a.n = i AND a.resource_id = row.resource_id AND a.real_total_cost = row.real_total_cost) THEN
      RAISE 'wrong row %', i;
    END IF;
  END LOOP;
  RETURN QUERY SELECT i, count(*) FROM done;
END $$;
SELECT * FROM deep(:march);
SELECT what, count(*), min(n), max(n) FROM done GROUP BY 1 ORDER BY 1;
\! simctl bodies | awk -F'"' '{ print $4 }' | sort | uniq -c | sed 's/^ *//'
-- the scan itself fails, on a page that the loop asks for within a block, and the session goes on
\! simctl reset
\! simctl config '{"rows": 200, "request_id": "counted", "faults": [{"where": {"Month": "2023-04", "Offset": 80}, "error": {"code": "InvalidParameter"}}]}'
DO $$
DECLARE
  seen refcursor := 'seen';
  row record;
  i int := 0;
BEGIN
  OPEN seen FOR SELECT resource_id FROM resources WHERE month = '2023-04';
  BEGIN
    LOOP
      FETCH seen INTO row;
      EXIT WHEN NOT FOUND;
      i := i + 1;
    END LOOP;
  EXCEPTION WHEN invalid_parameter_value THEN
    RAISE NOTICE 'after % rows', i;
  END;
  BEGIN
    FETCH seen INTO row;
  EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE '%', SQLERRM;
  END;
  SELECT count(*) INTO i FROM resources WHERE month = '2023-03';
  RAISE NOTICE '% rows', i;
END $$;
ALTER FOREIGN TABLE resources OPTIONS (DROP page_size);
DROP TABLE done;
:fresh
-- rows that are kept for rescans, on disk, outlive a savepoint that they were kept in
\! simctl config '{"rows": 3000}'
SET work_mem = '64kB';
SET enable_material = off;
BEGIN;
DECLARE c NO SCROLL CURSOR FOR SELECT n, x.c, x.s FROM generate_series(1, 4) n,
  LATERAL (SELECT count(*) AS c, sum(real_total_cost) AS s FROM resources WHERE month = '2023-04' AND n > 0 AND tags IS NOT NULL AND config_desc <> '') x;
SAVEPOINT a;
FETCH 1 FROM c \gset first_
SELECT count(*) FROM modes; -- ERROR
ROLLBACK TO a;
FETCH 1 FROM c \gset second_
SAVEPOINT b;
FETCH 1 FROM c \gset third_
ROLLBACK TO b;
RELEASE b;
ROLLBACK TO a;
FETCH 1 FROM c \gset fourth_
COMMIT;
SELECT :first_c > 2000 AS many, :second_c = :first_c AND :second_s = :first_s AS second, :third_c = :first_c AND :third_s = :first_s AS third, :fourth_c = :first_c AND :fourth_s = :first_s AS fourth,
       (SELECT count(*) = :first_c AND sum(real_total_cost) = :first_s FROM resources WHERE month = '2023-04' AND tags IS NOT NULL AND config_desc <> '') AS first;
RESET work_mem;
RESET enable_material;
:sent
-- a cursor that is made to last reads at COMMIT, which fails when that does
BEGIN;
INSERT INTO april VALUES (0);
DECLARE c CURSOR WITH HOLD FOR SELECT month, pay_mode FROM modes WHERE month IN ('2023-04', '2023-05');
FETCH 1 FROM c;
\! simctl config '{"faults": [{"where": {"BeginTime": "2023-04", "EndTime": "2023-04"}, "error": {"code": "InvalidParameter"}}]}'
COMMIT; -- ERROR
FETCH 1 FROM c; -- ERROR
SELECT count(*) FROM april WHERE n = 0;
DROP TABLE april;
:sent

--
-- materialized views: a failing refresh keeps the rows
--
CREATE MATERIALIZED VIEW costs AS
  SELECT month, pay_mode, real_total_cost FROM modes WHERE month IN ('2023-04', '2023-05');
CREATE UNIQUE INDEX ON costs (month, pay_mode);
SELECT count(*), count(DISTINCT month) FROM costs;
CREATE TABLE old AS TABLE costs;
:sent
-- the first month is read, the second one fails
\! simctl config '{"seed": 2, "faults": [{"where": {"BeginTime": "2023-04", "EndTime": "2023-04"}, "error": {"code": "FailedOperation", "message": "No."}}]}'
REFRESH MATERIALIZED VIEW costs; -- ERROR
SELECT count(*) FROM (TABLE costs EXCEPT ALL TABLE old) x;
SELECT count(*) FROM costs;
REFRESH MATERIALIZED VIEW CONCURRENTLY costs; -- ERROR
SELECT count(*) FROM (TABLE costs EXCEPT ALL TABLE old) x;
SELECT count(*) FROM costs;
:sent
-- whatever fails, and wherever in the pages
CREATE MATERIALIZED VIEW bill AS SELECT month, resource_id, business_code, row_number() OVER () AS n, real_total_cost FROM resources WHERE month IN ('2023-04', '2023-05');
CREATE UNIQUE INDEX ON bill (n);
CREATE TABLE old_bill AS TABLE bill;
CREATE VIEW kept AS SELECT (SELECT count(*) FROM bill) AS rows, (SELECT count(*) FROM (TABLE bill EXCEPT ALL TABLE old_bill) x) AS others, (SELECT count(*) FROM (TABLE old_bill EXCEPT ALL TABLE bill) x) AS missing;
ALTER SERVER sim OPTIONS (ADD page_size '20', ADD ready_timeout '0', ADD throttle_timeout '0', ADD request_timeout '1s');
\set refresh 'REFRESH MATERIALIZED VIEW bill; REFRESH MATERIALIZED VIEW CONCURRENTLY bill; TABLE kept;'
\set VERBOSITY sqlstate
\! simctl reset
-- an error on the second page of the first month, and of the second one
\! simctl config '{"rows": 40, "seed": 2, "faults": [{"where": {"Month": "2023-05", "Offset": 20}, "error": {"code": "FailedOperation"}}]}'
:refresh -- ERROR
\! simctl config '{"faults": [{"where": {"Month": "2023-04", "Offset": 20}, "error": {"code": "UnauthorizedOperation"}}]}'
:refresh -- ERROR
-- throttled, overloaded
\! simctl config '{"faults": [{"where": {"Month": "2023-04", "Offset": 20}, "error": {"code": "RequestLimitExceeded"}}]}'
:refresh -- ERROR
\! simctl config '{"faults": [{"where": {"Offset": 20}, "http_status": 502}]}'
:refresh -- ERROR
-- a connection that breaks, and one that hangs
\! simctl config '{"faults": [{"where": {"Month": "2023-04", "Offset": 20}, "reset": true}]}'
:refresh -- ERROR
\! simctl config '{"faults": [{"where": {"Month": "2023-04", "Offset": 20}, "stall": "body"}]}'
:refresh -- ERROR
-- half an answer, the same page again, a total that changes on the way
\! simctl config '{"faults": [{"where": {"Month": "2023-04", "Offset": 20}, "truncate": 1000}]}'
:refresh -- ERROR
\! simctl config '{"faults": [{"where": {"Month": "2023-04", "Offset": 20}, "repeat_page": true}]}'
:refresh -- ERROR
\! simctl config '{"faults": [{"total_drift": 1}]}'
:refresh -- ERROR
-- a bill that is not ready, from the start and from the second month on
\! simctl config '{"faults": [{"not_ready": true}]}'
:refresh -- ERROR
\! simctl config '{"faults": [{"where": {"Month": "2023-04"}, "not_ready": true}]}'
:refresh -- ERROR
-- nobody is there, or a key that is none
ALTER SERVER sim OPTIONS (SET endpoint 'http://127.0.0.1:1');
:refresh -- ERROR
ALTER SERVER sim OPTIONS (SET endpoint :'sim');
\! simctl config '{"faults": []}'
ALTER USER MAPPING FOR CURRENT_USER SERVER sim OPTIONS (SET secret_key 'wrong');
:refresh -- ERROR
ALTER USER MAPPING FOR CURRENT_USER SERVER sim OPTIONS (SET secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
-- canceled on the way
\! simctl config '{"faults": [{"where": {"Month": "2023-04", "Offset": 20}, "stall": "headers"}]}'
SET statement_timeout = '300ms';
:refresh -- ERROR
RESET statement_timeout;
-- and nothing fails: other rows
\! simctl config '{"faults": []}'
:refresh
\set VERBOSITY default
ALTER SERVER sim OPTIONS (DROP page_size, DROP ready_timeout, DROP throttle_timeout, DROP request_timeout);
:fresh
-- then it works again, both ways
\! simctl config '{"seed": 2}'
REFRESH MATERIALIZED VIEW CONCURRENTLY costs;
SELECT count(*), count(*) FILTER (WHERE c.real_total_cost <> o.real_total_cost) AS changed FROM costs c JOIN old o USING (month, pay_mode);
\! simctl config '{"seed": 1}'
REFRESH MATERIALIZED VIEW costs;
SELECT count(*) FROM (TABLE costs EXCEPT ALL TABLE old) x;
REFRESH MATERIALIZED VIEW costs WITH NO DATA;
REFRESH MATERIALIZED VIEW costs;
SELECT count(*) FROM (TABLE costs EXCEPT ALL TABLE old) x;
:sent
-- a view without its condition is refused when it is made
CREATE MATERIALIZED VIEW all_costs AS SELECT * FROM modes; -- ERROR
CREATE MATERIALIZED VIEW all_costs AS SELECT * FROM modes WITH NO DATA;
REFRESH MATERIALIZED VIEW all_costs; -- ERROR
SELECT * FROM all_costs; -- ERROR
:sent

--
-- other statements that read
--
CREATE TABLE copy (month text, pay_mode text, cost numeric);
INSERT INTO copy SELECT month, pay_mode, real_total_cost FROM modes WHERE month = '2023-04';
UPDATE copy SET cost = 0 FROM modes m WHERE m.month = '2023-04' AND m.pay_mode = copy.pay_mode AND m.pay_mode <> 'riPay';
DELETE FROM copy USING modes m WHERE m.month = '2023-04' AND m.pay_mode = copy.pay_mode AND copy.pay_mode = 'riPay';
MERGE INTO copy USING (SELECT * FROM modes WHERE month = '2023-05') m ON m.pay_mode = copy.pay_mode
  WHEN MATCHED THEN UPDATE SET month = m.month WHEN NOT MATCHED THEN INSERT VALUES (m.month, m.pay_mode, 1);
SELECT month, pay_mode, cost FROM copy ORDER BY 2;
COPY (SELECT pay_mode FROM modes WHERE month = '2023-04') TO STDOUT;
:sent
\! simctl config '{"faults": [{"where": {"BeginTime": "2023-04", "EndTime": "2023-04"}, "error": {"code": "FailedOperation", "message": "No."}}]}'
INSERT INTO copy SELECT month, pay_mode, 0 FROM modes WHERE month IN ('2023-04', '2023-05'); -- ERROR
SELECT count(*) FROM copy;
:sent
SELECT pay_mode FROM modes WHERE month = '2023-04' FOR UPDATE;
SELECT tableoid::regclass, pay_mode FROM modes WHERE month = '2023-04' LIMIT 1;
:sent

SET client_min_messages = warning;
\! simctl reset
DROP SCHEMA transactions CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
