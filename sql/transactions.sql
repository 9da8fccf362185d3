--
-- Transactions, errors that are caught, materialized views, other statements
-- that read
--
\getenv sim BILLING_SIM_URL
\! simctl reset
\! simctl config '{"rows": 40, "request_id": "counted"}'
\set sent '\\! simctl bodies; simctl reset; simctl config \'{"rows": 40, "request_id": "counted"}\''

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint :'sim');
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
\! simctl reset
\! simctl config '{"rows": 40, "request_id": "counted"}'
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
